"""STATUS tells a number its own cases, and a stranger's number nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.casework import close_case, take_case
from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven, SafeWays
from cases.actions.kit import Kit
from cases.actions.record_contact import record_contact
from cases.models.case import Case, Outcome
from cases.models.contact import Channel
from cases.models.person import ContactPoint
from cases.models.place import PlaceKind
from cases.references import show_reference
from channels.sms import texts
from tests.cases.places import COUNTY_OFFICER, IN_ASHFIELD, NOON
from tests.channels.conftest import Phone

MakePhone = Callable[..., Phone]
STRANGER = "+447700900999"


@pytest.mark.parametrize("ask", ["STATUS", " status ", "Status?", "wheres my case", "S T A T U S"])
def test_the_one_case_is_told_with_its_state_and_date(phone: MakePhone, ask: str) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    answer = phone().texts(ask)
    assert answer is not None
    assert answer.startswith(f"{show_reference(case.reference)} (Pothole")
    assert "waiting to be started. Nottinghamshire County Council aims to deal with it by" in answer


def test_a_taken_case_is_being_worked_on_and_a_closed_one_told_by_its_reference(
    phone: MakePhone, session: Session, kit: Kit
) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    take_case(session, case, COUNTY_OFFICER, NOON)
    assert "being worked on" in (phone().texts("status") or "")
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.DONE, "", NOON, tell=False)
    assert phone().texts("status") == texts.no_case(False)
    assert "closed on Friday 20 November. The work has been done." in (phone().texts(f"status {case.reference}") or "")


def test_several_are_listed(phone: MakePhone) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    phone().texts(f"bin not emptied {IN_ASHFIELD}")
    lines = (phone().texts("STATUS") or "").splitlines()
    assert [line[:2] for line in lines] == ["1 ", "2 "]


@pytest.mark.parametrize("shape", ["STATUS {}", "status {}", "{}", "Status of {} please", "where is my case {}"])
def test_a_strangers_number_learns_nothing_of_somebody_elses_case(phone: MakePhone, shape: str) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    reference = phone().case().reference
    unknown = "4000000000"
    stranger = phone(STRANGER)
    answer = stranger.texts(shape.format(show_reference(reference)))
    assert answer == texts.no_case(True)
    if shape != "{}":
        assert answer == stranger.texts(shape.format(unknown))


def test_a_stranger_without_cases_is_told_so(phone: MakePhone) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    assert phone(STRANGER).texts("STATUS") == texts.no_case(False)


def opened_at_the_desk(session: Session, kit: Kit, **person: object) -> str:
    given = PersonGiven(name="Jo Example", phone=STRANGER, safe=SafeWays(text=True), **person)  # type: ignore[arg-type]
    contact = NewContact(
        Channel.PHONE,
        (NewMatter("Deep hole", "pothole", PlaceGiven(PlaceKind.POSTCODE, postcode=IN_ASHFIELD)),),
        NOON,
        given,
    )
    return record_contact(session, kit, contact, now=NOON).cases[0].reference


@pytest.mark.parametrize(
    "person",
    [{"phone_is_verified": False}, {"phone_is_verified": True, "phone_is_shared": True}],
    ids=["a number nobody has proved", "a shared number"],
)
def test_only_a_proved_number_of_ones_own_is_told(
    phone: MakePhone, session: Session, kit: Kit, person: dict[str, bool]
) -> None:
    reference = opened_at_the_desk(session, kit, **person)
    assert phone(STRANGER).texts("status") == texts.no_case(False)
    assert phone(STRANGER).texts(f"status {reference}") == texts.no_case(True)


def test_a_proved_number_given_at_the_desk_is_told(phone: MakePhone, session: Session, kit: Kit) -> None:
    reference = opened_at_the_desk(session, kit, phone_is_verified=True)
    assert show_reference(reference) in (phone(STRANGER).texts("status") or "")


def test_a_number_that_is_not_safe_to_text_is_told_of_no_case(phone: MakePhone, session: Session) -> None:
    for text in (f"pothole {IN_ASHFIELD}", f"bin not emptied {IN_ASHFIELD}"):
        phone().texts(text)
    references = [case.reference for case in session.scalars(select(Case))]
    for point in session.scalars(select(ContactPoint)):
        point.safe_text = False
    assert phone().texts("status") == texts.no_case(False)
    assert phone().texts(f"status {references[0]}") == texts.no_case(True)


def test_a_case_still_waiting_for_its_answer_says_so(phone: MakePhone) -> None:
    phone().texts("bin not emptied")
    assert "waiting for an answer from you" in (phone().texts("status") or "")


def test_asking_makes_no_case_and_no_person(phone: MakePhone, session: Session) -> None:
    phone(STRANGER).texts("status")
    assert session.scalars(select(ContactPoint)).all() == []
