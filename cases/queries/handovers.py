"""Hand-overs that somebody has to answer or to decide, and the law's clocks of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from cases.access import Actor, cases_to_decide_by, cases_worked_by
from cases.models.case import Case, Handover
from cases.models.handover import AnswerState, Arbitration, ArbitrationCause, CaseClock, HandoverAnswer
from cases.models.staff import Role, StaffUser
from cases.models.words import Words

LONGEST_LIST = 200


@dataclass(frozen=True)
class LastHandover:
    """The newest hand-over of a case that was or is to be answered, and whether it is before the arbiter.

    ``text`` is what the sender wrote, ``answer_text`` what the receiver wrote when it refused.
    """

    state: AnswerState
    sender_gss: str | None
    receiver_gss: str | None
    at: datetime
    by: str
    text: str | None
    due_at: datetime | None
    answered_at: datetime | None
    reason_code: str | None
    answer_text: str | None
    customer_view: str | None
    arbitration: ArbitrationCause | None


@dataclass(frozen=True)
class HandoverLine:
    """One hand-over in a list. ``service_slug`` is hidden where only the owning council's officers may see it."""

    reference: str
    service_slug: str | None
    is_hidden: bool
    is_urgent: bool
    sender_gss: str | None
    receiver_gss: str | None
    at: datetime
    due_at: datetime | None
    promised_by: datetime
    cause: ArbitrationCause | None = None


def read_last_handover(session: Session, case: Case) -> LastHandover | None:
    query = (
        select(HandoverAnswer, Handover, StaffUser.name, Words.text)
        .join(Handover, Handover.id == HandoverAnswer.handover_id)
        .join(StaffUser, StaffUser.id == Handover.handed_over_by_id)
        .outerjoin(Words, Words.id == Handover.words_id)
        .where(HandoverAnswer.case_id == case.id)
        .order_by(HandoverAnswer.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    answer, handover, by, text = row
    given = session.get(Words, answer.words_id) if answer.words_id else None
    waits = select(Arbitration.cause).where(Arbitration.case_id == case.id, Arbitration.ended_at.is_(None))
    return LastHandover(
        state=answer.state,
        sender_gss=handover.from_authority_gss,
        receiver_gss=handover.to_authority_gss,
        at=handover.at,
        by=by,
        text=text,
        due_at=answer.due_at,
        answered_at=answer.answered_at,
        reason_code=answer.reason_code,
        answer_text=given.text if given else None,
        customer_view=answer.customer_view,
        arbitration=session.scalar(waits),
    )


def list_to_answer(session: Session, actor: Actor) -> list[HandoverLine]:
    """What the actor's councils have to answer, soonest due first."""
    waits = (HandoverAnswer.state == AnswerState.WAITING, HandoverAnswer.due_at.is_not(None))
    query = _lines(HandoverAnswer).where(*waits, cases_worked_by(actor), Case.closed_at.is_(None))
    return _read(session, actor, query.order_by(HandoverAnswer.due_at, Case.id))


def count_to_answer(session: Session, actor: Actor) -> int:
    query = select(func.count(HandoverAnswer.id)).join(Case, Case.id == HandoverAnswer.case_id)
    waits = (HandoverAnswer.state == AnswerState.WAITING, HandoverAnswer.due_at.is_not(None))
    return session.scalar(query.where(*waits, cases_worked_by(actor), Case.closed_at.is_(None))) or 0


def list_to_decide(session: Session, actor: Actor) -> list[HandoverLine]:
    """What waits for this arbiter's word, oldest first."""
    return _read(session, actor, _arbitrations().where(cases_to_decide_by(actor)).order_by(Arbitration.opened_at))


def count_to_decide(session: Session, actor: Actor) -> int:
    query = select(func.count(Arbitration.id)).join(Case, Case.id == Arbitration.case_id)
    return session.scalar(query.where(Arbitration.ended_at.is_(None), cases_to_decide_by(actor))) or 0


def list_before_the_arbiter(session: Session, actor: Actor) -> list[HandoverLine]:
    """For the supervisors of both councils: theirs that others decide."""
    mine = sorted({p.authority_gss for p in actor.posts if p.authority_gss and p.role is Role.SUPERVISOR})
    theirs: ColumnElement[bool] = false()
    if mine:
        theirs = or_(Handover.from_authority_gss.in_(mine), Handover.to_authority_gss.in_(mine))
    return _read(session, actor, _arbitrations().where(theirs).order_by(Arbitration.opened_at))


def read_clocks(session: Session, case: Case) -> Sequence[CaseClock]:
    return session.scalars(select(CaseClock).where(CaseClock.case_id == case.id).order_by(CaseClock.id)).all()


def _lines(*wanted: Any) -> Any:
    return (
        select(Case, Handover, *wanted)
        .join(HandoverAnswer, HandoverAnswer.case_id == Case.id)
        .join(Handover, Handover.id == HandoverAnswer.handover_id)
        .limit(LONGEST_LIST)
    )


def _arbitrations() -> Any:
    other = aliased(HandoverAnswer)
    newest = select(func.max(other.id)).where(other.case_id == Case.id).correlate(Case).scalar_subquery()
    return (
        _lines(HandoverAnswer, Arbitration.cause)
        .join(Arbitration, Arbitration.case_id == Case.id)
        .where(Arbitration.ended_at.is_(None), HandoverAnswer.id == newest)
    )


def _read(session: Session, actor: Actor, query: Any) -> list[HandoverLine]:
    lines = []
    for case, handover, answer, *cause in session.execute(query):
        hidden = case.is_sensitive and case.authority_gss not in actor.authorities
        lines.append(
            HandoverLine(
                reference=case.reference,
                service_slug=None if hidden else case.service_slug,
                is_hidden=hidden,
                is_urgent=case.is_urgent,
                sender_gss=handover.from_authority_gss,
                receiver_gss=handover.to_authority_gss,
                at=handover.at,
                due_at=answer.due_at,
                promised_by=case.due_at,
                cause=cause[0] if cause else None,
            )
        )
    return lines
