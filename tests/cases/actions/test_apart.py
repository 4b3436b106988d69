"""Somebody's record in a sensitive case stays apart from what the same council knows of them otherwise."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.access import Actor, Post
from cases.actions.given import SafeWays
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.open_case import queue_by_slug
from cases.actions.outgoing import reply_point
from cases.models import Case, Channel, ContactPoint, Person
from cases.models.staff import Role
from cases.queries.desk import find_people_for
from tests.cases.contacts import EMAIL, matter, messages, open_one, person
from tests.cases.places import AGENT, ASHFIELD, COUNTY_OFFICER, NOON

FRONT_DESK = Actor(AGENT, "Ada Example", (Post(Role.AGENT, None),))


def person_of(case: Case) -> Person:
    return case.roles[0].person


def give(session: Session, kit: Kit, case: Case, slug: str) -> None:
    queue = queue_by_slug(session, slug)
    assert queue is not None
    hand_over(session, kit, case, COUNTY_OFFICER, queue, HandoverReason.OTHER_COUNCILS_JOB, "Theirs", NOON)
    session.flush()


def test_what_was_told_in_confidence_is_not_shown_with_a_pothole(session: Session, kit: Kit) -> None:
    pothole = open_one(session, kit)
    told = person(email="new.start@example.org", address="The Refuge, 1 Hidden Lane")
    private = open_one(session, kit, matter("adult-safeguarding"), person=told)
    assert pothole.controller_gss == private.controller_gss
    session.expire_all()
    assert [p.value for p in person_of(pothole).contact_points] == [person().phone]


def test_a_later_report_under_the_same_name_and_number_calls_nothing_safe(session: Session, kit: Kit) -> None:
    private = open_one(session, kit, matter("adult-safeguarding"), person=person(safe=SafeWays()))
    pothole = open_one(session, kit, person=person(safe=SafeWays(text=True)), channel=Channel.WEB)
    assert person_of(pothole) is not person_of(private)
    point = reply_point(session, private)
    assert point is not None and not point.safe_text


def test_who_asks_after_their_own_sensitive_case_gets_no_second_record(session: Session, kit: Kit) -> None:
    private = open_one(session, kit, matter("adult-safeguarding"))
    chaser = replace(matter(None), join_case_id=private.id, text="Any news?")
    open_one(session, kit, chaser, channel=Channel.PHONE, staff_user_id=AGENT)
    session.expire_all()
    assert len(private.roles) == 1
    assert len(session.scalars(select(Person)).all()) == 1


def test_a_record_goes_along_with_a_sensitive_case_and_none_stays_behind(session: Session, kit: Kit) -> None:
    private = open_one(session, kit, matter("adult-safeguarding"))
    give(session, kit, private, "ashfield-housing-options")
    assert [p.controller_gss for p in session.scalars(select(Person))] == [ASHFIELD]
    assert {p.controller_gss for p in session.scalars(select(ContactPoint))} == {ASHFIELD}
    assert find_people_for(session, FRONT_DESK, "Ann Example") == []


def test_a_sensitive_case_handed_over_does_not_join_what_the_receiver_knows(session: Session, kit: Kit) -> None:
    bin_case = open_one(session, kit, matter("missed-bin"), person=person(safe=SafeWays(text=True)))
    private = open_one(session, kit, matter("adult-safeguarding"), person=person(safe=SafeWays()))
    give(session, kit, private, "ashfield-housing-options")
    assert bin_case.controller_gss == private.controller_gss == ASHFIELD
    assert person_of(bin_case) is not person_of(private)
    point = reply_point(session, private)
    assert point is not None and not point.safe_text


def test_a_way_is_safe_after_a_hand_over_only_where_both_records_say_so(session: Session, kit: Kit) -> None:
    open_one(session, kit, matter("missed-bin"), person=person(email=EMAIL))
    pothole = open_one(session, kit, person=person(email=EMAIL, safe=SafeWays(email=True)))
    before = len(messages(session))
    give(session, kit, pothole, "ashfield-waste")
    twin = {p.value_key: (p.safe_text, p.safe_email) for p in person_of(pothole).contact_points}
    assert twin == {person().phone: (False, False), EMAIL: (False, True)}
    sent = messages(session)[before:]
    assert {m.channel for m in sent} <= {Channel.EMAIL}


def test_a_record_that_staff_chose_is_not_added_to_by_what_is_said_in_confidence(session: Session, kit: Kit) -> None:
    pothole = open_one(session, kit, person=person(needs="Large print"))
    known = person_of(pothole)
    told = person(person_id=known.id, address="The Refuge, 1 Hidden Lane", safe=SafeWays())
    private = open_one(session, kit, matter("adult-safeguarding"), person=told, staff_user_id=AGENT)
    session.expire_all()
    assert [(p.value, p.safe_text) for p in known.contact_points] == [(told.phone, True)]
    assert person_of(private).needs == "Large print"
    again = person(person_id=person_of(private).id, safe=SafeWays(call=True))
    second = open_one(session, kit, matter("adult-safeguarding"), person=again, staff_user_id=AGENT)
    assert person_of(second) is person_of(private)
