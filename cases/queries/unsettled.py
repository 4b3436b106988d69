"""Cases at the front desk of which the words alone do not tell what they are about, and nobody has said it yet."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from cases.models.case import Case, TriageDecision


def next_unsettled(session: Session, *, after_id: int = 0) -> Case | None:
    """The oldest of them, or the oldest behind ``after_id``."""
    query = select(Case).where(*_unsettled(), Case.id > after_id).order_by(Case.id).limit(1)
    return session.scalar(query)


def count_unsettled(session: Session) -> int:
    return session.scalar(select(func.count(Case.id)).where(*_unsettled())) or 0


def _unsettled() -> tuple[ColumnElement[bool], ...]:
    by_person = exists().where(TriageDecision.case_id == Case.id, TriageDecision.decided_by_id.is_not(None))
    return (Case.authority_gss.is_(None), Case.closed_at.is_(None), Case.service_slug.is_(None), ~by_person)
