"""What an officer does with a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from cases.actions.casework import (
    add_note,
    change_status,
    close_case,
    message_customer,
    release_case,
    reopen_case,
    take_case,
)
from cases.actions.kit import Kit
from cases.errors import ConflictError, RuleError
from cases.models import Case, CaseStatus, Channel, Event, EventKind, Outcome
from tests.cases.contacts import messages, open_one
from tests.cases.places import COUNTY_OFFICER, NOON, OTHER_COUNTY_OFFICER

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def case(session: Session, kit: Kit) -> Case:
    return open_one(session, kit, channel=Channel.SMS)


def last(session: Session, case: Case) -> Event:
    session.flush()
    session.expire(case, ["events"])
    return case.events[-1]


def close(session: Session, kit: Kit, case: Case, outcome: Outcome = Outcome.DONE, words: str = "Filled") -> None:
    close_case(session, kit, case, COUNTY_OFFICER, outcome, words, LATER)


def test_taking_a_new_case_starts_it_and_is_seen_by_the_public(session: Session, case: Case) -> None:
    take_case(session, case, COUNTY_OFFICER, LATER)
    assert (case.owner_id, case.status, case.updated_at) == (COUNTY_OFFICER, CaseStatus.IN_PROGRESS, LATER)
    event = last(session, case)
    assert (event.kind, event.actor_id, event.is_public) == (EventKind.TAKEN, COUNTY_OFFICER, True)


def test_taking_ones_own_case_again_changes_nothing(session: Session, case: Case) -> None:
    take_case(session, case, COUNTY_OFFICER, NOON)
    before = case.last_event_seq
    take_case(session, case, COUNTY_OFFICER, LATER)
    assert case.last_event_seq == before


def test_a_case_that_somebody_has_cannot_be_taken_by_another(session: Session, case: Case) -> None:
    take_case(session, case, COUNTY_OFFICER, NOON)
    with pytest.raises(ConflictError, match="already taken"):
        take_case(session, case, OTHER_COUNTY_OFFICER, LATER)


def test_a_case_given_back_can_be_taken_by_another(session: Session, case: Case) -> None:
    take_case(session, case, COUNTY_OFFICER, NOON)
    release_case(session, case, COUNTY_OFFICER, NOON)
    assert last(session, case).kind is EventKind.RELEASED
    take_case(session, case, OTHER_COUNTY_OFFICER, LATER)
    assert case.owner_id == OTHER_COUNTY_OFFICER


def test_giving_back_what_nobody_has_changes_nothing(session: Session, case: Case) -> None:
    before = case.last_event_seq
    release_case(session, case, COUNTY_OFFICER, NOON)
    assert case.last_event_seq == before


def test_a_note_is_for_staff_and_its_words_stand_apart(session: Session, case: Case) -> None:
    add_note(session, case, COUNTY_OFFICER, "Rang the contractor", LATER)
    event = last(session, case)
    assert (event.kind, event.is_public, event.data) == (EventKind.NOTE, False, {})
    assert event.words is not None and event.words.text == "Rang the contractor"
    assert event.words.controller_gss == case.controller_gss


@pytest.mark.parametrize("text", ["", "  \n "], ids=repr)
def test_an_empty_note_or_message_is_refused(session: Session, case: Case, text: str) -> None:
    with pytest.raises(RuleError, match="Write the note"):
        add_note(session, case, COUNTY_OFFICER, text, NOON)
    with pytest.raises(RuleError, match="Write the message"):
        message_customer(session, case, COUNTY_OFFICER, text, "k", NOON)


@pytest.mark.parametrize("status", [CaseStatus.WAITING, CaseStatus.SCHEDULED, CaseStatus.IN_PROGRESS], ids=str)
def test_a_status_is_changed_with_a_public_line(session: Session, case: Case, status: CaseStatus) -> None:
    change_status(session, case, COUNTY_OFFICER, status, LATER)
    event = last(session, case)
    assert (event.kind, event.data) == (EventKind.STATUS, {"from": "new", "to": status.value})
    assert case.status is status


def test_a_case_is_not_closed_by_its_status(session: Session, case: Case) -> None:
    with pytest.raises(RuleError, match="Close the case with an outcome"):
        change_status(session, case, COUNTY_OFFICER, CaseStatus.CLOSED, NOON)


@pytest.mark.parametrize("outcome", list(Outcome), ids=str)
def test_a_case_is_closed_with_an_outcome_and_the_customer_hears(
    session: Session, kit: Kit, case: Case, outcome: Outcome
) -> None:
    close(session, kit, case, outcome)
    assert (case.status, case.outcome, case.closed_at, case.is_open) == (CaseStatus.CLOSED, outcome, LATER, False)
    (message,) = messages(session)
    assert message.purpose == "closed"
    assert "Filled" in (message.words.text or "")


@pytest.mark.parametrize("outcome", [Outcome.NO_ACTION, Outcome.NOT_OURS], ids=str)
def test_doing_nothing_needs_its_reason_in_words(session: Session, kit: Kit, case: Case, outcome: Outcome) -> None:
    with pytest.raises(RuleError) as refused:
        close(session, kit, case, outcome, words=" ")
    assert refused.value.field == "reason"
    assert case.is_open


def test_a_closed_case_can_be_closed_without_telling(session: Session, kit: Kit, case: Case) -> None:
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.DUPLICATE, "", LATER, tell=False)
    assert messages(session) == []


def test_a_closed_case_is_left_alone_until_it_is_reopened(session: Session, kit: Kit, case: Case) -> None:
    close(session, kit, case)
    for act in (
        lambda: take_case(session, case, COUNTY_OFFICER, LATER),
        lambda: release_case(session, case, COUNTY_OFFICER, LATER),
        lambda: change_status(session, case, COUNTY_OFFICER, CaseStatus.WAITING, LATER),
        lambda: close(session, kit, case),
    ):
        with pytest.raises(ConflictError, match="Reopen it first"):
            act()


@pytest.mark.parametrize(("owner", "status"), [(None, CaseStatus.NEW), (COUNTY_OFFICER, CaseStatus.IN_PROGRESS)])
def test_a_reopened_case_goes_back_to_who_had_it(
    session: Session, kit: Kit, case: Case, owner: int | None, status: CaseStatus
) -> None:
    if owner:
        take_case(session, case, owner, NOON)
    due = case.due_at
    close(session, kit, case)
    reopen_case(session, case, COUNTY_OFFICER, LATER)
    assert (case.status, case.outcome, case.closed_at, case.owner_id) == (status, None, None, owner)
    assert case.due_at == due
    assert last(session, case).kind is EventKind.REOPENED


def test_an_open_case_cannot_be_reopened(session: Session, case: Case) -> None:
    with pytest.raises(ConflictError, match="open already"):
        reopen_case(session, case, COUNTY_OFFICER, NOON)


def test_a_case_closed_twice_says_so_twice(session: Session, kit: Kit, case: Case) -> None:
    close(session, kit, case)
    reopen_case(session, case, COUNTY_OFFICER, LATER)
    close(session, kit, case, words="Filled again")
    assert len(messages(session)) == 2


def test_a_message_is_on_the_timeline_with_its_words_in_the_outbox(session: Session, case: Case) -> None:
    message = message_customer(session, case, COUNTY_OFFICER, "  We come on Monday  ", "k", LATER)
    event = last(session, case)
    assert (event.kind, event.message_id, event.data) == (EventKind.MESSAGE, message.id, {"purpose": "reply"})
    assert message.words.text == "We come on Monday"
    assert message.controller_gss == case.controller_gss
