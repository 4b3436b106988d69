"""The audit trail: sealed into a chain, in which what was altered, taken out or moved is found."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cases.actions.audit import BATCH, record_audit, seal_audit, unsealed_tail, verify_audit
from cases.models import AuditEntry
from tests.cases.places import COUNTY, COUNTY_OFFICER, NOON


def note(session: Session, count: int = 1, **fields: object) -> None:
    for number in range(count):
        given = {
            "actor_id": COUNTY_OFFICER,
            "authority_gss": COUNTY,
            "action": "case.read",
            "subject_kind": "case",
            "subject_id": number,
            "now": NOON + timedelta(seconds=number),
            "data": {"why": "asked", "n": number},
            **fields,
        }
        record_audit(session, **given)  # type: ignore[arg-type]
    session.flush()


def faults(session: Session) -> list[tuple[int, str]]:
    session.expire_all()
    return [(fault.seq, fault.message) for fault in verify_audit(session)]


@pytest.fixture
def sealed(session: Session) -> Session:
    note(session, 5)
    assert seal_audit(session) == 5
    return session


def test_entries_are_numbered_from_one_without_gaps_each_after_the_one_before(sealed: Session) -> None:
    rows = sealed.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous_hash for row in rows] == ["0" * 64, *(row.hash for row in rows[:-1])]
    assert faults(sealed) == []


def test_sealing_goes_on_from_where_it_stopped(sealed: Session) -> None:
    note(sealed, 3)
    assert unsealed_tail(sealed) == 3
    assert seal_audit(sealed) == 3
    assert (unsealed_tail(sealed), seal_audit(sealed), faults(sealed)) == (0, 0, [])


def test_a_batch_is_sealed_at_a_time(session: Session) -> None:
    note(session, BATCH + 1)
    assert (seal_audit(session), unsealed_tail(session)) == (BATCH, 1)


def test_an_empty_trail_is_whole(session: Session) -> None:
    assert (seal_audit(session), faults(session), unsealed_tail(session)) == (0, [], 0)


@pytest.mark.parametrize(
    "change",
    [
        {"action": "case.changed"},
        {"staff_user_id": None},
        {"authority_gss": None},
        {"subject_kind": "person"},
        {"subject_id": 99},
        {"data": {"why": "nothing"}},
        {"at": NOON - timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_entry_is_found(sealed: Session, change: dict[str, object]) -> None:
    sealed.execute(update(AuditEntry).where(AuditEntry.seq == 3).values(**change))
    assert faults(sealed) == [(3, "has been altered since it was sealed")]


def test_an_entry_altered_with_a_new_hash_of_its_own_breaks_the_next(sealed: Session) -> None:
    from cases.actions import audit

    entry = sealed.scalars(select(AuditEntry).where(AuditEntry.seq == 3)).one()
    entry.action = "case.changed"
    entry.hash = audit._hash(entry)
    sealed.flush()
    assert faults(sealed) == [(4, "does not follow from the entry before it")]


def test_a_missing_entry_is_found(sealed: Session) -> None:
    sealed.execute(delete(AuditEntry).where(AuditEntry.seq.in_((2, 3))))
    assert faults(sealed) == [(2, "entries 2 to 3 are missing")]


def test_a_missing_first_entry_is_found(sealed: Session) -> None:
    sealed.execute(delete(AuditEntry).where(AuditEntry.seq == 1))
    assert faults(sealed) == [(1, "entries 1 to 1 are missing")]


def test_entries_that_changed_places_are_found(sealed: Session) -> None:
    for before, after in ((2, -1), (3, 2), (-1, 3)):
        sealed.execute(update(AuditEntry).where(AuditEntry.seq == before).values(seq=after))
    assert {seq for seq, _ in faults(sealed)} >= {2, 3}


def test_a_time_given_in_another_zone_is_sealed_as_the_moment_it_is(session: Session) -> None:
    note(session, now=NOON.astimezone(ZoneInfo("Europe/London")).replace(month=6))
    seal_audit(session)
    assert faults(session) == []


def test_the_unsealed_tail_is_counted_and_not_faulted(sealed: Session) -> None:
    note(sealed, 2)
    assert (faults(sealed), unsealed_tail(sealed)) == ([], 2)
