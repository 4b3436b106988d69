"""In a real browser: calls taken by keyboard alone, without a script, and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.app.conftest import clock, make_app, password_hash, quick_hashes, settings
from tests.app.desk.conftest import Hire, app, hire
from tests.app.desk.form import HUCKNALL, JO, POTHOLE, Desk
from tests.app.doors import PASSWORD

__all__ = ["app", "clock", "hire", "make_app", "password_hash", "quick_hashes", "settings"]
pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]
IS_ON_TOP = """() => {
  const it = document.activeElement
  const box = it.getBoundingClientRect()
  const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 12))
  const own = [it, ...(it.labels ?? [])]
  return [it.id || it.name || it.textContent.trim(), !!top && own.some((one) => one.contains(top) || top.contains(one))]
}"""


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def site(serve: Callable[[Flask], str], app: Flask) -> str:
    return serve(app)


@pytest.fixture
def agent(hire: Hire) -> Desk:
    return hire()


def sign_in(page: Page, site: str, then: str = "/staff/telephone") -> None:
    page.goto(f"{site}/staff/sign-in?next={then}")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    page.wait_for_url(f"{site}{then}")
    if has_script(page):
        page.locator("#find[role=combobox][aria-keyshortcuts]").wait_for()


def has_script(page: Page) -> bool:
    return page.locator("body.js-enabled").count() > 0


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    """The id or name of what has the focus."""
    found: str = page.evaluate(
        "document.activeElement.id || document.activeElement.name || document.activeElement.value"
    )
    return found


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Tab until the field (by id or name) or the button (by value's beginning) has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.id, document.activeElement.name, document.activeElement.value]")
        if name in at[:2] or str(at[2] or "").startswith(name):
            return
    raise AssertionError(f"{name} was not reached by the keyboard")


def choose(page: Page, question: str, down: int) -> None:
    """The choice ``down`` places below the first of one of the service's questions."""
    tab_to(page, f"m1-q-{question}")
    press(page, "Space", *["ArrowDown"] * down)


def test_a_call_is_taken_from_start_to_end_without_the_mouse(page: Page, axe: Axe, site: str, agent: Desk) -> None:
    sign_in(page, site)
    assert focused(page) == "find"
    axe(page)
    page.keyboard.type("07700 900123")
    expect(page.get_by_text("Nobody found: take their details below")).to_be_visible()
    axe(page)
    press(page, "Alt+n")
    page.keyboard.type("Jo Sample")
    press(page, "Tab")
    page.keyboard.type("07700 900123")
    tab_to(page, "safe")
    press(page, "Space", "Alt+q")
    page.keyboard.type("hole in the ro")
    expect(page.get_by_role("option", name="Pothole")).to_be_visible()
    axe(page)
    press(page, "ArrowDown", "Enter")
    expect(page.get_by_label("What is it about?")).to_have_value("Pothole or broken road surface")
    expect(page.get_by_label("Where is the pothole?")).to_be_visible()
    press(page, "Alt+w")
    page.keyboard.type(f"Watnall Road, Hucknall {HUCKNALL}")
    answer = page.locator("#m1-answer")
    expect(answer).to_contain_text("Nottinghamshire County Council")
    expect(answer).to_contain_text("Roads, pavements and street lights in Ashfield are looked after by")
    axe(page)
    press(page, "Alt+t")
    page.keyboard.type("Large pothole by the Co-op")
    for question, down in (("road-kind", 0), ("pothole-size", 2), ("pothole-depth", 1), ("road-position", 0)):
        choose(page, question, down)
    choose(page, "traffic-swerving", 1)
    press(page, "Alt+s")
    page.wait_for_url("**/saved/*")
    axe(page)
    assert page.evaluate("document.activeElement.textContent").strip() == "Next call"
    expect(page.get_by_text("PIN", exact=True)).to_be_visible()
    press(page, "Enter")
    page.wait_for_url(f"{site}/staff/telephone")
    assert focused(page) == "find"
    [case] = agent.cases()
    assert case.queue.slug == "nottinghamshire-highways"
    assert case.answers["pothole-size"] == "large"
    assert agent.messages == 1


def test_a_chaser_is_added_to_its_case_without_the_mouse(page: Page, axe: Axe, site: str, agent: Desk) -> None:
    agent.save(POTHOLE, JO, safe="text")
    sign_in(page, site)
    page.keyboard.type("07700 9001")
    expect(page.get_by_role("option", name="Jo Sample")).to_be_visible()
    press(page, "ArrowDown", "Enter")
    expect(page.get_by_role("heading", name="Open cases")).to_be_visible()
    axe(page)
    assert focused(page) == "caller-name"
    assert page.get_by_label("Text message").is_checked()
    tab_to(page, "join-1-")
    press(page, "Enter")
    expect(page.locator("#m1-answer")).to_contain_text("Adds to")
    assert focused(page) == "m1-text"
    axe(page)
    page.keyboard.type("When will the pothole be mended")
    press(page, "Alt+s")
    page.wait_for_url("**/saved/*")
    axe(page)
    [case] = agent.cases()
    assert case.events[-1].data == {"chaser": True}


def test_two_questions_and_danger_are_answered_while_typing(page: Page, axe: Axe, site: str, agent: Desk) -> None:
    sign_in(page, site)
    press(page, "Alt+t")
    page.keyboard.type("Big pothole")
    press(page, "Alt+w")
    page.keyboard.type(HUCKNALL)
    expect(page.locator("#m1-answer")).to_contain_text("Nottinghamshire County Council")
    press(page, "Alt+a")
    expect(page.locator("#m2-about")).to_be_focused()
    press(page, "Alt+t")
    assert focused(page) == "m2-text"
    page.keyboard.type("I can smell gas")
    expect(page.locator("#m2-answer")).to_contain_text("Danger.")
    axe(page)
    press(page, "Alt+s")
    page.wait_for_url("**/staff/urgent/*")
    axe(page)
    assert focused(page) == "taken_by"
    page.keyboard.type("Gas emergency line, Sam")
    press(page, "Alt+s")
    page.wait_for_url("**/saved/*")
    axe(page)
    assert [case.is_urgent for case in agent.cases()] == [False, True]


def test_enter_in_the_middle_of_a_call_saves_nothing(page: Page, site: str, agent: Desk) -> None:
    sign_in(page, site)
    press(page, "Alt+n")
    page.keyboard.type("Jo Sample")
    press(page, "Enter", "Alt+w")
    page.keyboard.type(HUCKNALL)
    press(page, "Enter")
    expect(page.locator("#name")).to_have_value("Jo Sample")
    assert agent.contacts == 0


def test_mistake_comes_back_with_everything_and_its_field_in_reach(
    page: Page, axe: Axe, site: str, agent: Desk
) -> None:
    sign_in(page, site)
    press(page, "Alt+n")
    page.keyboard.type("Jo Sample")
    press(page, "Tab")
    page.keyboard.type("12")
    press(page, "Alt+t")
    page.keyboard.type("A pothole")
    press(page, "Alt+s")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    axe(page)
    press(page, "Tab", "Enter")
    assert focused(page) == "phone"
    expect(page.locator("#name")).to_have_value("Jo Sample")
    expect(page.get_by_label("What they say")).to_have_value("A pothole")


def test_whatever_has_the_focus_can_be_seen(page: Page, site: str, agent: Desk) -> None:
    sign_in(page, site)
    press(page, "Alt+t")
    page.keyboard.type("Big pothole")
    expect(page.locator("#m1-questions")).to_contain_text("How big is it?")
    press(page, "Alt+f")
    hidden = []
    for _ in range(90):
        press(page, "Tab")
        at, seen = page.evaluate(IS_ON_TOP)
        if not seen:
            hidden.append(at)
        if "What the public sees" in at:
            break
    assert hidden == []


def test_narrow_screen_shows_all_of_it_without_scrolling_sideways(page: Page, axe: Axe, site: str, agent: Desk) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, site)
    page.get_by_label("What they say").fill("Big pothole")
    page.get_by_label("Where is it?").fill(HUCKNALL)
    expect(page.locator("#m1-answer")).to_contain_text("Nottinghamshire County Council")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)
    press(page, "Alt+s")
    page.wait_for_url("**/saved/*")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_call_is_taken_without_a_script(browser: Browser, site: str, agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, site)
    page.locator("#name").fill("Kim Example")
    page.get_by_label("What is it about?").fill("hole in road")
    page.get_by_label("Where is it?").fill(HUCKNALL)
    page.get_by_role("button", name="Check whose job it is").click()
    expect(page.locator("#m1-answer")).to_contain_text("Nottinghamshire County Council")
    page.get_by_role("button", name="Pothole or broken road surface").click()
    page.get_by_role("button", name="Add another question").click()
    page.locator("#m2-text").fill("And my bin was missed")
    page.get_by_label("Find by phone, name or reference").fill("jo sample")
    page.get_by_role("button", name="Find").click()
    page.locator("#found button", has_text="Nottinghamshire County Council").click()
    expect(page.locator("#name")).to_have_value("Kim Example")
    expect(page.locator("#m2-text")).to_have_value("And my bin was missed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    page.get_by_label("They cannot say: save it without").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/saved/*")
    assert len(agent.cases()) == 3
    context.close()
