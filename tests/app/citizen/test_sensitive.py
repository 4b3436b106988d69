"""Services whose mere name could put somebody in danger."""

from __future__ import annotations

import pytest
from flask import Flask

from app.wiring import the_catalogue
from cases.models.messages import Message
from cases.models.person import Person
from tests.app.citizen.visiting import HUCKNALL, Visitor, any_answer, cases_in, rows_of

ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "place": {"postcode": HUCKNALL},
    "place/number": {"number": "12", "street": "Annesley Road"},
    "how-to-report": {"openness": "confidential"},
    "details": {"name": "Jo Example", "phone": "07700 900123", "email": "jo@example.com"},
    "safe-ways": {"ways": ["text", "email", "call"]},
    "danger": {},
}
SENSITIVE = sorted(s.slug for s in the_catalogue().services.values() if s.sensitive)


@pytest.mark.parametrize("slug", SENSITIVE)
def test_sensitive_service_names_itself_nowhere_and_sends_nothing(app: Flask, visitor: Visitor, slug: str) -> None:
    service = the_catalogue().services[slug]
    title = service.title
    visitor.go(f"/report/{slug}")
    assert title not in visitor.title
    assert "Exit this page" in visitor.text
    visitor.press()
    for _ in range(60):
        assert title.casefold() not in visitor.title.casefold()
        assert visitor.path.startswith("/report/private/")
        assert "Exit this page" in visitor.text
        if visitor.step in ("check", "elsewhere"):
            break
        visitor.press(**(ANSWERS.get(visitor.step) or any_answer(visitor.step, service)))
    if visitor.step == "elsewhere":
        return
    visitor.press()
    assert visitor.step == "sent"
    assert title not in visitor.text
    assert "PIN" not in visitor.text
    assert "Follow your case" not in visitor.text
    ((case, _),) = cases_in(app)
    assert case.is_sensitive
    assert case.pin_hash is None
    assert rows_of(app, Message) == 0


def test_private_form_is_not_offered_again_to_whoever_comes_next(visitor: Visitor) -> None:
    visitor.start("domestic-abuse")
    visitor.go("/report/domestic-abuse")
    assert "You have begun this form already" not in visitor.text


def test_anonymous_reporter_leaves_no_record(app: Flask, visitor: Visitor) -> None:
    visitor.start("child-protection")
    service = the_catalogue().services["child-protection"]
    visitor.answer_anything_until(("check",), service, {**ANSWERS, "how-to-report": {"openness": "anonymous"}})
    visitor.press()
    assert len(cases_in(app)) == 1
    assert rows_of(app, Person) == 0
