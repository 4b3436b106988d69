"""The audit trail: written with the act, sealed into a hash chain by a job a few seconds later.

Each sealed entry's hash covers its own fields and the hash before it, and entries are numbered without gaps, so an
altered, missing or reordered one is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.models.audit import AuditEntry

FIRST_HASH = "0" * 64
BATCH = 500


def record_audit(
    session: Session,
    *,
    actor_id: int | None,
    authority_gss: str | None,
    action: str,
    subject_kind: str,
    subject_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Note who did or read what. ``data`` holds ids and codes only."""
    entry = AuditEntry(
        at=now,
        staff_user_id=actor_id,
        authority_gss=authority_gss,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        data=data or {},
    )
    session.add(entry)
    return entry


def seal_audit(session: Session) -> int:
    """Chain up to ``BATCH`` unsealed entries and say how many. One sealer at a time: the caller holds the lease.

    The UNIQUE number is the second guard: two sealers at once would collide on it instead of forking the chain.
    """
    head = session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.seq.is_not(None))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    seq, previous = (head.seq or 0, head.hash or FIRST_HASH) if head else (0, FIRST_HASH)
    waiting = session.scalars(
        select(AuditEntry).where(AuditEntry.seq.is_(None)).order_by(AuditEntry.id).limit(BATCH)
    ).all()
    for entry in waiting:
        seq += 1
        entry.seq, entry.previous_hash = seq, previous
        entry.hash = previous = _hash(entry)
    session.flush()
    return len(waiting)


def _hash(entry: AuditEntry) -> str:
    parts = [
        entry.seq,
        entry.previous_hash,
        entry.id,
        entry.at.astimezone(UTC).isoformat(),
        entry.staff_user_id,
        entry.authority_gss,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.data,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class AuditFault:
    """What is wrong with the chain at one number."""

    seq: int
    message: str


def verify_audit(session: Session) -> Iterator[AuditFault]:
    """Every altered, missing or reordered entry of the sealed chain, in its order."""
    expected, previous = 1, FIRST_HASH
    query = select(AuditEntry).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        assert entry.seq is not None
        if entry.seq != expected:
            yield AuditFault(expected, f"entries {expected} to {entry.seq - 1} are missing")
        elif entry.previous_hash != previous:
            yield AuditFault(entry.seq, "does not follow from the entry before it")
        if entry.hash != _hash(entry):
            yield AuditFault(entry.seq, "has been altered since it was sealed")
        expected, previous = entry.seq + 1, entry.hash or ""


def unsealed_tail(session: Session) -> int:
    """How many entries wait to be sealed."""
    return session.scalar(select(func.count()).where(AuditEntry.seq.is_(None))) or 0
