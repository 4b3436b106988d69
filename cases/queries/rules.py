"""Reading changes of rules: those in force, drafts, and the history of each agreement and service."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from cases.errors import NotFoundError
from cases.models.rules import RuleChange, RuleState, RuleSubject
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


def get_change(session: Session, change_id: int) -> RuleChange:
    change = session.get(RuleChange, change_id)
    if change is None:
        raise NotFoundError
    return change


def get_version(session: Session, number: int) -> RuleChange:
    """The change that a decision's data version names."""
    change = session.scalar(select(RuleChange).where(RuleChange.number == number))
    if change is None:
        raise NotFoundError
    return change


def history_of(session: Session, subject: RuleSubject, slug: str) -> list[RuleChange]:
    """Every change of one agreement or service that was put in force, newest first."""
    query = _with_people().where(
        RuleChange.subject == subject, RuleChange.subject_slug == slug, RuleChange.state == RuleState.IN_FORCE
    )
    return list(session.scalars(query.order_by(RuleChange.number.desc())))


def newest_of(session: Session, subject: RuleSubject, slug: str) -> RuleChange | None:
    return next(iter(history_of(session, subject, slug)), None)


def newest_number_of(session: Session, subject: RuleSubject, slug: str) -> int | None:
    query = select(func.max(RuleChange.number))
    return session.scalar(query.where(RuleChange.subject == subject, RuleChange.subject_slug == slug))


def list_drafts(session: Session, most: int = 50) -> list[RuleChange]:
    query = _with_people().where(RuleChange.state == RuleState.DRAFT)
    return list(session.scalars(query.order_by(RuleChange.updated_at.desc()).limit(most)))


def list_newest(session: Session, most: int = 20) -> list[RuleChange]:
    query = _with_people().where(RuleChange.state == RuleState.IN_FORCE)
    return list(session.scalars(query.order_by(RuleChange.number.desc()).limit(most)))


def _with_people() -> Select[RuleChange]:
    return select(RuleChange).options(
        joinedload(RuleChange.drafted_by), joinedload(RuleChange.in_force_by), joinedload(RuleChange.reason)
    )
