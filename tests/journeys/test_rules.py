"""In a real browser: an administrator changes who does what by keyboard, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.app.administration.conftest import Administrator, administrator
from tests.app.casework.conftest import NewCase, app, new_case
from tests.app.conftest import clock, make_app, password_hash, quick_hashes, settings
from tests.app.doors import PASSWORD

__all__ = ["administrator", "app", "clock", "make_app", "new_case", "password_hash", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/staff/sign-in")
    page.get_by_label("Email address").fill("ada.admin@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def type_day(page: Page, legend: str, day: str) -> None:
    group = page.get_by_role("group", name=legend)
    for label, part in zip(("Day", "Month", "Year"), day.split(), strict=True):
        group.get_by_label(label).fill(part)


def test_an_administrator_moves_a_service_to_another_council_and_sees_it_first(
    page: Page, axe: Axe, site: str, administrator: Administrator, new_case: NewCase
) -> None:
    administrator()
    case = new_case()
    sign_in(page, site)
    page.get_by_role("link", name="Who does what").first.click()
    axe(page)
    page.get_by_role("link", name="All services").click()
    page.wait_for_url("**/rules/services")  # its keys work once it has loaded
    page.keyboard.press("Alt+f")
    page.keyboard.type("pothole")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services?q=pothole")
    axe(page)
    page.get_by_role("link", name="Pothole or broken road surface").click()
    axe(page)
    page.get_by_role("link", name="Add an agreement about this service").click()
    page.get_by_label("Short name").fill("Potholes by Ashfield")
    page.get_by_label("Ashfield District Council").check()
    page.get_by_label("Who does it there?").select_option(label="The district council of the place")
    type_day(page, "First day", "1 4 2027")
    page.get_by_label("What the public is told").fill("In Ashfield the district council mends potholes.")
    page.get_by_role("button", name="See what that would change").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say where it is written down")
    axe(page)
    page.get_by_label("Where it is written down").fill("The agreement of October 2026")
    page.get_by_role("button", name="See what that would change").press("Enter")
    expect(page.get_by_text("Tried on last month’s cases")).to_be_visible()
    axe(page)
    expect(page.locator("main")).to_contain_text(case.reference[:4])
    page.get_by_label("Why is it changed?").fill("Agreed in October")
    page.get_by_role("button", name="Put in force").press("Enter")
    expect(page.get_by_text("The change is in force.")).to_be_visible()
    axe(page)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/services",
        "/services/tree-problem",
        "/services/tree-problem/change",
        "/agreements/on-street-parking-permits",
        "/agreements/on-street-parking-permits/change",
    ],
)
def test_pages_fit_a_narrow_screen(page: Page, axe: Axe, site: str, administrator: Administrator, path: str) -> None:
    administrator()
    sign_in(page, site)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"{site}/staff/rules{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    axe(page)
