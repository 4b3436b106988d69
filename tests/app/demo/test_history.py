from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.staff import signing_in
from app.extensions import db
from cases.local_day import LONDON
from cases.models.case import Case, CaseStatus, Event, EventKind, Handover
from cases.models.contact import Channel, Contact, Matter, MatterOutcome, Openness
from cases.models.handover import AnswerState, HandoverAnswer
from cases.models.messages import InboxItem, InboxState, Message, MessageState
from cases.models.person import ContactPoint, ContactPointKind, Person, PersonKind
from cases.models.staff import StaffUser
from cases.models.urgent import RotaPlace, UrgentHandover
from cases.models.words import Words
from tests.app.demo.conftest import loaded_app
from tests.app.doors import NOON
from tests.servers.databases import Databases

FICTION = re.compile(r"\+447700900\d{3}|\+441154960\d{3}")


def cases(session: Session) -> list[Case]:
    return list(session.scalars(select(Case)))


def open_cases(session: Session) -> list[Case]:
    return [case for case in cases(session) if case.is_open]


def test_there_are_some_two_hundred_cases_and_two_in_five_are_open(demo_session: Session) -> None:
    number = len(cases(demo_session))
    assert 200 <= number <= 250
    assert 0.38 <= len(open_cases(demo_session)) / number <= 0.47


def test_people_use_the_four_doors_as_they_do_in_life(demo_session: Session) -> None:
    all_cases = cases(demo_session)
    shares = {c: n / len(all_cases) for c, n in Counter(case.opened_by_channel for case in all_cases).items()}
    expected = {Channel.PHONE: 0.52, Channel.WEB: 0.31, Channel.SMS: 0.11, Channel.COUNTER: 0.06}
    assert shares == pytest.approx(expected, abs=0.04)


def test_every_council_has_open_cases_and_so_has_the_front_desk(demonstration: Flask, demo_session: Session) -> None:
    open_at = Counter(case.authority_gss for case in open_cases(demo_session))
    for authority in demonstration.extensions["register"].authorities.values():
        assert open_at[authority.gss] >= 3, authority.name
    assert open_at[None] >= 3


def test_some_are_late_some_urgent_and_some_came_today(demo_session: Session) -> None:
    waiting = open_cases(demo_session)
    assert 10 <= sum(case.is_overdue(NOON) for case in waiting) <= 24
    assert sum(case.is_urgent for case in waiting) >= 5
    assert any(case.received_at.date() == NOON.date() for case in waiting)


def test_what_is_urgent_has_been_taken_by_somebody_or_came_just_now(demo_session: Session) -> None:
    for case in open_cases(demo_session):
        if case.is_urgent and case.authority_gss and NOON - case.received_at > timedelta(hours=24):
            assert case.owner_id is not None


def test_some_were_first_guessed_wrong_and_handed_over_both_ways(demonstration: Flask, demo_session: Session) -> None:
    register = demonstration.extensions["register"]
    handovers = list(demo_session.scalars(select(Handover)))
    assert 8 <= len(handovers) <= 17
    tiers = {register.by_gss(h.to_authority_gss).tier for h in handovers if h.to_authority_gss}
    assert tiers == {"county", "district"}
    assert all(h.words_id for h in handovers)


def test_one_hand_over_waits_for_its_answer_and_one_was_refused(
    demonstration: Flask, demo_session: Session
) -> None:
    answers = list(demo_session.scalars(select(HandoverAnswer)))
    waiting = [a for a in answers if a.state is AnswerState.WAITING and a.due_at]
    (refused,) = [a for a in answers if a.state is AnswerState.REFUSED]
    assert len(waiting) == 1 and waiting[0].due_at and waiting[0].due_at > NOON
    assert refused.case.authority_gss == refused.handover.from_authority_gss
    assert refused.words_id is not None


def test_the_people_one_signs_in_as_have_work(demonstration: Flask, demo_session: Session) -> None:
    owners = Counter(case.owner.name for case in open_cases(demo_session) if case.owner)
    assert all(owners[name] >= 1 for name in ("Tom Wilder", "Shazia Qadri", "Elin Vaughan"))
    calls = select(func.count()).select_from(Contact).join(StaffUser, StaffUser.id == Contact.staff_user_id)
    lately = Contact.received_at > NOON - timedelta(days=4)
    assert (demo_session.scalar(calls.where(StaffUser.name == "Megan Fry", lately)) or 0) >= 5
    assert (demo_session.scalar(calls.where(StaffUser.name == "Winston Bell")) or 0) >= 3


def test_there_are_chasers_signposts_questions_and_all_sorts_of_people(demo_session: Session) -> None:
    outcomes = Counter(demo_session.scalars(select(Matter.outcome)))
    assert outcomes[MatterOutcome.ADDED_TO_CASE] >= 5
    assert outcomes[MatterOutcome.SIGNPOSTED] >= 8
    waiting = [c for c in open_cases(demo_session) if c.status is CaseStatus.WAITING and c.authority_gss is None]
    assert waiting and all(c.decisions[-1].needs for c in waiting)
    openness = {role.openness for case in cases(demo_session) for role in case.roles}
    assert Openness.CONFIDENTIAL in openness
    assert any(not case.roles for case in cases(demo_session)), "somebody gave no name"
    people = list(demo_session.scalars(select(Person)))
    assert any(person.kind is PersonKind.ORGANISATION for person in people)
    assert any(person.language for person in people) and any(person.needs for person in people)
    with_phone = {p.person_id for p in demo_session.scalars(select(ContactPoint).where(ContactPoint.kind == "phone"))}
    assert any(person.id not in with_phone for person in people)


def test_every_timeline_is_whole_and_in_order_and_nothing_is_in_the_future(demo_session: Session) -> None:
    events: dict[int, list[Event]] = {}
    for event in demo_session.scalars(select(Event).order_by(Event.case_id, Event.seq)):
        events.setdefault(event.case_id, []).append(event)
    for case in cases(demo_session):
        mine = events[case.id]
        assert [e.seq for e in mine] == list(range(1, case.last_event_seq + 1))
        assert mine[0].kind is EventKind.OPENED
        assert [e.at for e in mine] == sorted(e.at for e in mine)
        assert mine[-1].at <= NOON
        assert (mine[-1].kind in (EventKind.CLOSED, EventKind.MESSAGE)) or case.is_open


def test_nobody_rings_or_walks_in_when_it_is_shut(demo_session: Session) -> None:
    for contact in demo_session.scalars(select(Contact)):
        local = contact.received_at.astimezone(LONDON)
        assert contact.received_at < NOON
        assert time(7) <= local.time() < time(22)
        if contact.channel is Channel.COUNTER or (contact.channel is Channel.PHONE and contact.staff_user_id):
            assert local.weekday() < 5 and time(8) <= local.time() < time(18)


def test_monday_morning_is_the_busiest(demo_session: Session) -> None:
    calls = demo_session.scalars(select(Contact.received_at).where(Contact.channel == Channel.PHONE))
    days = Counter(at.astimezone(LONDON).weekday() for at in calls)
    assert days[0] == max(days.values())


def test_no_number_and_no_address_could_be_anybodys(demo_session: Session) -> None:
    for point in demo_session.scalars(select(ContactPoint)):
        if point.kind is ContactPointKind.PHONE:
            assert FICTION.fullmatch(point.value_key), point.value_key
        elif point.kind is ContactPointKind.EMAIL:
            assert point.value.endswith("@example.org")
    for number in re.findall(r"(?:\+44|\b0)\d[\d ]{8,}", " ".join(_customers_words(demo_session))):
        assert FICTION.fullmatch("+44" + number.replace(" ", "").removeprefix("+44").removeprefix("0")), number


def _customers_words(session: Session) -> list[str]:
    return [text for text in session.scalars(select(Words.text).where(Words.kind != "message")) if text]


def test_no_two_people_said_the_same(demo_session: Session) -> None:
    said = [c.words.text for c in demo_session.scalars(select(Matter)) if c.words]
    assert len(said) == len(set(said))


def test_nothing_is_left_to_send_or_to_read(demo_session: Session) -> None:
    assert set(demo_session.scalars(select(Message.state))) == {MessageState.DELIVERED}
    assert set(demo_session.scalars(select(InboxItem.state))) == {InboxState.DONE}
    latest = demo_session.scalar(select(func.max(Message.settled_at)))
    assert latest is not None and latest <= NOON


def test_nothing_was_written_about_a_sensitive_case(demo_session: Session) -> None:
    sensitive = [case.id for case in cases(demo_session) if case.is_sensitive]
    assert len(sensitive) >= 8
    assert demo_session.scalar(select(func.count()).where(Message.case_id.in_(sensitive))) == 0


def test_a_person_can_sign_in_as_each_of_the_seven(demonstration: Flask, demo_session: Session) -> None:
    posts = signing_in(demonstration.extensions["register"])
    with_password = set(demo_session.scalars(select(StaffUser.email).where(StaffUser.password_hash.is_not(None))))
    assert with_password == {post.email for post in posts}
    assert len(posts) == 7


def test_the_other_partnership_has_a_demonstration_too(
    databases: Callable[[str], Databases], tmp_path: Path, quick_hashes: None
) -> None:
    with databases("sqlite").migrated() as url:
        app = loaded_app(url, tmp_path, "hampshire-iow")
        with app.app_context():
            open_at = Counter(case.authority_gss for case in open_cases(db.session))
            for authority in app.extensions["register"].authorities.values():
                assert open_at[authority.gss] >= 1, authority.name
            said = " ".join(_customers_words(db.session))
            assert "Nottingham" not in said
            db.session.rollback()
            db.engine.dispose()


def test_what_was_urgent_has_been_taken_by_name_and_somebody_is_on_duty(demo_session: Session) -> None:
    handovers = list(demo_session.scalars(select(UrgentHandover)))
    assert handovers
    assert all(handover.taken_by and handover.words_id for handover in handovers)
    assert all(h.accepted_at and h.accepted_at - h.opened_at <= timedelta(minutes=10) for h in handovers)
    assert demo_session.scalar(select(RotaPlace.id).where(RotaPlace.authority_gss.is_(None)).limit(1))
    assert demo_session.scalar(select(RotaPlace.id).where(RotaPlace.authority_gss.is_not(None)).limit(1))
