from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.config import Settings
from app.database import write_transaction
from app.jobs import the_delivery
from app.wiring import after_upgrade


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_a_conversation_on_the_practice_phone(
    page: Page,
    axe: Callable[[Page], None],
    serve: Callable[[Flask], str],
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    width: int,
) -> None:
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{serve(app)}/handset")
    axe(page)
    page.get_by_label("Text from 07700 900123").fill("bin not emptied")
    page.get_by_role("button", name="Send").click()
    screen = page.get_by_role("log")
    expect(screen).to_contain_text("Which property is it about?")
    with app.app_context():
        the_delivery().deliver_due()
    expect(screen).to_contain_text("Delivered")  # without loading the page again
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
