"""What the desk finds while somebody waits, how often it asks the database, and what it never finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from cases.access import Actor, Post
from cases.actions.casework import close_case
from cases.actions.kit import Kit
from cases.actions.pins import new_pin_for
from cases.errors import NotFoundError, RuleError
from cases.models import Case, CaseRole, Channel, Outcome, Person, Role, RoleKind
from cases.queries.desk import (
    find_desk_case_for,
    find_people_for,
    get_person_for,
    last_public_events,
    open_cases_for_person,
)
from tests.cases.contacts import PHONE, matter, open_one, person
from tests.cases.places import AGENT, ASHFIELD, COUNTY, IN_MANSFIELD, MANSFIELD, NOON

FRONT_DESK = Actor(AGENT, "Staff", (Post(Role.AGENT, None),))


def agent_of(gss: str) -> Actor:
    return Actor(AGENT, "Staff", (Post(Role.AGENT, gss),))


@contextmanager
def queries(session: Session) -> Iterator[list[str]]:
    said: list[str] = []
    engine = session.get_bind().engine

    def note(*args: object) -> None:
        said.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def call(session: Session, kit: Kit, service: str = "pothole", **given: object) -> Case:
    case = open_one(session, kit, matter(service), channel=Channel.PHONE, **given)
    session.flush()
    return case


def person_of(session: Session, case: Case) -> Person:
    return session.scalars(select(Person).join(CaseRole).where(CaseRole.case_id == case.id)).one()


@pytest.mark.parametrize(("text", "most"), [(PHONE, 2), ("07700 900", 2), ("ann", 3), ("example", 3), ("nobody", 3)])
def test_number_of_queries_does_not_grow_with_what_is_found(session: Session, kit: Kit, text: str, most: int) -> None:
    for n in range(12):
        call(session, kit, person=person(name=f"Ann Example {n}", phone=f"+4477009001{n:02}"))
    session.expire_all()
    with queries(session) as said:
        find_people_for(session, FRONT_DESK, text, 8)
    assert len(said) <= most


def test_open_cases_take_one_query_however_many_there_are(session: Session, kit: Kit) -> None:
    first = call(session, kit)
    for service in ("missed-bin", "street-light", "fly-tipping"):
        if service in kit.catalogue.services:
            call(session, kit, service)
    known = get_person_for(session, FRONT_DESK, person_of(session, first).id)
    with queries(session) as said:
        found = open_cases_for_person(session, FRONT_DESK, known)
    assert len(said) == 1
    assert len(found) >= 3


def test_record_known_only_from_a_sensitive_case_is_not_found(session: Session, kit: Kit) -> None:
    case = call(session, kit, "adult-safeguarding")
    known = person_of(session, case)
    for text in (PHONE, "ann example", case.reference):
        assert find_people_for(session, FRONT_DESK, text) == []
    assert find_desk_case_for(session, FRONT_DESK, case.reference) is None
    with pytest.raises(NotFoundError):
        get_person_for(session, FRONT_DESK, known.id)


def test_sensitive_case_of_a_record_found_by_another_is_not_among_its_open_cases(session: Session, kit: Kit) -> None:
    quiet = call(session, kit, "adult-safeguarding")
    loud = call(session, kit)
    known = get_person_for(session, FRONT_DESK, person_of(session, loud).id)
    assert [c.case_id for c in open_cases_for_person(session, FRONT_DESK, known)] == [loud.id]
    assert quiet.is_sensitive


def test_record_of_another_council_is_as_if_it_were_not_there(session: Session, kit: Kit) -> None:
    known = person_of(session, call(session, kit))
    assert known.controller_gss == COUNTY
    assert [r.person_id for r in find_people_for(session, agent_of(COUNTY), PHONE)] == [known.id]
    assert find_people_for(session, agent_of(ASHFIELD), PHONE) == []
    with pytest.raises(NotFoundError):
        get_person_for(session, agent_of(ASHFIELD), known.id)


def test_who_has_no_post_at_a_desk_finds_nobody(session: Session, kit: Kit) -> None:
    call(session, kit)
    nobody = Actor(AGENT, "Staff", (Post(Role.ADMINISTRATOR, None),))
    assert find_people_for(session, nobody, PHONE) == []


def test_cases_of_a_namesake_with_another_number_are_not_taken_for_theirs(session: Session, kit: Kit) -> None:
    mine = call(session, kit)
    call(session, kit, "missed-bin", person=person(phone="+447700900999"))
    known = get_person_for(session, FRONT_DESK, person_of(session, mine).id)
    assert [c.case_id for c in open_cases_for_person(session, FRONT_DESK, known)] == [mine.id]


def test_person_complained_about_is_not_offered_the_case(session: Session, kit: Kit) -> None:
    mine = call(session, kit)
    about = call(session, kit, person=person(name="Bob Example", phone="+447700900555"))
    known = person_of(session, mine)
    session.add(CaseRole(case_id=about.id, person_id=known.id, role=RoleKind.COMPLAINED_ABOUT, added_at=NOON))
    session.flush()
    known = get_person_for(session, FRONT_DESK, known.id)
    assert [c.case_id for c in open_cases_for_person(session, FRONT_DESK, known)] == [mine.id]
    assert "Ann Example" not in [r.name for r in find_people_for(session, FRONT_DESK, about.reference)]


def test_closed_case_is_not_among_the_open_ones_but_is_found_by_its_reference(session: Session, kit: Kit) -> None:
    case = call(session, kit)
    known = person_of(session, case)
    close_case(session, kit, case, AGENT, Outcome.DONE, "", NOON, tell=False)
    assert open_cases_for_person(session, FRONT_DESK, get_person_for(session, FRONT_DESK, known.id)) == []
    found = find_desk_case_for(session, FRONT_DESK, case.reference)
    assert found is not None
    assert not found.is_overdue(NOON)


def test_blanked_record_is_gone(session: Session, kit: Kit) -> None:
    known = person_of(session, call(session, kit))
    known.blanked_at = NOON
    session.flush()
    assert find_people_for(session, FRONT_DESK, PHONE) == []


def test_public_events_carry_no_notes(session: Session, kit: Kit) -> None:
    case = call(session, kit)
    new_pin_for(session, kit, case, AGENT, NOON)
    assert [e.kind.value for e in last_public_events(session, case.id)] == ["opened"]


def test_new_pin_replaces_the_old(session: Session, kit: Kit) -> None:
    case = call(session, kit)
    before = case.pin_hash
    pin = new_pin_for(session, kit, case, AGENT, NOON)
    assert case.pin_hash != before
    assert kit.sealer.matches(case.pin_hash, "pin", case.reference, pin)


def test_sensitive_case_gets_no_pin(session: Session, kit: Kit) -> None:
    case = call(session, kit, "adult-safeguarding")
    with pytest.raises(RuleError):
        new_pin_for(session, kit, case, AGENT, NOON)
    assert case.pin_hash is None


def test_record_of_mansfield_is_found_beside_the_countys(session: Session, kit: Kit) -> None:
    call(session, kit)
    from tests.cases.contacts import place

    open_one(session, kit, matter("missed-bin", place=place(IN_MANSFIELD)), channel=Channel.PHONE)
    found = find_people_for(session, FRONT_DESK, PHONE)
    assert {record.council_gss for record in found} == {COUNTY, MANSFIELD}
