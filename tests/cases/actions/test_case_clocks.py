"""The law's clocks start at each authority; what was promised to the person is not touched by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.casework import close_case, message_customer, reopen_case
from cases.actions.handover_answers import CustomerView, Passing
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, decide_again, enquiry_of, hand_over
from cases.actions.refuse_case import RefusalReason, refuse
from cases.errors import RuleError
from cases.models import Case, CaseClock, Channel, Outcome
from cases.statutory import ClockKind
from tests.cases.actions.test_moving import queue
from tests.cases.contacts import matter, open_one
from tests.cases.places import ASHFIELD, ASHFIELD_OFFICER, COUNTY, COUNTY_OFFICER, NOON, TODAY

CHRISTMAS_EVE = datetime(2026, 12, 24, 16, 30, tzinfo=UTC)
Clock = tuple[str, str, date, date, str | None]


def clocks(session: Session, case: Case) -> list[Clock]:
    session.flush()
    rows = session.scalars(select(CaseClock).where(CaseClock.case_id == case.id).order_by(CaseClock.id))
    return [
        (row.authority_gss, row.kind.value, row.started_on, row.due_on, row.ended_how and row.ended_how.value)
        for row in rows
    ]


def request(session: Session, kit: Kit, service: str = "freedom-of-information", council: str | None = COUNTY) -> Case:
    return open_one(session, kit, matter(service, council=council, place=None), channel=Channel.SMS)


def pass_on(session: Session, kit: Kit, case: Case, at: datetime, view: CustomerView | None) -> None:
    to, why = queue(session, "ashfield-information-governance"), HandoverReason.OTHER_COUNCILS_JOB
    hand_over(session, kit, case, COUNTY_OFFICER, to, why, "You hold it", at, passing=Passing(customer_view=view))


def test_receipt_starts_the_clock_of_the_council_that_has_it(session: Session, kit: Kit) -> None:
    assert clocks(session, request(session, kit)) == [(COUNTY, "foi", TODAY, date(2026, 12, 21), None)]


def test_a_passed_on_request_starts_at_the_receiver_on_the_day_it_receives_it(session: Session, kit: Kit) -> None:
    case = request(session, kit)
    promised = case.due_at
    pass_on(session, kit, case, CHRISTMAS_EVE, CustomerView.NOT_HELD)
    assert clocks(session, case) == [
        (COUNTY, "foi", TODAY, date(2026, 12, 21), "passed-on"),
        (ASHFIELD, "foi", date(2026, 12, 24), date(2027, 1, 27), None),
    ]
    assert case.due_at == promised


def test_a_refused_request_runs_at_the_sender_as_if_it_had_never_gone(session: Session, kit: Kit) -> None:
    case = request(session, kit)
    pass_on(session, kit, case, NOON + timedelta(days=3), CustomerView.TOLD)
    back = RefusalReason.NOT_OUR_SERVICE
    refuse(session, kit, case, ASHFIELD_OFFICER, back, "We hold nothing", NOON + timedelta(days=4))
    assert [(who, how) for who, _, _, _, how in clocks(session, case)] == [(COUNTY, None), (ASHFIELD, "came-back")]


def test_the_law_wants_the_customer_told_before_a_request_is_passed_on(session: Session, kit: Kit) -> None:
    case = request(session, kit)
    with pytest.raises(RuleError, match="what the customer said"):
        pass_on(session, kit, case, NOON, None)


@pytest.mark.parametrize("view", [CustomerView.TOLD, CustomerView.NOT_HELD], ids=str)
def test_somebodys_own_data_is_passed_on_only_with_their_yes(session: Session, kit: Kit, view: CustomerView) -> None:
    case = request(session, kit, "subject-access-request")
    with pytest.raises(RuleError, match="only when they agree"):
        pass_on(session, kit, case, NOON, view)
    pass_on(session, kit, case, NOON, CustomerView.AGREES)
    assert clocks(session, case)[-1] == (ASHFIELD, "sar", TODAY, date(2026, 12, 21), None)


def test_the_front_desk_has_no_clock_and_receives_for_its_councils(session: Session, kit: Kit) -> None:
    case = request(session, kit, council=None)
    assert clocks(session, case) == []
    enquiry = enquiry_of(session, case, TODAY)
    found = type(enquiry)(on=TODAY, service=enquiry.service, council=COUNTY)
    decide_again(session, kit, case, found, NOON + timedelta(days=5), None)
    assert clocks(session, case) == [(COUNTY, "foi", TODAY, date(2026, 12, 21), None)]


def test_a_complaint_is_acknowledged_first_and_then_its_first_stage_counts(session: Session, kit: Kit) -> None:
    case = request(session, kit, "complaint")
    assert clocks(session, case) == [(COUNTY, "complaint-ack", TODAY, date(2026, 11, 27), None)]
    monday = NOON + timedelta(days=3)
    message_customer(session, case, COUNTY_OFFICER, "We are looking into it", "ack", monday)
    message_customer(session, case, COUNTY_OFFICER, "Still looking", "ack-2", monday + timedelta(days=1))
    assert clocks(session, case) == [
        (COUNTY, "complaint-ack", TODAY, date(2026, 11, 27), "done"),
        (COUNTY, "complaint-stage-1", date(2026, 11, 23), date(2026, 12, 7), None),
    ]


def test_closing_answers_and_reopening_counts_from_where_it_began(session: Session, kit: Kit) -> None:
    case = request(session, kit)
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.ANSWERED, "Enclosed", NOON)
    assert clocks(session, case)[0][4] == "answered"
    reopen_case(session, case, COUNTY_OFFICER, NOON + timedelta(days=9))
    assert clocks(session, case) == [(COUNTY, "foi", TODAY, date(2026, 12, 21), None)]


def test_what_turns_out_to_be_something_else_takes_the_other_laws_clock(session: Session, kit: Kit) -> None:
    case = request(session, kit)
    to, why = queue(session, "nottinghamshire-complaints"), HandoverReason.WRONG_SERVICE
    passing = Passing(service="complaint")
    hand_over(session, kit, case, COUNTY_OFFICER, to, why, "A complaint", NOON, passing=passing)
    assert [(kind, how) for _, kind, _, _, how in clocks(session, case)] == [
        (ClockKind.FOI, "other-kind"),
        (ClockKind.COMPLAINT_ACK, None),
    ]


def test_other_cases_have_no_clock_of_the_law(session: Session, kit: Kit) -> None:
    assert clocks(session, open_one(session, kit)) == []
