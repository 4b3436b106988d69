"""The urgent hand-over: opened through every door, passed on, and taken by one person."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.open_case import queue_by_slug
from cases.actions.settle_case import Learnt, settle_case
from cases.actions.urgent import accept_urgent, escalate_urgent
from cases.errors import ConflictError, RuleError
from cases.models import (
    Appointment,
    AuditEntry,
    Case,
    Channel,
    Event,
    EventKind,
    Matter,
    MatterOutcome,
    Message,
    Office,
    Role,
    RotaPlace,
    StaffUser,
    StepKind,
    UrgentHandover,
    UrgentStage,
    UrgentStep,
)
from cases.models.words import Words
from tests.cases.contacts import matter, record
from tests.cases.places import (
    AGENT,
    ASHFIELD,
    ASHFIELD_OFFICER,
    COUNTY,
    COUNTY_OFFICER,
    MANSFIELD,
    NOON,
    OTHER_COUNTY_OFFICER,
)

Sessions = Callable[..., Session]
DANGERS = {
    "child": ("a child is being hit next door", "children"),
    "homeless": ("I have nowhere to sleep tonight", "homelessness"),
    "wall": ("a wall is about to fall on the pavement", "structures"),
    "suicidal": ("I want to kill myself", "other"),
    "gas": ("I can smell gas in the street", "other"),
    "fire": ("the house is on fire", "other"),
    "cable": ("live wires on the pavement", "other"),
    "road": ("manhole cover missing in the road", "highways"),
}


def said(text: str, **given: object) -> object:
    return matter(None, text=text, place=None, **given)


def all_of(session: Session, model: type) -> list:  # type: ignore[type-arg]
    return list(session.scalars(select(model).order_by(model.id)))


def the_handover(session: Session) -> UrgentHandover:
    return session.scalars(select(UrgentHandover).execution_options(populate_existing=True)).one()


def put_on_duty(session: Session, *staff: int, authority: str | None = COUNTY, **given: object) -> None:
    for position, staff_id in enumerate(staff, 1):
        place = {"weekday": 4, "starts": "00:00", "ends": "24:00", "position": position, **given}
        session.add(RotaPlace(authority_gss=authority, staff_user_id=staff_id, **place))
    session.flush()


def add_supervisor(session: Session, email: str, authority: str | None = None) -> int:
    number = 100 + len(all_of(session, StaffUser))  # the stocked rows have ids of their own, past any sequence
    person = StaffUser(id=number, email=email, name="Grace Example", created_at=NOON)
    person.appointments = [Appointment(role=Role.SUPERVISOR, authority_gss=authority, starts_on=date(2026, 1, 1))]
    session.add(person)
    session.flush()
    return person.id


# --- opening ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "group"), DANGERS.values(), ids=list(DANGERS))
@pytest.mark.parametrize("channel", [Channel.WEB, Channel.PHONE, Channel.SMS, Channel.COUNTER], ids=str)
def test_danger_opens_a_case_and_a_hand_over_through_every_door_without_place_or_person(
    session: Session, kit: Kit, channel: Channel, text: str, group: str
) -> None:
    staff = AGENT if channel in (Channel.PHONE, Channel.COUNTER) else None
    recorded = record(session, kit, said(text), channel=channel, person=None, staff_user_id=staff)
    (case,) = recorded.cases
    handover = the_handover(session)
    assert recorded.urgent is handover
    assert (handover.case_id, handover.group_slug, handover.opened_by_id) == (case.id, group, staff)
    assert handover.stage is (UrgentStage.AGENT if staff else UrgentStage.SUPERVISOR)
    assert case.is_urgent
    assert handover.duty["first"]["phone"], "somebody is to be rung although it is not known whose job it is"
    assert EventKind.URGENT in [event.kind for event in case.events]
    assert "urgent-opened" in [entry.action for entry in all_of(session, AuditEntry)]


def test_another_bodys_danger_is_still_recorded_as_theirs(session: Session, kit: Kit) -> None:
    record(session, kit, said("I can smell gas in the street"), person=None)
    (row,) = all_of(session, Matter)
    assert (row.outcome, row.signpost) == (MatterOutcome.CASE_OPENED, "gas-emergency")
    assert the_handover(session).signpost == "gas-emergency"
    assert all_of(session, Message) == [], "no promise by a date to somebody who has been told to ring at once"


@pytest.mark.parametrize("ends", ["information-given", "signposted"])
def test_danger_is_handed_over_also_when_staff_end_it_otherwise(session: Session, kit: Kit, ends: str) -> None:
    recorded = record(session, kit, said("the house is on fire", ends=ends), staff_user_id=AGENT)
    assert recorded.urgent is not None


def test_an_ordinary_matter_opens_none(session: Session, kit: Kit) -> None:
    record(session, kit)
    assert all_of(session, UrgentHandover) == []


def test_an_answer_that_shortens_a_promise_of_working_days_opens_none(session: Session, kit: Kit) -> None:
    service = kit.service("school-place-in-year")
    assert service is not None and service.urgent_target is not None and service.urgent_target.working_days
    question = next(q for q in service.questions for c in q.choices if c.urgent)
    value = next(c.value for c in question.choices if c.urgent)
    recorded = record(session, kit, matter(service.slug, text="A place", answers={question.id: value}))
    assert recorded.urgent is None


def test_an_answer_that_means_danger_opens_one_at_the_council(session: Session, kit: Kit) -> None:
    record(session, kit, matter(answers={"traffic-swerving": "yes"}))
    handover = the_handover(session)
    assert (handover.authority_gss, handover.group_slug) == (COUNTY, "highways")


def test_homeless_people_are_the_council_whose_counter_they_stand_at(session: Session, kit: Kit) -> None:
    office = session.scalars(select(Office).where(Office.slug == "mansfield-civic-centre")).one()
    text = "homeless with kids, nowhere to sleep tonight"
    recorded = record(
        session, kit, said(text), channel=Channel.COUNTER, office_id=office.id, staff_user_id=AGENT, person=None
    )
    (case,) = recorded.cases
    assert case.authority_gss == MANSFIELD
    assert the_handover(session).duty["first"]["phone"] == "01623 463121"


def test_a_word_of_danger_about_an_open_case_opens_one_on_that_case(session: Session, kit: Kit) -> None:
    (case,) = record(session, kit).cases
    record(session, kit, matter(text="cars are swerving, somebody was nearly killed", join_case_id=case.id))
    assert the_handover(session).case_id == case.id


def test_two_words_of_danger_while_nobody_has_taken_it_are_one_hand_over(session: Session, kit: Kit) -> None:
    (case,) = record(session, kit, said("a child is being hit next door")).cases
    record(session, kit, matter(None, text="the child is being hit again", place=None, join_case_id=case.id))
    assert the_handover(session).case_id == case.id


def test_the_number_follows_the_case_to_the_council_that_is_found(session: Session, kit: Kit) -> None:
    (case,) = record(session, kit, said("a wall is about to fall"), staff_user_id=AGENT).cases
    assert the_handover(session).authority_gss is None
    settle_case(session, kit, case, AGENT, Learnt(where="NG18 1AA"), NOON + timedelta(minutes=3))
    assert the_handover(session).authority_gss == MANSFIELD
    queue = queue_by_slug(session, "ashfield-building-control")
    assert queue is not None
    hand_over(session, kit, case, AGENT, queue, HandoverReason.WRONG_PLACE, "Kirkby", NOON + timedelta(minutes=4))
    assert the_handover(session).authority_gss == ASHFIELD


# --- passing on -------------------------------------------------------------------------------------------------------


def open_pothole(session: Session, kit: Kit) -> UrgentHandover:
    record(session, kit, matter(answers={"traffic-swerving": "yes"}), staff_user_id=AGENT)
    return the_handover(session)


def steps(session: Session) -> list[tuple[StepKind, int | None]]:
    return [(step.kind, step.staff_user_id) for step in all_of(session, UrgentStep)]


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_nobody_taking_it_asks_the_next_every_ten_minutes_and_then_all_supervisors(session: Session, kit: Kit) -> None:
    put_on_duty(session, COUNTY_OFFICER, OTHER_COUNTY_OFFICER)
    grace = add_supervisor(session, "grace@example.org")
    own = add_supervisor(session, "own@example.org", COUNTY)
    add_supervisor(session, "elsewhere@example.org", ASHFIELD)
    open_pothole(session, kit)
    assert steps(session) == [(StepKind.ROTA, COUNTY_OFFICER)], "the first on duty is asked at once"
    assert escalate_urgent(session, kit, at(9.99)) == 0
    assert the_handover(session).stage is UrgentStage.AGENT
    assert escalate_urgent(session, kit, at(10)) == 1
    assert the_handover(session).stage is UrgentStage.SUPERVISOR
    assert steps(session)[1:] == [(StepKind.ROTA, OTHER_COUNTY_OFFICER)]
    assert escalate_urgent(session, kit, at(19)) == 0
    assert escalate_urgent(session, kit, at(20)) == 1
    assert steps(session)[2:] == [(StepKind.SUPERVISORS, None)]
    asked = {m.to_value for m in all_of(session, Message) if m.dedupe_key.endswith((f":3:{grace}", f":3:{own}"))}
    assert asked == {"grace@example.org", "own@example.org"}
    assert escalate_urgent(session, kit, at(49)) == 0
    for minutes in (50, 80, 110, 600):
        assert escalate_urgent(session, kit, at(minutes)) == 1, "it never ends in silence"
    assert [kind for kind, _ in steps(session)[2:]] == [StepKind.SUPERVISORS] * 5


def test_with_nobody_on_the_rota_all_supervisors_are_asked_after_ten_minutes(session: Session, kit: Kit) -> None:
    add_supervisor(session, "grace@example.org")
    open_pothole(session, kit)
    assert steps(session) == []
    escalate_urgent(session, kit, at(10))
    assert steps(session) == [(StepKind.SUPERVISORS, None)]


def test_messages_to_those_on_duty_say_nothing_of_the_case(session: Session, kit: Kit) -> None:
    put_on_duty(session, COUNTY_OFFICER, phone="+447700900777")
    put_on_duty(session, OTHER_COUNTY_OFFICER)
    case = session.get_one(Case, open_pothole(session, kit).case_id)
    escalate_urgent(session, kit, at(10))
    first, second = [m for m in all_of(session, Message) if m.purpose == "urgent-duty"]
    assert (first.channel, first.to_value) == (Channel.SMS, "+447700900777")
    assert (second.channel, second.to_value) == (Channel.EMAIL, "staff4@example.org")
    for message in (first, second):
        text = session.get_one(Words, message.words_id).text or ""
        assert message.case_id is None
        assert "/staff/urgent/" in text
        for secret in (case.reference, "Ann", "pothole", "hole"):
            assert secret not in text


@pytest.mark.parametrize(
    ("given", "is_asked"),
    [
        ({"weekday": 4, "starts": "11:59", "ends": "12:01"}, True),
        ({"weekday": 4, "starts": "12:00", "ends": "12:01"}, True),
        ({"weekday": 4, "starts": "11:00", "ends": "12:00"}, False),
        ({"weekday": 3}, False),
        ({"group_slug": "highways"}, True),
        ({"group_slug": "children"}, False),
        ({"authority": ASHFIELD}, False),
        ({"authority": None}, False),
    ],
)
def test_only_who_is_on_duty_at_that_minute_for_that_is_asked(
    session: Session, kit: Kit, given: dict[str, object], is_asked: bool
) -> None:
    put_on_duty(session, COUNTY_OFFICER, **given)  # type: ignore[arg-type]
    open_pothole(session, kit)
    assert bool(steps(session)) is is_asked


def test_what_has_been_taken_is_passed_on_no_more(session: Session, kit: Kit) -> None:
    handover = open_pothole(session, kit)
    accept_urgent(session, kit, handover.id, AGENT, "Duty Officer", "", at(5))
    assert escalate_urgent(session, kit, at(500)) == 0


# --- taking -----------------------------------------------------------------------------------------------------------


def test_taking_needs_only_a_name_and_keeps_the_promise_in_words(session: Session, kit: Kit) -> None:
    handover = open_pothole(session, kit)
    with pytest.raises(RuleError):
        accept_urgent(session, kit, handover.id, AGENT, "  ", "Soon", at(1))
    taken = accept_urgent(session, kit, handover.id, AGENT, " Pat  Duty ", "Crew within the hour", at(2))
    assert (taken.taken_by, taken.accepted_at, taken.accepted_by_id) == ("Pat Duty", at(2), AGENT)
    event = session.scalars(select(Event).where(Event.kind == EventKind.URGENT).order_by(Event.seq.desc())).first()
    assert event is not None and event.words is not None
    assert event.words.text == "Taken by Pat Duty. Promised: Crew within the hour"
    assert event.data == {"urgent": "taken", "handover": handover.id, "group": "highways"}
    assert taken.duty["taken"]["kind"] == "in-hours"


def test_second_to_take_it_is_told_who_has_it(session: Session, kit: Kit) -> None:
    handover = open_pothole(session, kit)
    accept_urgent(session, kit, handover.id, AGENT, "Pat Duty", "", at(2))
    with pytest.raises(ConflictError, match=r"Pat Duty took it at 12:02"):
        accept_urgent(session, kit, handover.id, COUNTY_OFFICER, "Sam Other", "", at(3))
    assert the_handover(session).taken_by == "Pat Duty"


def test_of_two_at_the_same_moment_one_has_it(sessions: Sessions, kit: Kit) -> None:
    with sessions() as session:
        handover_id = open_pothole(session, kit).id
        session.commit()

    def take(name: str) -> str:
        with sessions() as session:
            try:
                accept_urgent(session, kit, handover_id, AGENT, name, "", at(1))
                session.commit()
            except ConflictError as error:
                session.rollback()
                return error.message
            return ""

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(take, ["Ada", "Bea", "Cy", "Di"]))
    with sessions() as session:
        won = the_handover(session).taken_by
        events = [e for e in all_of(session, Event) if e.data.get("urgent") == "taken"]
    assert answers.count("") == 1
    assert all(answer.startswith(f"{won} took it") for answer in answers if answer)
    assert len(events) == 1


def test_two_workers_at_once_ask_the_next_once(sessions: Sessions, kit: Kit) -> None:
    with sessions() as session:
        put_on_duty(session, COUNTY_OFFICER, OTHER_COUNTY_OFFICER, ASHFIELD_OFFICER)
        open_pothole(session, kit)
        session.commit()

    def work(_: int) -> int:
        with sessions() as session:
            count = escalate_urgent(session, kit, at(10))
            session.commit()
            return count

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    with sessions() as session:
        assert steps(session) == [(StepKind.ROTA, COUNTY_OFFICER), (StepKind.ROTA, OTHER_COUNTY_OFFICER)]


def test_a_worker_killed_before_its_commit_has_done_nothing_and_the_next_does_it(sessions: Sessions, kit: Kit) -> None:
    with sessions() as session:
        put_on_duty(session, COUNTY_OFFICER, OTHER_COUNTY_OFFICER)
        open_pothole(session, kit)
        session.commit()
    with sessions() as session:
        escalate_urgent(session, kit, at(10))
        session.rollback()
    with sessions() as session:
        assert escalate_urgent(session, kit, at(11)) == 1
        session.commit()
        assert steps(session)[-1] == (StepKind.ROTA, OTHER_COUNTY_OFFICER)
