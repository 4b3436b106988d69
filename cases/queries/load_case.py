"""Loading one case with the check of who asks. Absent and forbidden are the same error and the same query."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cases.access import Actor, cases_seen_at_desk_by, cases_worked_by
from cases.errors import NotFoundError
from cases.models.case import Case
from cases.references import read_reference


def get_case_for(session: Session, actor: Actor, reference: str) -> Case:
    """The case, to be read in full and worked. Raises NotFoundError."""
    query = (
        select(Case)
        .where(Case.reference == (read_reference(reference) or ""), cases_worked_by(actor))
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
