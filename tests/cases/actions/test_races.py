"""Many at the same moment, each with a session and a connection of its own, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from cases.actions.audit import record_audit, seal_audit, verify_audit
from cases.actions.casework import add_note, take_case
from cases.actions.kit import Kit
from cases.actions.record_contact import record_contact
from cases.errors import ConflictError
from cases.models import AuditEntry, Case, Contact, Event, EventKind, InboxItem, Message
from cases.sealing import Sealer
from tests.cases.conftest import Sessions
from tests.cases.contacts import contact, matter, open_one, record
from tests.cases.places import COUNTY_OFFICER, NOON, OTHER_COUNTY_OFFICER

AT_ONCE = 20


def at_once(sessions: Sessions, act: Callable[[Session], object], times: int = AT_ONCE) -> list[object]:
    """What each of the threads got, committed; they begin together."""
    ready = Barrier(times)

    def one(_: int) -> object:
        ready.wait(20)
        with sessions() as session:
            result = act(session)
            session.commit()
            return result

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def count(sessions: Sessions, model: type) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def open_committed(sessions: Sessions, kit: Kit) -> int:
    with sessions() as session:
        case_id = open_one(session, kit).id
        session.commit()
        return case_id


@pytest.fixture
def kit(kit: Kit) -> Kit:
    """With real randomness: a fixed one is no use among threads."""
    return replace(kit, sealer=Sealer(b"a key for tests"))


def test_a_form_sent_twenty_times_at_once_is_one_contact_and_one_case(sessions: Sessions, kit: Kit) -> None:
    def send(session: Session) -> tuple[int, bool]:
        recorded = record_contact(session, kit, contact(submission_key="the-same"), now=NOON)
        return recorded.contact.id, recorded.repeated

    results = at_once(sessions, send)
    assert len({contact_id for contact_id, _ in results}) == 1  # type: ignore[misc]
    assert sorted(repeated for _, repeated in results) == [False] + [True] * (AT_ONCE - 1)  # type: ignore[misc]
    assert (count(sessions, Contact), count(sessions, Case), count(sessions, Message)) == (1, 1, 1)


def test_a_message_delivered_twenty_times_at_once_is_one_contact_and_one_case(sessions: Sessions, kit: Kit) -> None:
    with sessions() as session:
        item = InboxItem(provider="twilio", provider_id="SM1", kind="sms", received_at=NOON, payload=b"")
        session.add(item)
        session.commit()
        item_id = item.id
    at_once(sessions, lambda session: record_contact(session, kit, contact(inbox_item_id=item_id), now=NOON).repeated)
    assert (count(sessions, Contact), count(sessions, Case)) == (1, 1)


def test_twenty_different_contacts_at_once_are_twenty_cases(sessions: Sessions, kit: Kit) -> None:
    references = at_once(sessions, lambda session: record(session, kit).cases[0].reference)
    assert len(set(references)) == AT_ONCE


def test_two_who_draw_the_same_reference_both_get_a_case(sessions: Sessions, kit: Kit) -> None:
    class AlmostAlways:
        """Only four references are left to draw."""

        def randrange(self, start: int, stop: int) -> int:
            return Sealer(b"").random.randrange(start, min(stop, start + 4))

    few = replace(kit, sealer=Sealer(b"a key for tests", AlmostAlways()))
    references = at_once(sessions, lambda session: record(session, few).cases[0].reference, times=3)
    assert len(set(references)) == 3


def test_twenty_who_ask_after_one_case_at_once_are_all_on_its_timeline(sessions: Sessions, kit: Kit) -> None:
    case_id = open_committed(sessions, kit)
    at_once(sessions, lambda session: record(session, kit, matter(join_case_id=case_id)).results[0].is_chaser)
    with sessions() as session:
        events = session.scalars(select(Event).where(Event.case_id == case_id).order_by(Event.seq)).all()
    assert sum(event.kind is EventKind.CONTACT for event in events) == AT_ONCE
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


def seen_by_two(sessions: Sessions, case_id: int) -> Iterator[tuple[Session, Case]]:
    """The case as two people's pages showed it, each in a session that is still open."""
    for _ in range(2):
        session = sessions(expire_on_commit=False)
        case = session.get_one(Case, case_id)
        session.commit()
        yield session, case


def test_of_two_who_take_a_case_from_the_same_page_the_second_is_told(sessions: Sessions, kit: Kit) -> None:
    (first, mine), (second, yours) = seen_by_two(sessions, open_committed(sessions, kit))
    take_case(first, mine, COUNTY_OFFICER, NOON)
    first.commit()
    with pytest.raises(StaleDataError):
        take_case(second, yours, OTHER_COUNTY_OFFICER, NOON)
    second.rollback()
    with sessions() as session:
        assert session.get_one(Case, mine.id).owner_id == COUNTY_OFFICER


def test_a_note_written_beside_another_change_is_a_conflict_and_no_silent_loss(sessions: Sessions, kit: Kit) -> None:
    (first, mine), (second, yours) = seen_by_two(sessions, open_committed(sessions, kit))
    add_note(first, mine, COUNTY_OFFICER, "First", NOON)
    first.commit()
    with pytest.raises(StaleDataError):
        add_note(second, yours, OTHER_COUNTY_OFFICER, "Second", NOON)
    second.rollback()


def test_twenty_who_take_a_case_at_once_leave_it_with_one_of_them(sessions: Sessions, kit: Kit) -> None:
    case_id = open_committed(sessions, kit)

    def take(session: Session) -> bool:
        try:
            take_case(session, session.get_one(Case, case_id), COUNTY_OFFICER, NOON)
            session.commit()
        except (StaleDataError, ConflictError):
            session.rollback()
            return False
        return True

    assert True in at_once(sessions, take)
    with sessions() as session:
        taken = select(func.count()).where(Event.case_id == case_id, Event.kind == EventKind.TAKEN)
        assert session.scalar(taken) == 1


def test_sealers_at_the_same_moment_cannot_fork_the_chain(sessions: Sessions) -> None:
    with sessions() as session:
        for number in range(50):
            record_audit(
                session,
                actor_id=COUNTY_OFFICER,
                authority_gss=None,
                action="case.read",
                subject_kind="case",
                subject_id=number,
                now=NOON,
            )
        session.commit()

    def seal(session: Session) -> int:
        try:
            sealed = seal_audit(session)
            session.commit()
        except (IntegrityError, StaleDataError):
            session.rollback()
            return 0
        return sealed

    assert sum(map(int, at_once(sessions, seal, times=5))) >= 50  # type: ignore[call-overload]
    with sessions() as session:
        assert list(verify_audit(session)) == []
        assert session.scalars(select(AuditEntry.seq).order_by(AuditEntry.seq)).all() == list(range(1, 51))
