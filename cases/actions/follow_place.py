"""A case that went to the likeliest council follows its place when the person says that it lies across the boundary."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, put_in
from cases.actions.open_case import due_at, queue_by_slug
from cases.actions.timeline import add_event
from cases.models.case import Case, CaseStatus, EventKind
from cases.triage.decision import Decision


def is_untouched(case: Case) -> bool:
    """Whether nobody has begun on it: until then a better answer is no hand-over between councils."""
    if case.authority_gss is None:
        return True
    return case.status is CaseStatus.NEW and case.owner_id is None


def follow_place(session: Session, kit: Kit, case: Case, decision: Decision, now: datetime) -> bool:
    """Move it to the council that the answer names. What somebody has begun is left: they hand it over themselves."""
    queue = queue_by_slug(session, decision.queue) if decision.queue else None
    sender = case.authority_gss
    is_settled = queue is not None and not decision.needs and queue.authority_gss != sender
    if queue is None or not is_settled or sender is None or not case.is_open or not is_untouched(case):
        return False
    put_in(session, kit, case, queue, now)
    case.due_at = due_at(kit, kit.service(case.service_slug), case.authority_gss, case.is_urgent, case.received_at)
    told = {"from": sender, "to": queue.authority_gss, "queue": queue.slug}
    told["reason"] = HandoverReason.WRONG_PLACE.value
    add_event(session, case, EventKind.HANDED_OVER, now, data=told, is_public=True)
    session.flush()
    return True
