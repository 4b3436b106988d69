"""Sensitive matters: nothing is sent by itself, whatever is texted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.models.case import Case
from cases.models.messages import Message
from cases.models.person import ContactPoint
from cases.references import show_reference
from channels.sms import texts
from tests.cases.places import IN_ASHFIELD
from tests.channels.conftest import Phone

MakePhone = Callable[..., Phone]

SENSITIVE = [
    "my husband hits me",
    "homeless",
    "i think a child is being abused next door",
    "benefit fraud",
    "an old man next door is being neglected",
    "mental health support",
]


def case_of_somebody_sensitive(phone: Phone, session: Session) -> Case:
    phone.texts(f"pothole {IN_ASHFIELD}")
    case = phone.case()
    case.is_sensitive = True
    session.flush()
    return case


@pytest.mark.parametrize("body", [*SENSITIVE, *(f"{body} {IN_ASHFIELD}" for body in SENSITIVE)])
def test_a_sensitive_text_is_kept_and_not_answered(phone: MakePhone, session: Session, body: str) -> None:
    assert phone().texts(body) is None
    assert session.scalars(select(Message)).all() == []


def test_a_sensitive_matter_beside_an_ordinary_one_silences_both(phone: MakePhone, session: Session) -> None:
    assert phone().texts(f"pothole on my road and also my husband hits me {IN_ASHFIELD}") is None
    assert session.scalars(select(Message)).all() == []


def test_writing_from_a_phone_does_not_make_it_safe(phone: MakePhone, session: Session) -> None:
    phone().texts(f"my husband hits me {IN_ASHFIELD}")
    assert all(not point.safe_text for point in session.scalars(select(ContactPoint)))


@pytest.mark.parametrize("body", ["status", "status {}", "{} it has got worse", "it has got worse", "thanks"])
def test_nothing_texted_later_is_answered_with_it(phone: MakePhone, session: Session, body: str) -> None:
    case = case_of_somebody_sensitive(phone(), session)
    answer = phone().texts(body.format(show_reference(case.reference)))
    assert show_reference(case.reference) not in (answer or "")
    assert len(session.scalars(select(Message).where(Message.case_id == case.id)).all()) == 1


def test_the_status_of_a_sensitive_case_is_that_of_none(phone: MakePhone, session: Session) -> None:
    case = case_of_somebody_sensitive(phone(), session)
    assert phone().texts(f"status {case.reference}") == texts.no_case(True)
    assert phone().texts("status") == texts.no_case(False)


def test_words_added_to_a_sensitive_case_are_kept_in_silence(phone: MakePhone, session: Session) -> None:
    case = case_of_somebody_sensitive(phone(), session)
    before = case.last_event_seq
    assert phone().texts(f"{case.reference} he is back") is None
    session.refresh(case)
    assert case.last_event_seq > before


def test_an_answer_that_turns_out_sensitive_is_silent(phone: MakePhone, session: Session) -> None:
    phone().texts(IN_ASHFIELD)
    assert phone().texts("my husband hits me") is None
    assert phone().case().is_sensitive


def test_no_sensitive_service_is_offered_as_a_choice(phone: MakePhone, kit: Kit) -> None:
    titles = [s.title for s in kit.catalogue.services.values() if s.sensitive]
    for words in ("help with money", "worried about my neighbour", "rubbish", "school problem", "trouble at home"):
        answer = phone().texts(words) or ""
        assert not any(title in answer for title in titles), answer


def test_an_ordinary_text_does_not_make_a_phone_safe_that_was_not(phone: MakePhone, session: Session) -> None:
    phone().texts(f"my husband hits me {IN_ASHFIELD}")
    assert phone().texts("it happened at home in Hucknall") is None
    assert phone().texts("hello?") is None
    assert session.scalars(select(Case)).one().is_sensitive
    unsafe = session.scalars(select(ContactPoint.id)).all()
    assert phone().texts(f"pothole {IN_ASHFIELD}") is not None
    session.expire_all()
    assert not any(point.safe_text for point in session.scalars(select(ContactPoint)) if point.id in unsafe)
