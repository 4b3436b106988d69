"""In a real browser: something urgent at a counter on a Friday afternoon, until somebody has taken it by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.database import read_transaction, write_transaction
from app.wiring import the_kit
from cases.actions.record_contact import record_contact
from cases.models.staff import Role
from cases.models.urgent import UrgentHandover
from tests.app.conftest import StandingClock, clock, make_app, password_hash, quick_hashes, settings
from tests.app.desk.conftest import Hire, app, hire
from tests.app.doors import PASSWORD
from tests.cases.contacts import contact, matter
from tests.journeys.test_telephone import focused, press, tab_to

__all__ = ["app", "clock", "hire", "make_app", "password_hash", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]
HOMELESS = "Homeless with kids, nowhere to sleep tonight"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


@pytest.fixture
def counter(hire: Hire, clock: StandingClock) -> str:
    """Winston at Mansfield's counter, a quarter to five on a Friday; and Grace, who supervises. Their addresses."""
    clock.time = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)
    hire(Role.COUNTER, email="winston@example.org", office_slug="mansfield-civic-centre")
    hire(Role.SUPERVISOR, email="grace@example.org")
    return "winston@example.org"


def sign_in(page: Page, site: str, email: str, then: str) -> None:
    page.goto(f"{site}/staff/sign-in?next={then}")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    page.wait_for_url(f"{site}{then}")


def taken_by(app: Flask) -> list[str | None]:
    with app.app_context(), read_transaction() as session:
        return [row.taken_by for row in session.query(UrgentHandover)]


def test_homeless_family_at_a_counter_ends_with_a_name_by_keyboard(
    page: Page, axe: Axe, site: str, app: Flask, counter: str
) -> None:
    sign_in(page, site, counter, "/staff/counter")
    page.locator("#find[role=combobox][aria-keyshortcuts]").wait_for()
    press(page, "Alt+t")
    page.keyboard.type(HOMELESS)
    expect(page.locator("#m1-answer")).to_contain_text("Danger.")
    expect(page.locator("#m1-answer")).to_contain_text("Mansfield District Council")
    press(page, "Alt+s")
    page.wait_for_url("**/staff/urgent/*")
    axe(page)
    expect(page.get_by_role("link", name="01623 463121")).to_be_visible()
    expect(page.get_by_text("until 17:00, then ring")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Something confidential, since 4:45pm")
    assert focused(page) == "taken_by"
    press(page, "Alt+s")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter the name of the person who took it")
    axe(page)
    tab_to(page, "taken_by")
    page.keyboard.type("Pat Duty")
    press(page, "Tab")
    page.keyboard.type("Sees them at the desk")
    press(page, "Alt+s")
    page.wait_for_url("**/counter/saved/*")
    axe(page)
    expect(page.get_by_text("Taken by Pat Duty.").first).to_be_visible()
    assert page.locator(".shirehall-urgent").count() == 0
    assert taken_by(app) == ["Pat Duty"]


def test_strip_turns_red_at_the_supervisor_while_she_types_and_leaves_her_in_the_field(
    page: Page, axe: Axe, site: str, app: Flask, counter: str, clock: StandingClock
) -> None:
    page.clock.install()
    sign_in(page, site, "grace@example.org", "/staff/find")
    page.locator("body.js-enabled").wait_for()
    field = page.locator("main input[type=text], main input[type=search]").first
    field.fill("pothole on")
    with app.app_context(), write_transaction() as session:
        given = contact(matter(None, text=HOMELESS, place=None), person=None, received_at=clock.now())
        record_contact(session, the_kit(), given, now=clock.now())
    page.clock.fast_forward(16_000)
    expect(page.get_by_role("alert")).to_contain_text("Urgent, and nobody has taken it")
    expect(field).to_be_focused()
    expect(field).to_have_value("pothole on")
    axe(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_narrow_and_wide(browser: Browser, site: str, counter: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, counter, "/staff/counter")
    page.get_by_label("What they say").fill(HOMELESS)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/staff/urgent/*")
    for path in (page.url, f"{site}/staff/urgent", f"{site}/staff/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.get_by_text("Urgent, and nobody has taken it").first).to_be_visible()
    context.close()
