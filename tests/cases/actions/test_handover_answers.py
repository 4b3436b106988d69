"""A hand-over is offered, accepted or refused in time; then an arbiter decides. The promise never starts again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.casework import change_status, close_case, take_case
from cases.actions.handover_answers import Passing, accept, flag_unanswered, open_arbitration, waiting_answer
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.refuse_case import RefusalReason, arbitrate, refuse
from cases.errors import ConflictError, RuleError
from cases.models import (
    AnswerState,
    ArbitrationCause,
    Case,
    CaseStatus,
    Channel,
    EventKind,
    Handover,
    HandoverAnswer,
    Outcome,
)
from tests.cases.actions.test_moving import queue
from tests.cases.actions.test_races import at_once, open_committed
from tests.cases.conftest import Sessions
from tests.cases.contacts import matter, messages, open_one
from tests.cases.places import AGENT, ASHFIELD, ASHFIELD_OFFICER, COUNTY, COUNTY_OFFICER, MANSFIELD, NOON

MONDAY_CLOSING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
BACK = RefusalReason.NOT_OUR_SERVICE


def give(session: Session, kit: Kit, case: Case, slug: str = "ashfield-waste", at: datetime = NOON) -> Handover:
    why = HandoverReason.OTHER_COUNCILS_JOB
    return hand_over(session, kit, case, COUNTY_OFFICER, queue(session, slug), why, "Yours", at)


def give_back(session: Session, kit: Kit, case: Case, at: datetime = NOON) -> None:
    refuse(session, kit, case, ASHFIELD_OFFICER, BACK, "Not ours", at)


@pytest.fixture
def case(session: Session, kit: Kit) -> Case:
    case = open_one(session, kit, channel=Channel.SMS)
    case.is_urgent = False
    return case


def answer_of(session: Session, handover: Handover) -> HandoverAnswer:
    return session.scalars(select(HandoverAnswer).where(HandoverAnswer.handover_id == handover.id)).one()


def lines(session: Session, case: Case) -> list[str | None]:
    session.expire(case, ["events"])
    return [event.data.get("answer") for event in case.events if event.kind is EventKind.HANDED_OVER]


def test_it_is_with_the_receiver_at_once_and_waits_for_its_answer(session: Session, kit: Kit, case: Case) -> None:
    answer = answer_of(session, give(session, kit, case))
    assert (case.authority_gss, answer.state, answer.due_at) == (ASHFIELD, AnswerState.WAITING, MONDAY_CLOSING)


def test_what_is_urgent_has_to_be_answered_in_two_hours_whatever_the_time(session: Session, kit: Kit) -> None:
    case = open_one(session, kit)
    case.is_urgent = True
    night = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert answer_of(session, give(session, kit, case, at=night)).due_at == night + timedelta(hours=2)


def test_taking_it_is_accepting_it(session: Session, kit: Kit, case: Case) -> None:
    handover = give(session, kit, case)
    take_case(session, case, ASHFIELD_OFFICER, NOON)
    answer = answer_of(session, handover)
    assert (answer.state, answer.answered_by_id) == (AnswerState.ACCEPTED, ASHFIELD_OFFICER)
    with pytest.raises(ConflictError):
        give_back(session, kit, case)


def test_any_work_on_it_accepts_it(session: Session, kit: Kit, case: Case) -> None:
    give(session, kit, case)
    change_status(session, case, ASHFIELD_OFFICER, CaseStatus.SCHEDULED, NOON)
    assert waiting_answer(session, case) is None


def test_a_refused_case_goes_back_where_it_came_from_with_the_reason(session: Session, kit: Kit, case: Case) -> None:
    handover = give(session, kit, case)
    give_back(session, kit, case)
    assert (case.queue.slug, case.controller_gss) == ("nottinghamshire-highways", COUNTY)
    assert (case.owner_id, case.status) == (None, CaseStatus.NEW)
    answer = answer_of(session, handover)
    assert (answer.state, answer.reason_code, answer.words_id is None) == (AnswerState.REFUSED, BACK.value, False)
    assert lines(session, case) == [None, "refused"]
    assert open_arbitration(session, case) is None
    assert messages(session) == []


def test_a_refusal_needs_words(session: Session, kit: Kit, case: Case) -> None:
    give(session, kit, case)
    with pytest.raises(RuleError):
        refuse(session, kit, case, ASHFIELD_OFFICER, BACK, " ", NOON)


def test_the_second_refusal_in_a_case_puts_it_before_the_arbiter(session: Session, kit: Kit, case: Case) -> None:
    give(session, kit, case)
    give_back(session, kit, case)
    give(session, kit, case, "mansfield-waste")
    give_back(session, kit, case)
    arbitration = open_arbitration(session, case)
    assert arbitration is not None and arbitration.cause is ArbitrationCause.REFUSED_TWICE
    assert case.authority_gss == COUNTY
    with pytest.raises(ConflictError):
        give(session, kit, case, "ashfield-waste")


def test_what_the_arbiter_says_cannot_be_refused(session: Session, kit: Kit, case: Case) -> None:
    give(session, kit, case)
    give_back(session, kit, case)
    give(session, kit, case, "mansfield-waste")
    give_back(session, kit, case)
    arbitrate(session, kit, case, AGENT, queue(session, "mansfield-waste"), "It stands on your land", NOON)
    assert case.authority_gss == MANSFIELD
    assert open_arbitration(session, case) is None
    assert "Mansfield District Council" in (messages(session)[0].words.text or "")
    with pytest.raises(ConflictError):
        give_back(session, kit, case)
    with pytest.raises(ConflictError):
        arbitrate(session, kit, case, AGENT, queue(session, "ashfield-waste"), "No, there", NOON)


def test_the_arbiter_may_leave_it_where_it_is(session: Session, kit: Kit, case: Case) -> None:
    give(session, kit, case)
    flag_unanswered(session, MONDAY_CLOSING + timedelta(seconds=1))
    arbitrate(session, kit, case, AGENT, case.queue, "It is yours", MONDAY_CLOSING)
    assert (case.authority_gss, open_arbitration(session, case)) == (ASHFIELD, None)
    assert lines(session, case) == [None, "out-of-time", "arbiter"]


@pytest.mark.parametrize(
    ("at", "flagged"),
    [(MONDAY_CLOSING, 0), (MONDAY_CLOSING + timedelta(seconds=1), 1)],
    ids=["in-time", "a-second-late"],
)
def test_what_is_not_answered_in_time_is_the_arbiters_once(
    session: Session, kit: Kit, case: Case, at: datetime, flagged: int
) -> None:
    handover = give(session, kit, case)
    assert flag_unanswered(session, at) == flagged
    assert flag_unanswered(session, at) == 0
    assert (open_arbitration(session, case) is not None) is bool(flagged)
    assert (answer_of(session, handover).state is AnswerState.OUT_OF_TIME) is bool(flagged)
    assert case.authority_gss == ASHFIELD


def test_a_late_answer_may_still_accept_but_not_refuse(session: Session, kit: Kit, case: Case) -> None:
    handover = give(session, kit, case)
    late = MONDAY_CLOSING + timedelta(hours=1)
    flag_unanswered(session, late)
    with pytest.raises(ConflictError, match="time to answer is over"):
        give_back(session, kit, case, late)
    take_case(session, case, ASHFIELD_OFFICER, late)
    assert answer_of(session, handover).state is AnswerState.ACCEPTED
    assert open_arbitration(session, case) is None


def test_a_closed_case_is_nobodys_to_decide(session: Session, kit: Kit, case: Case) -> None:
    give(session, kit, case)
    late = MONDAY_CLOSING + timedelta(hours=1)
    flag_unanswered(session, late)
    close_case(session, kit, case, ASHFIELD_OFFICER, Outcome.DONE, "", late)
    assert open_arbitration(session, case) is None
    assert flag_unanswered(session, late) == 0


def test_what_the_front_desk_gives_has_no_time_limit_but_may_be_refused(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    answer = answer_of(session, give(session, kit, case))
    assert answer.due_at is None
    assert flag_unanswered(session, NOON + timedelta(days=30)) == 0
    give_back(session, kit, case)
    assert (case.queue.slug, case.controller_gss) == ("front-desk", None)


@pytest.mark.parametrize("slug", ["nottinghamshire-countryside", "front-desk"])
def test_another_team_and_the_front_desk_are_not_asked(session: Session, kit: Kit, case: Case, slug: str) -> None:
    give(session, kit, case, slug)
    assert waiting_answer(session, case) is None
    assert not accept(session, case, COUNTY_OFFICER, NOON)


def test_handing_on_what_one_has_not_accepted_counts_as_a_refusal(session: Session, kit: Kit, case: Case) -> None:
    first = give(session, kit, case)
    second = give(session, kit, case, "mansfield-waste")
    assert answer_of(session, first).state is AnswerState.REFUSED
    with pytest.raises(ConflictError, match="refused once already"):
        give(session, kit, case, "gedling-waste")
    give_back(session, kit, case)
    assert answer_of(session, second).state is AnswerState.REFUSED
    assert case.authority_gss == ASHFIELD
    assert open_arbitration(session, case) is not None


def test_the_promise_to_the_person_never_changes_by_any_of_it(session: Session, kit: Kit, case: Case) -> None:
    due, at = case.due_at, NOON
    for slug in ("ashfield-waste", "mansfield-waste"):
        at += timedelta(days=1)
        give(session, kit, case, slug, at)
        assert case.due_at == due
        give_back(session, kit, case, at)
        assert case.due_at == due
    arbitrate(session, kit, case, AGENT, queue(session, "ashfield-waste"), "Yours", at)
    assert case.due_at == due


def test_a_council_after_the_first_does_not_restart_what_the_first_promised(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(place=None), channel=Channel.SMS)
    give(session, kit, case, "nottinghamshire-highways")
    due = case.due_at
    give_back(session, kit, case)
    assert case.due_at == due
    give(session, kit, case, "ashfield-waste", NOON + timedelta(days=9))
    assert case.due_at == due


def test_what_it_is_about_may_be_put_right_on_the_way(session: Session, kit: Kit, case: Case) -> None:
    why, passing = HandoverReason.WRONG_SERVICE, Passing(service="fly-tipping")
    hand_over(session, kit, case, COUNTY_OFFICER, queue(session, "ashfield-streets"), why, "A", NOON, passing=passing)
    assert case.service_slug == "fly-tipping"


# --- at the same moment ---------------------------------------------------------------------------------------------


def test_twenty_rounds_at_once_flag_a_late_hand_over_once(sessions: Sessions, kit: Kit) -> None:
    case_id = open_committed(sessions, kit)
    with sessions() as session:
        give(session, kit, session.get_one(Case, case_id))
        session.commit()
    late = MONDAY_CLOSING + timedelta(hours=1)

    def flag(session: Session) -> int:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        return flag_unanswered(session, late)

    assert sum(int(str(n)) for n in at_once(sessions, flag)) == 1
