"""In a real browser: a report is worked, handed over, closed and followed, by keyboard and without scripts too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.app.casework.conftest import ASHFIELD, NewCase, SignedIn, app, new_case, officer
from tests.app.conftest import clock, make_app, password_hash, quick_hashes, settings
from tests.app.doors import PASSWORD

__all__ = ["app", "clock", "make_app", "new_case", "officer", "password_hash", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/staff/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_an_officer_works_a_case_from_the_queue_to_its_end(
    page: Page, axe: Axe, site: str, officer: SignedIn, new_case: NewCase
) -> None:
    officer(name="Ada Officer")
    case = new_case()
    sign_in(page, site, "ada.officer@example.org")
    axe(page)
    page.get_by_role("link", name="Nottinghamshire County: Highways", exact=True).click()
    axe(page)
    page.get_by_role("link", name=re.compile(r"^\d{4}-\d{4}-\d{2}$")).click()
    axe(page)
    page.keyboard.press("Alt+t")
    expect(page.get_by_text("You have taken this case.")).to_be_visible()
    page.keyboard.press("Alt+n")
    page.keyboard.type("Rang the contractor")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".moj-timeline")).to_contain_text("Rang the contractor")
    page.get_by_label("Message to the customer").fill("We come on Friday")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("Your message is on its way.")).to_be_visible()
    page.get_by_role("link", name="Close").or_(page.get_by_role("button", name="Close")).first.click()
    axe(page)
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how it ended")
    axe(page)
    page.get_by_label("Done").check()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("The case is closed.")).to_be_visible()
    axe(page)
    assert case.reference[:4] in page.content()


def test_a_case_is_handed_over_by_typing_the_council(
    page: Page, axe: Axe, site: str, officer: SignedIn, new_case: NewCase
) -> None:
    officer(name="Ada Officer")
    case = new_case()
    sign_in(page, site, "ada.officer@example.org")
    page.goto(f"{site}{case.path}/hand-over")
    axe(page)
    page.locator("#queue").first.press_sequentially("ashfield street")
    page.get_by_role("option", name="Ashfield: Street scene").click()
    page.get_by_label("It is another council’s job").check()
    page.get_by_label("What should they know?").fill("It is your car park")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("The case has been handed over.")).to_be_visible()
    page.goto(f"{site}/staff/handed-over")
    axe(page)
    expect(page.locator("tbody")).to_contain_text("Ashfield District Council")


def test_what_was_typed_is_still_there_when_somebody_else_was_first(
    page: Page, axe: Axe, browser: Browser, site: str, officer: SignedIn, new_case: NewCase
) -> None:
    officer(name="Ada Officer")
    officer(name="Ben Officer")
    case = new_case()
    sign_in(page, site, "ada.officer@example.org")
    page.goto(site + case.path)
    page.get_by_label("Note").fill("Mine is longer")
    context = browser.new_context()
    other = context.new_page()
    sign_in(other, site, "ben.officer@example.org")
    other.goto(site + case.path)
    other.get_by_role("button", name="Take this case").click()
    context.close()
    page.get_by_role("button", name="Save note").click()
    assert heading(page) == "This case has changed"
    axe(page)
    expect(page.get_by_label("Note")).to_have_value("Mine is longer")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Your note has been added.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_follows_a_case_without_scripts(
    browser: Browser, axe: Axe, site: str, new_case: NewCase, officer: SignedIn, width: int
) -> None:
    case = new_case()
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/track")
    page.get_by_label("Reference").fill(f"{case.reference[:4]} {case.reference[4:]}")
    page.get_by_label("PIN").fill("000000" if case.pin != "000000" else "111111")
    page.get_by_role("button", name="See how it stands").click()
    expect(page.get_by_role("alert")).to_contain_text("Check both and try again")
    page.get_by_label("PIN").fill(case.pin or "")
    page.get_by_role("button", name="See how it stands").click()
    assert page.url == f"{site}/track/case"
    assert heading(page) == "Pothole or broken road surface"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Leave this page").click()
    page.go_back()
    page.reload()
    assert page.url == f"{site}/track"
    context.close()


def test_the_tracking_pages_are_accessible(page: Page, axe: Axe, site: str, new_case: NewCase) -> None:
    case = new_case()
    for path in ("/track", "/track/text-me-a-code"):
        page.goto(site + path)
        axe(page)
    page.get_by_label("Reference").fill(case.reference)
    page.get_by_role("button", name="Text me a code").click()
    axe(page)
    page.goto(f"{site}/track")
    page.get_by_label("Reference").fill(case.reference)
    page.get_by_label("PIN").fill(case.pin or "")
    page.get_by_role("button", name="See how it stands").click()
    axe(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_staff_pages_fit_the_screen(
    page: Page, axe: Axe, site: str, officer: SignedIn, new_case: NewCase, width: int
) -> None:
    officer(ASHFIELD, name="Ben Officer")
    case = new_case("homelessness", text="I have nowhere to go tonight " * 20)
    sign_in(page, site, "ben.officer@example.org")
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/staff/", "/staff/queues", "/staff/queues/ashfield-housing-options", case.path, f"{case.path}/close",
                 f"{case.path}/hand-over", "/staff/handed-over", "/staff/find?q=mary"):  # fmt: skip
        page.goto(site + path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
