"""In a real browser: an administrator rehearses a reorganisation, gives it its day and calls it off, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from cases.models.staff import Role
from tests.app.casework.conftest import NewCase, SignedIn, app, new_case, officer
from tests.app.conftest import clock, make_app, password_hash, quick_hashes, settings
from tests.journeys.test_casework import sign_in

__all__ = ["app", "clock", "make_app", "new_case", "officer", "password_hash", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


def test_a_plan_is_rehearsed_given_its_day_and_called_off(
    page: Page, axe: Axe, site: str, officer: SignedIn, new_case: NewCase
) -> None:
    officer(None, role=Role.ADMINISTRATOR, name="Chief Example")
    new_case()
    new_case("missed-bin", council=None)
    sign_in(page, site, "chief.example@example.org")
    page.get_by_role("link", name="Reorganisation").first.click()
    axe(page)
    page.get_by_role("link", name="proposal 1e").click()
    expect(page.get_by_text("2 of 2 would move")).to_be_visible()
    axe(page)
    page.set_viewport_size({"width": 360, "height": 800})
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "nothing hangs over at the side"
    page.get_by_role("button", name="Plan it for this day").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    axe(page)
    page.get_by_role("link", name="Say why, for whoever looks back at this").click()
    page.keyboard.type("The order was made")
    page.get_by_label("I have checked the plan").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Plan it for this day").press("Enter")
    expect(page.get_by_text("The plan takes effect at midnight")).to_be_visible()
    axe(page)
    page.get_by_label("Why").fill("It was quashed")
    page.get_by_role("button", name="Call the plan off").press("Enter")
    expect(page.get_by_text("Nothing had moved")).to_be_visible()
    axe(page)
