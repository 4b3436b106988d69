"""What the tracking page shows: status and dates, and nobody's name, address or words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.catalogue.schema import Service
from cases.models.authority import Queue
from cases.models.case import Case, CaseStatus, Event, EventKind, Outcome, TriageDecision
from cases.register.schema import ContactLine


@dataclass(frozen=True)
class Step:
    """One public date. ``to_gss`` is the receiver of a hand-over (None: the front desk), maybe the same council."""

    kind: EventKind
    at: datetime
    to_gss: str | None = None
    outcome: Outcome | None = None
    status: CaseStatus | None = None
    is_same_council: bool = False
    is_reorganisation: bool = False  # a hand-over because the councils themselves changed


@dataclass(frozen=True)
class Why:
    """One decision about the case, by triage or (``correction_code``) put right by a person."""

    at: datetime
    service_slug: str | None
    authority_gss: str | None
    reasons: tuple[str, ...]
    confidence: float
    runner_up: str | None
    correction_code: str | None


@dataclass(frozen=True)
class TrackedCase:
    reference: str
    service: Service | None
    authority_gss: str | None
    status: CaseStatus
    outcome: Outcome | None
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None
    steps: tuple[Step, ...]
    contact_line: ContactLine | None
    why: tuple[Why, ...]
    has_place: bool
    has_answers: bool


def find_tracked_case(session: Session, kit: Kit, reference: str) -> TrackedCase | None:
    """For somebody who has proved that they may follow it. None for a sensitive case, also one that became so."""
    row = session.execute(
        select(Case, Queue.team)
        .join(Queue, Queue.id == Case.queue_id)
        .where(Case.reference == reference, Case.is_sensitive.is_(False))
    ).first()
    if row is None:
        return None
    case, team = row[0], row[1]
    events = session.execute(
        select(Event.kind, Event.at, Event.data).where(Event.case_id == case.id, Event.is_public).order_by(Event.seq)
    )
    return TrackedCase(
        reference=case.reference,
        service=kit.service(case.service_slug),
        authority_gss=case.authority_gss,
        status=case.status,
        outcome=case.outcome,
        received_at=case.received_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        steps=tuple(_step(kind, at, data) for kind, at, data in events),
        contact_line=kit.register.contact_line(case.authority_gss, team) if case.authority_gss else None,
        why=_why(session, case),
        has_place=case.place_id is not None,
        has_answers=bool(case.answers),
    )


def _why(session: Session, case: Case) -> tuple[Why, ...]:
    rows = session.scalars(select(TriageDecision).where(TriageDecision.case_id == case.id).order_by(TriageDecision.id))
    return tuple(
        Why(
            at=row.decided_at,
            service_slug=row.service_slug,
            authority_gss=row.authority_gss,
            reasons=tuple(row.reasons.get("public") or ()),
            confidence=row.confidence,
            runner_up=row.runner_up,
            correction_code=row.correction_code,
        )
        for row in rows
    )


def _step(kind: EventKind, at: datetime, data: dict[str, object]) -> Step:
    outcome, status, to = data.get("outcome"), data.get("to"), data.get("to")
    return Step(
        kind=kind,
        at=at,
        to_gss=str(to) if kind is EventKind.HANDED_OVER and to else None,
        outcome=Outcome(str(outcome)) if kind is EventKind.CLOSED and outcome else None,
        status=CaseStatus(str(status)) if kind is EventKind.STATUS and status else None,
        is_same_council=kind is EventKind.HANDED_OVER and to == data.get("from"),
        is_reorganisation=kind is EventKind.HANDED_OVER and str(data.get("reason", "")).startswith("reorganisation"),
    )
