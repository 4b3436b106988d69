"""Loading one case with the check of who asks. Absent and forbidden are the same error and the same query."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from cases.access import Actor, cases_read_by, cases_seen_at_desk_by, cases_to_decide_by, cases_worked_by
from cases.errors import NotFoundError
from cases.models.case import Case
from cases.references import read_reference


def get_case_for(session: Session, actor: Actor, reference: str) -> Case:
    """The case, to be read in full and worked. Raises NotFoundError."""
    return _one(session, reference, cases_worked_by(actor))


def get_case_to_read_for(session: Session, actor: Actor, reference: str) -> Case:
    """The case, to be read in full; an arbiter reads what waits for a decision. Raises NotFoundError."""
    return _one(session, reference, cases_read_by(actor))


def get_case_to_decide_for(session: Session, actor: Actor, reference: str) -> Case:
    """The case that waits for this arbiter's word, locked until the commit. Raises NotFoundError."""
    query = select(Case).where(Case.reference == (read_reference(reference) or ""), cases_to_decide_by(actor))
    case = session.scalar(query.with_for_update(of=Case).execution_options(populate_existing=True))
    if case is None:
        raise NotFoundError("No decision of yours is needed about that case.")
    return case


def _one(session: Session, reference: str, condition: ColumnElement[bool]) -> Case:
    query = (
        select(Case)
        .where(Case.reference == (read_reference(reference) or ""), condition)
        .options(joinedload(Case.queue), joinedload(Case.owner), joinedload(Case.place))
    )
    case = session.scalar(query)
    if case is None:
        raise NotFoundError("We cannot find that case among those you work with.")
    return case


def get_desk_case_for(session: Session, actor: Actor, reference: str) -> Case:
    """The case as the desk may see it: enough to answer a caller and to add a chaser. Raises NotFoundError."""
    query = select(Case).where(Case.reference == (read_reference(reference) or ""), cases_seen_at_desk_by(actor))
    case = session.scalar(query)
    if case is None:
        raise NotFoundError("We cannot find that case.")
    return case
