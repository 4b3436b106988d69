"""Each kind of form in the catalogue leads from its start page to an end."""

from __future__ import annotations

import pytest
from flask import Flask

from app.wiring import the_catalogue
from tests.app.citizen.visiting import HUCKNALL, Visitor

EVERY = 12  # a whole walk of one form takes a second
ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "place": {"postcode": HUCKNALL, "street": "Annesley Road", "town": "Hucknall"},
    "place/number": {"number": "12", "street": "Annesley Road"},
    "how-to-report": {"openness": "open"},
    "details": {"name": "Jo Example", "phone": "07700 900123", "address": "12 Annesley Road"},
    "safe-ways": {"ways": ["text", "letter"]},
}


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.mark.parametrize("slug", sorted(the_catalogue().services)[::EVERY])
def test_form_can_be_filled_in_and_sent(app: Flask, visitor: Visitor, slug: str) -> None:
    visitor.start(slug)
    visitor.answer_anything_until(("check", "elsewhere"), the_catalogue().services[slug], ANSWERS)
    visitor.press()
    assert visitor.step == "sent"


def test_every_start_page_says_what_it_is(visitor: Visitor) -> None:
    for service in the_catalogue().services.values():
        visitor.go(f"/report/{service.slug}")
        assert visitor.heading == service.title
        assert service.covers[:40] in visitor.text
