"""In a real browser: the front desk settles by single keys; a hand-over is refused, then accepted, by keyboard."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.database import write_transaction
from cases.models.case import Case
from cases.models.staff import Role
from tests.app.casework.conftest import ASHFIELD, NewCase, SignedIn, app, new_case, officer
from tests.app.casework.pages import send
from tests.app.conftest import clock, make_app, password_hash, quick_hashes, settings
from tests.journeys.test_casework import Axe, sign_in, site

__all__ = ["app", "clock", "make_app", "new_case", "officer", "password_hash", "quick_hashes", "settings", "site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_the_front_desk_settles_three_cases_by_three_keys(
    page: Page, axe: Axe, site: str, officer: SignedIn, new_case: NewCase
) -> None:
    officer(None, role=Role.AGENT, name="Dee Desk")
    said = ("it is about the matter we discussed", "that thing we spoke of happened once more", "blorple has quendor")
    for text in said:
        new_case(None, text=text, council=None)
    sign_in(page, site, "dee.desk@example.org")
    page.get_by_role("link", name="Settle what a case is about").click()
    axe(page)
    expect(page.get_by_text("it is about the matter we discussed")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_text("that thing we spoke of happened once more")).to_be_visible()
    page.get_by_role("button", name="Switch off the keys").click()
    page.keyboard.press("n")
    page.get_by_role("button", name="Switch on the keys").click()
    page.keyboard.press("l")
    expect(page.get_by_text("blorple has quendor")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    axe(page)
    page.keyboard.press("n")
    expect(page.get_by_text("Closed: nothing was asked for.")).to_be_visible()


def test_a_council_refuses_a_hand_over_and_another_colleague_accepts_the_next(
    page: Page, axe: Axe, site: str, app: Flask, officer: SignedIn, new_case: NewCase
) -> None:
    case, county = new_case(), officer()
    with app.app_context(), write_transaction() as session:
        session.get_one(Case, case.id).is_urgent = False
    officer(ASHFIELD, name="Ben Officer")
    yours = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "It is a car park of yours"}
    send(county, case.path, "/hand-over", f"{case.path}/hand-over", **yours)
    sign_in(page, site, "ben.officer@example.org")
    page.get_by_role("link", name="Hand-overs to accept or refuse").click()
    axe(page)
    page.goto(f"{site}{case.path}")
    axe(page)
    page.keyboard.press("Alt+r")
    page.get_by_label("The place is not in our area").check()
    page.get_by_label("What should they know?").fill("The car park is private")
    axe(page)
    page.get_by_role("button", name="Refuse the case").click()
    expect(page.get_by_text("Refused: the case has gone back.")).to_be_visible()
    send(county, case.path, "/hand-over", f"{case.path}/hand-over", **yours)
    page.goto(f"{site}{case.path}")
    page.keyboard.press("Alt+a")
    expect(page.get_by_text("Accepted: the case is your council’s.")).to_be_visible()
