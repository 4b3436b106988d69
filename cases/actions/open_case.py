"""Opening a case from a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases.actions.case_clocks import start_clocks
from cases.actions.kit import Kit
from cases.actions.timeline import add_event
from cases.catalogue.schema import CaseKind, Service, Target
from cases.local_day import london_day
from cases.models.authority import Queue
from cases.models.case import Case, CaseStatus, EventKind
from cases.models.contact import Contact, Matter, MatterCase
from cases.triage.decision import FRONT_DESK_QUEUE, Decision

UNDECIDED_TARGET = Target(working_hours=4)  # how long the front desk has to find out whose job it is
_TRIES = 20


@dataclass(frozen=True)
class Opened:
    """``pin`` is in clear here and nowhere else; None for what cannot be followed by web."""

    case: Case
    pin: str | None


def queue_by_slug(session: Session, slug: str) -> Queue | None:
    return session.scalar(select(Queue).where(Queue.slug == slug))


def due_at(
    kit: Kit, service: Service | None, authority_gss: str | None, urgent: bool, received_at: datetime
) -> datetime:
    """The promise to the person: the service's target in the responsible authority's working time."""
    if service is None or authority_gss is None:
        return kit.calendar(authority_gss).due(UNDECIDED_TARGET, received_at)
    target = (service.urgent_target if urgent else None) or service.target
    return kit.calendar(authority_gss).due(target, received_at)


def open_case(
    session: Session, kit: Kit, contact: Contact, matter: Matter, decision: Decision, queue: Queue, now: datetime
) -> Opened:
    """A new case in ``queue``, linked to the matter. A reference already taken is drawn again."""
    service = decision.service
    sensitive = bool(service and service.sensitive)
    pin = None if sensitive else kit.sealer.new_pin()
    case = Case(
        kind=service.kind if service else CaseKind.ENQUIRY,
        service_slug=service.slug if service else None,
        status=CaseStatus.WAITING if decision.needs and queue.slug == FRONT_DESK_QUEUE else CaseStatus.NEW,
        authority_gss=queue.authority_gss,
        controller_gss=queue.authority_gss,
        queue_id=queue.id,
        opened_by_channel=contact.channel,
        place_id=matter.place_id,
        is_sensitive=sensitive,
        is_urgent=decision.urgent,
        answers=dict(matter.answers),
        received_at=contact.received_at,
        due_at=due_at(kit, service, queue.authority_gss, decision.urgent, contact.received_at),
        updated_at=now,
        last_event_seq=0,
    )
    _insert_with_free_reference(session, kit, case)
    case.pin_hash = kit.sealer.seal("pin", case.reference, pin) if pin else None
    session.add(MatterCase(matter_id=matter.id, case_id=case.id))
    add_event(
        session,
        case,
        EventKind.OPENED,
        now,
        actor_id=contact.staff_user_id,
        channel=contact.channel,
        contact_id=contact.id,
        words=matter.words,
        is_public=True,
    )
    start_clocks(session, case, london_day(contact.received_at))
    return Opened(case, pin)


def _insert_with_free_reference(session: Session, kit: Kit, case: Case) -> None:
    """Rely on the UNIQUE key: two processes may draw the same reference in the same moment."""
    for attempt in range(_TRIES):
        case.reference = kit.sealer.new_reference()
        try:
            with session.begin_nested():
                session.add(case)
                session.flush()
        except IntegrityError:
            if attempt == _TRIES - 1:
                raise
            continue
        return
