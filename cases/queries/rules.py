"""Reading changes of rules: those in force, drafts, and the history of each agreement and service."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.models.rules import RuleChange, RuleState
from cases.rules.layering import Change


def newest_change(session: Session) -> int | None:
    """The number of the newest change in force; read from its index alone, on every request."""
    return session.scalar(select(func.max(RuleChange.number)))


def changes_in_force(session: Session) -> list[Change]:
    query = select(RuleChange).where(RuleChange.state == RuleState.IN_FORCE).order_by(RuleChange.number)
    return [as_change(row) for row in session.scalars(query)]


def as_change(row: RuleChange, number: int | None = None) -> Change:
    """``number``: where a draft would stand."""
    place = row.number if row.number is not None else number
    assert place is not None
    return Change(row.subject.value, row.subject_slug, row.after, row.starts_on, row.ends_on, place)
