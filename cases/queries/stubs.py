"""What a council keeps of a case it has handed over: enough to answer somebody who chases it, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from cases.access import Actor
from cases.models.case import Case, CaseStatus, Handover, Outcome
from cases.references import read_reference

LONGEST_LIST = 200


@dataclass(frozen=True)
class Stub:
    """``receiver_gss`` is who has the case now (None: the front desk), also when it was handed on again."""

    reference: str
    sender_gss: str | None
    receiver_gss: str | None
    status: CaseStatus
    outcome: Outcome | None
    handed_over_at: datetime


def list_stubs(session: Session, actor: Actor, limit: int = LONGEST_LIST) -> list[Stub]:
    """Newest first; one for each case, and none for a case that has come back."""
    return _stubs(session, actor, [], limit)


def find_stub_for(session: Session, actor: Actor, reference: str) -> Stub | None:
    found = _stubs(session, actor, [Case.reference == (read_reference(reference) or "")], 1)
    return found[0] if found else None


def count_stubs(session: Session, actor: Actor) -> int:
    """How many of them are still open with whoever has them."""
    query = select(func.count(Case.id.distinct())).join(Handover, Handover.case_id == Case.id)
    return session.scalar(query.where(_sent_by(actor), _is_elsewhere(), Case.closed_at.is_(None))) or 0


def _stubs(session: Session, actor: Actor, conditions: list[ColumnElement[bool]], limit: int) -> list[Stub]:
    last = func.max(Handover.at).label("last")
    query = (
        select(Case.reference, Handover.from_authority_gss, Case.authority_gss, Case.status, Case.outcome, last)
        .join(Case, Case.id == Handover.case_id)
        .where(_sent_by(actor), _is_elsewhere(), *conditions)
        .group_by(Case.id, Case.reference, Handover.from_authority_gss, Case.authority_gss, Case.status, Case.outcome)
        .order_by(last.desc(), Case.id.desc())
        .limit(limit)
    )
    return [Stub(*row) for row in session.execute(query)]


def _sent_by(actor: Actor) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if actor.authorities:
        conditions.append(Handover.from_authority_gss.in_(sorted(actor.authorities)))
    if actor.at_front_desk:
        conditions.append(Handover.from_authority_gss.is_(None))
    return or_(*conditions) if conditions else false()


def _is_elsewhere() -> ColumnElement[bool]:
    return Case.authority_gss.is_distinct_from(Handover.from_authority_gss)
