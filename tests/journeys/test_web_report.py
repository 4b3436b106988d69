"""In a real browser: a pothole in Hucknall reported by web, with scripts and without, on a wide and a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.app.citizen.conftest import app
from tests.app.citizen.visiting import BOLSOVER, HUCKNALL, cases_in
from tests.app.conftest import clock, make_app, quick_hashes, settings

__all__ = ["app", "clock", "make_app", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A browser whose scripts are off."""
    context = browser.new_context(viewport=NARROW, locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"


def report_pothole(page: Page, site: str, look: Callable[[Page], None]) -> None:
    """From the first page to the confirmation; ``look`` is called on every page that is met."""

    def go_on(name: str = "Continue") -> None:
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()
        look(page)

    page.goto(site)
    look(page)
    page.get_by_label("What do you need help with?").fill("hole in the road")
    go_on("Search")
    page.get_by_role("link", name="Pothole or broken road surface").first.click()
    look(page)
    go_on("Start")
    go_on()
    expect(page.get_by_role("link", name="Choose an answer")).to_be_visible()
    page.get_by_label("No", exact=True).check()
    go_on()
    page.get_by_label("Street, road or what it is near").fill("Annesley Road")
    page.get_by_label("Postcode, if you know it").fill(HUCKNALL)
    go_on()
    expect(page.locator("main")).to_contain_text("in Ashfield are looked after by Nottinghamshire County Council")
    go_on()
    for label in ("A street, lane or any other road", "Bigger than a dinner plate", "I do not know"):
        page.get_by_label(label).check()
        go_on()
    page.get_by_label("At the edge of the road").check()
    go_on()
    page.get_by_label("Yes, it is dangerous now").check()
    go_on()
    expect(page.get_by_role("heading", level=1)).to_have_text("If anybody is in danger now")
    go_on("I have read this: continue")
    page.get_by_label("What is it near?").fill("Outside the Co-op 🛒")
    go_on()
    page.get_by_label("Yes", exact=True).check()
    go_on()
    page.get_by_label("Your name").fill("Jo Example")
    page.get_by_label("Phone number").fill("07700 900123")
    go_on()
    page.get_by_label("Text messages to 07700 900123").check()
    go_on()
    page.get_by_role("link", name=re.compile("Change.*how big is it", re.IGNORECASE)).click()
    page.get_by_label("About as big as a dinner plate").check()
    go_on()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you told us")
    go_on("Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent")
    expect(page.locator(".shirehall-reference")).to_have_text(re.compile(r"^[46]\d{3}-\d{4}-\d{2}$"))
    expect(page.locator(".shirehall-pin")).to_have_text(re.compile(r"^\d{6}$"))


def assert_in_county_queue(app: Flask) -> None:
    ((case, queue),) = cases_in(app)
    assert queue == "nottinghamshire-highways"
    assert case.is_urgent
    assert case.answers["pothole-size"] == "medium"


def test_pothole_is_reported_and_every_page_is_accessible(app: Flask, page: Page, axe: Axe, site: str) -> None:
    report_pothole(page, site, axe)
    assert_in_county_queue(app)
    page.go_back()
    page.wait_for_url("**/sent")
    expect(page.locator(".shirehall-pin")).to_have_count(0)
    axe(page)


def test_pothole_is_reported_on_a_phone(app: Flask, page: Page, site: str) -> None:
    page.set_viewport_size(NARROW)
    report_pothole(page, site, fits)
    assert_in_county_queue(app)


def test_pothole_is_reported_with_scripts_off(app: Flask, plain_page: Page, site: str) -> None:
    report_pothole(plain_page, site, lambda page: None)
    assert_in_county_queue(app)


def test_words_typed_in_the_search_box_bring_up_services(page: Page, axe: Axe, site: str) -> None:
    page.goto(site)
    page.get_by_label("What do you need help with?").press_sequentially("missed b", delay=30)
    page.get_by_role("region", name="Suggestions").get_by_role("link", name="Missed bin collection").wait_for()
    axe(page)
    page.get_by_role("link", name="Missed bin collection").last.click()
    page.wait_for_url("**/report/missed-bin")


@pytest.mark.parametrize(
    "path",
    [
        "/report",
        "/report?q=smell+of+gas",
        "/report?q=qwertyuiop",
        "/report/a-to-z",
        "/report/topics/housing",
        "/report/domestic-abuse",
        "/report/council-tax-bill-query",
        "/report/no-such-thing",
        "/report/other",
        "/find-your-council",
    ],
)
def test_public_page_is_accessible_and_fits_a_phone(page: Page, axe: Axe, site: str, path: str) -> None:
    page.goto(site + path)
    axe(page)
    page.set_viewport_size(NARROW)
    axe(page)
    fits(page)


@pytest.mark.parametrize("postcode", [HUCKNALL, BOLSOVER])
def test_who_does_what_is_accessible_and_fits_a_phone(page: Page, axe: Axe, site: str, postcode: str) -> None:
    page.goto(site + "/find-your-council")
    page.get_by_label("Postcode").fill(postcode)
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_text(postcode).first.wait_for()
    axe(page)
    page.set_viewport_size(NARROW)
    axe(page)
    fits(page)


def test_private_help_can_be_left_at_once(page: Page, axe: Axe, site: str) -> None:
    page.goto(site + "/report/domestic-abuse")
    page.get_by_role("button", name="Start").click()
    axe(page)
    assert "/report/private/" in page.url
    expect(page).to_have_title(re.compile("^Private help"))
    expect(page.get_by_role("button", name="Exit this page").first).to_have_attribute("href", re.compile("^https://"))
