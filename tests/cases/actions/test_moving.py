"""A case moves: by its missing answer from the front desk, by hand from one council to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.casework import add_note, close_case, take_case
from cases.actions.given import NewMatter
from cases.actions.kit import Kit
from cases.actions.move_case import (
    HandoverReason,
    decide_again,
    enquiry_of,
    hand_over,
    keep_further_answer,
    settle_place,
)
from cases.actions.open_case import queue_by_slug
from cases.errors import ConflictError, RuleError
from cases.models import Case, CaseStatus, Channel, Contact, EventKind, Handover, Outcome, Queue, TriageDecision, Words
from cases.triage import Enquiry
from cases.triage.decision import OutcomeKind
from tests.cases.contacts import PHONE, matter, messages, open_one
from tests.cases.places import (
    AGENT,
    ASHFIELD,
    ASHFIELD_OFFICER,
    COUNTY,
    COUNTY_OFFICER,
    IN_ASHFIELD,
    IN_LONDON,
    MANSFIELD,
    NOON,
    TODAY,
)

LATER = NOON + timedelta(days=1)


def queue(session: Session, slug: str) -> Queue:
    found = queue_by_slug(session, slug)
    assert found is not None
    return found


def give(session: Session, kit: Kit, case: Case, slug: str, words: str = "It is a bin", **more: bool) -> Handover:
    reason = HandoverReason.WRONG_SERVICE
    return hand_over(session, kit, case, COUNTY_OFFICER, queue(session, slug), reason, words, LATER, **more)


def words_of(session: Session, case: Case) -> set[str | None]:
    """Who answers for each of the words on the case's timeline."""
    session.expire_all()
    ids = [event.words_id for event in case.events if event.words_id]
    return set(session.scalars(select(Words.controller_gss).where(Words.id.in_(ids))))


# --- handing over ---------------------------------------------------------------------------------------------------


@pytest.fixture
def case(session: Session, kit: Kit) -> Case:
    return open_one(session, kit, channel=Channel.SMS)


def test_the_receiver_gets_queue_place_people_and_words(session: Session, kit: Kit, case: Case) -> None:
    add_note(session, case, COUNTY_OFFICER, "Not a hole", NOON)
    give(session, kit, case, "ashfield-waste")
    assert (case.queue.slug, case.authority_gss, case.controller_gss) == ("ashfield-waste", ASHFIELD, ASHFIELD)
    assert case.place is not None and case.place.controller_gss == ASHFIELD
    (role,) = case.roles
    assert role.person.controller_gss == ASHFIELD
    assert role.contact_point_id in {point.id for point in role.person.contact_points}
    assert words_of(session, case) == {ASHFIELD}


def test_the_sender_keeps_its_own_record_of_the_person(session: Session, kit: Kit, case: Case) -> None:
    before = case.roles[0].person
    give(session, kit, case, "ashfield-waste")
    assert case.roles[0].person_id != before.id
    assert (before.controller_gss, before.name) == (COUNTY, "Ann Example")
    assert [point.value for point in before.contact_points] == [PHONE]


def test_a_person_the_receiver_knows_already_is_not_made_again(session: Session, kit: Kit, case: Case) -> None:
    known = open_one(session, kit, matter("missed-bin")).roles[0].person_id
    give(session, kit, case, "ashfield-waste")
    assert case.roles[0].person_id == known


def test_a_hand_over_is_a_stub_a_correction_and_a_public_line(session: Session, kit: Kit, case: Case) -> None:
    handover = give(session, kit, case, "ashfield-waste")
    assert (handover.from_authority_gss, handover.to_authority_gss, handover.at) == (COUNTY, ASHFIELD, LATER)
    decision = session.get_one(TriageDecision, handover.decision_id)
    assert (decision.correction_code, decision.decided_by_id, decision.queue_slug) == (
        "wrong-service",
        COUNTY_OFFICER,
        "ashfield-waste",
    )
    session.expire(case, ["events"])
    event = next(e for e in case.events if e.kind is EventKind.HANDED_OVER)
    assert event.is_public and event.words is not None and event.words.text == "It is a bin"
    assert "It is a bin" not in str(event.data)


def test_a_promise_does_not_restart_and_the_case_waits_for_a_new_owner(session: Session, kit: Kit, case: Case) -> None:
    take_case(session, case, COUNTY_OFFICER, NOON)
    due = case.due_at
    give(session, kit, case, "ashfield-waste")
    assert (case.due_at, case.owner_id, case.status) == (due, None, CaseStatus.NEW)


def test_the_customer_hears_who_has_it_once_they_accepted_and_that_the_reference_stays(
    session: Session, kit: Kit, case: Case
) -> None:
    give(session, kit, case, "ashfield-waste")
    assert messages(session) == []
    take_case(session, case, ASHFIELD_OFFICER, LATER)
    (message,) = messages(session)
    assert "Ashfield District Council" in (message.words.text or "")
    assert message.purpose == "handed-over"


def test_another_team_of_the_same_council_is_no_news_for_the_customer(session: Session, kit: Kit, case: Case) -> None:
    people = [role.person_id for role in case.roles]
    give(session, kit, case, "nottinghamshire-countryside")
    assert messages(session) == []
    assert [role.person_id for role in case.roles] == people


def test_a_case_may_go_there_and_back(session: Session, kit: Kit, case: Case) -> None:
    first = case.roles[0].person_id
    give(session, kit, case, "ashfield-waste")
    give(session, kit, case, "nottinghamshire-highways")
    assert (case.authority_gss, case.roles[0].person_id) == (COUNTY, first)
    assert [event.seq for event in case.events] == list(range(1, len(case.events) + 1))


def test_from_the_front_desk_the_receivers_own_promise_begins(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    give(session, kit, case, "nottinghamshire-highways")
    assert case.due_at == open_one(session, kit).due_at


@pytest.mark.parametrize(
    ("slug", "words", "error"),
    [
        ("nottinghamshire-highways", "why", ConflictError),
        ("ashfield-waste", "  ", RuleError),
    ],
    ids=["same-queue", "no-reason"],
)
def test_a_hand_over_that_makes_no_sense_is_refused(
    session: Session, kit: Kit, case: Case, slug: str, words: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        give(session, kit, case, slug, words)


def test_a_closed_case_is_not_handed_over(session: Session, kit: Kit, case: Case) -> None:
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.DONE, "", NOON)
    with pytest.raises(ConflictError, match="Reopen it first"):
        give(session, kit, case, "ashfield-waste")


# --- deciding again -------------------------------------------------------------------------------------------------


def test_the_missing_place_moves_a_case_from_the_front_desk(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    take_case(session, case, AGENT, NOON)
    enquiry = replace(enquiry_of(session, case, TODAY), text=IN_ASHFIELD)
    decision = decide_again(session, kit, case, enquiry, LATER, None)
    settle_place(session, case, IN_ASHFIELD, decision, LATER)
    assert (case.queue.slug, case.controller_gss) == ("nottinghamshire-highways", COUNTY)
    assert (case.status, case.owner_id) == (CaseStatus.NEW, None)
    assert case.due_at == open_one(session, kit).due_at
    assert case.place is not None
    assert (case.place.postcode, case.place.district_gss, case.place.said) == (IN_ASHFIELD, ASHFIELD, IN_ASHFIELD)
    assert case.roles[0].person.controller_gss == COUNTY
    assert words_of(session, case) == {COUNTY}
    assert [row.needs for row in case.decisions] == ["place", None]


def test_the_missing_answer_moves_a_case_from_the_front_desk(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter("tree-problem"), channel=Channel.SMS)
    keep_further_answer(session, kit, case, "tree-where", "park", NOON)
    decide_again(session, kit, case, enquiry_of(session, case, TODAY), LATER, None)
    assert case.queue.slug == "ashfield-parks"


def test_an_answer_that_leads_to_another_service_changes_what_the_case_is(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter("tree-problem"), channel=Channel.SMS)
    keep_further_answer(session, kit, case, "tree-where", "right-of-way", NOON)
    decide_again(session, kit, case, enquiry_of(session, case, TODAY), LATER, None)
    assert (case.service_slug, case.queue.slug) == ("rights-of-way", "nottinghamshire-countryside")


def test_a_case_that_a_council_has_stays_there_and_the_decision_is_kept(session: Session, kit: Kit, case: Case) -> None:
    enquiry = replace(enquiry_of(session, case, TODAY), service="missed-bin", district=MANSFIELD)
    decision = decide_again(session, kit, case, enquiry, LATER, None)
    assert decision.queue == "mansfield-waste"
    assert (case.queue.slug, case.service_slug) == ("nottinghamshire-highways", "pothole")
    session.expire(case, ["decisions"])
    assert len(case.decisions) == 2


def test_an_answer_that_settles_nothing_leaves_the_case_waiting(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    decide_again(session, kit, case, replace(enquiry_of(session, case, TODAY), text="by the shop"), LATER, None)
    assert (case.queue.slug, case.status) == ("front-desk", CaseStatus.WAITING)


def test_an_answer_that_names_a_place_elsewhere_is_left_for_a_person_to_see(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    enquiry = replace(enquiry_of(session, case, TODAY), postcode=IN_LONDON)
    decision = decide_again(session, kit, case, enquiry, LATER, None)
    assert decision.outcome is OutcomeKind.SIGNPOST
    assert (case.queue.slug, case.status) == ("front-desk", CaseStatus.NEW)


def test_a_case_that_turns_out_to_be_sensitive_falls_silent(session: Session, kit: Kit) -> None:
    new = NewMatter(text="please help me with this")
    case = open_one(session, kit, new, channel=Channel.SMS)
    assert not case.is_sensitive
    decide_again(session, kit, case, Enquiry(on=TODAY, service="homelessness", council="ashfield"), LATER, None)
    assert case.is_sensitive
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.DONE, "", LATER)
    assert messages(session) == []


def test_a_closed_case_at_the_front_desk_is_not_moved(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    close_case(session, kit, case, AGENT, Outcome.WITHDRAWN, "", NOON)
    decide_again(session, kit, case, Enquiry(on=TODAY, service="pothole", postcode=IN_ASHFIELD), LATER, None)
    assert (case.queue.slug, case.status) == ("front-desk", CaseStatus.CLOSED)


def test_what_is_known_of_a_case_is_an_enquiry_again(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter("tree-problem", answers={"tree-where": "park", "size": "As tall as a house"}))
    enquiry = enquiry_of(session, case, TODAY)
    assert (enquiry.service, enquiry.postcode, enquiry.district) == ("tree-problem", IN_ASHFIELD, ASHFIELD)
    assert enquiry.answers == {"tree-where": "park", "size": "As tall as a house"}


def test_words_that_were_removed_are_no_answer_any_more(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(answers={"size": "A metre"}))
    session.get_one(Words, case.answers["size"]["words"]).blank(NOON)
    assert enquiry_of(session, case, TODAY).answers == {}


def test_a_contact_that_only_the_front_desk_had_becomes_the_councils(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    (contact,) = session.scalars(select(Contact))
    assert contact.controller_gss is None
    decide_again(session, kit, case, Enquiry(on=TODAY, service="pothole", postcode=IN_ASHFIELD), LATER, None)
    session.refresh(contact)
    assert (contact.controller_gss, contact.person_id) == (COUNTY, case.roles[0].person_id)


def test_a_contact_that_a_council_had_stays_its_own(session: Session, kit: Kit, case: Case) -> None:
    (contact,) = session.scalars(select(Contact))
    before = (contact.controller_gss, contact.person_id)
    give(session, kit, case, "ashfield-waste")
    session.refresh(contact)
    assert (contact.controller_gss, contact.person_id) == before
