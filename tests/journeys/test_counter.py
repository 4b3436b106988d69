"""In a real browser: a customer served at a counter by keyboard, and the slip that is printed for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from cases.models.staff import Role
from tests.app.conftest import clock, make_app, password_hash, quick_hashes, settings
from tests.app.desk.conftest import Hire, app, hire
from tests.app.desk.form import Desk
from tests.journeys.test_telephone import press, sign_in, tab_to

__all__ = ["app", "clock", "hire", "make_app", "password_hash", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


@pytest.fixture
def counter(hire: Hire) -> Desk:
    return hire(Role.COUNTER)


def test_customer_at_the_counter_leaves_with_a_slip(page: Page, axe: Axe, site: str, counter: Desk) -> None:
    sign_in(page, site, "/staff/counter")
    axe(page)
    press(page, "Alt+t")
    page.keyboard.type("Missed bin")
    press(page, "Alt+w")
    page.keyboard.type("NG18 1NG")
    expect(page.locator("#m1-answer")).to_contain_text("Mansfield District Council")
    press(page, "Alt+s")
    expect(page.get_by_role("alert")).to_contain_text("Choose the office you are at")
    axe(page)
    press(page, "Tab", "Enter")
    expect(page.get_by_label("Your office")).to_be_focused()
    press(page, "ArrowDown", "Alt+s")
    page.wait_for_url("**/counter/saved/*")
    axe(page)
    reference = page.locator("dd.shirehall-reference").inner_text()
    pin = page.locator("dd.shirehall-pin").inner_text()
    press(page, "Tab", "Enter")
    page.wait_for_url("**/counter/slip/*")
    axe(page)
    expect(page.locator(".shirehall-slip__reference")).to_have_text(reference)
    expect(page.locator(".shirehall-slip__pin")).to_have_text(pin)
    page.emulate_media(media="print")
    expect(page.locator(".shirehall-slip")).to_be_visible()
    expect(page.get_by_role("heading", name="Slip to print")).to_be_hidden()
    expect(page.locator("header.shirehall-header")).to_be_hidden()
    page.emulate_media(media="screen")
    press(page, "Alt+s")
    page.wait_for_url("**/staff/counter")
    tab_to(page, "m1-text")
    [case] = counter.cases()
    assert case.queue.slug == "mansfield-waste"


def test_slip_fits_a_narrow_screen(page: Page, site: str, counter: Desk) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, site, "/staff/counter")
    page.get_by_label("Your office").select_option(index=1)
    page.get_by_label("What they say").fill("Big pothole")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/counter/saved/*")
    page.get_by_role("button", name="Slip to print").click()
    page.wait_for_url("**/counter/slip/*")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
