"""Asking the next person on duty, and all supervisors when there is no next one. No message says what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.kit import Kit
from cases.actions.outgoing import put_in_outbox
from cases.actions.timeline import add_event
from cases.local_day import LONDON, london_day
from cases.models.case import Case, EventKind
from cases.models.contact import Channel
from cases.models.staff import Appointment, Role, StaffUser
from cases.models.urgent import RotaPlace, StepKind, UrgentHandover, UrgentStep

PURPOSE = "urgent-duty"


@dataclass(frozen=True)
class OnDuty:
    staff: StaffUser
    phone: str | None


def on_duty(session: Session, authority_gss: str | None, group_slug: str, at: datetime) -> list[OnDuty]:
    """Who of the staff is on the rota at this minute, in the order in which they are asked."""
    local = at.astimezone(LONDON)
    clock = f"{local:%H:%M}"
    here = RotaPlace.authority_gss.is_(None) if authority_gss is None else RotaPlace.authority_gss == authority_gss
    query = (
        select(RotaPlace)
        .join(StaffUser, StaffUser.id == RotaPlace.staff_user_id)
        .where(here, RotaPlace.weekday == local.weekday(), RotaPlace.starts <= clock, RotaPlace.ends > clock)
        .where(or_(RotaPlace.group_slug.is_(None), RotaPlace.group_slug == group_slug), StaffUser.active)
        .order_by(RotaPlace.position, RotaPlace.group_slug.is_(None), RotaPlace.id)
    )
    found: dict[int, OnDuty] = {}
    for place in session.scalars(query):
        found.setdefault(place.staff_user_id, OnDuty(place.staff_user, place.phone))
    return list(found.values())


def supervisors(session: Session, authority_gss: str | None, at: datetime) -> list[StaffUser]:
    """The front desk's, and the council's own."""
    day = london_day(at)
    query = (
        select(StaffUser)
        .join(Appointment, Appointment.staff_user_id == StaffUser.id)
        .where(Appointment.role == Role.SUPERVISOR, StaffUser.active)
        .where(or_(Appointment.authority_gss.is_(None), Appointment.authority_gss == authority_gss))
        .where(Appointment.starts_on <= day, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day))
        .order_by(StaffUser.id)
    )
    return list(session.scalars(query).unique())


def ask_next(
    session: Session, kit: Kit, case: Case, handover: UrgentHandover, now: datetime, *, is_first: bool = False
) -> bool:
    """Ask the next on the rota who was not asked yet. False: there was none, and all supervisors have been asked.

    ``is_first``: just opened, or come to another council; with nobody on its rota the supervisors' turn is later.
    """
    asked = set(session.scalars(select(UrgentStep.staff_user_id).where(UrgentStep.handover_id == handover.id)))
    rota = on_duty(session, handover.authority_gss, handover.group_slug, now)
    person = next((each for each in rota if each.staff.id not in asked), None)
    if person is not None:
        step = _keep_step(session, case, handover, StepKind.ROTA, now, person.staff.id)
        _write_to(session, kit, handover, step, person.staff, person.phone, now)
        return True
    if not is_first:
        step = _keep_step(session, case, handover, StepKind.SUPERVISORS, now)
        for staff in supervisors(session, handover.authority_gss, now):
            _write_to(session, kit, handover, step, staff, None, now)
    return False


def _keep_step(
    session: Session, case: Case, handover: UrgentHandover, kind: StepKind, now: datetime, staff_id: int | None = None
) -> UrgentStep:
    """UNIQUE by its number: the second guard against asking twice."""
    last = session.scalar(select(func.max(UrgentStep.seq)).where(UrgentStep.handover_id == handover.id)) or 0
    step = UrgentStep(handover_id=handover.id, seq=last + 1, at=now, kind=kind, staff_user_id=staff_id)
    session.add(step)
    session.flush()
    what = "asked" if kind is StepKind.ROTA else "supervisors"
    data = {"urgent": what, "handover": handover.id, "step": step.seq, "staff": staff_id}
    add_event(session, case, EventKind.URGENT, now, data=data)
    return step


def _write_to(
    session: Session,
    kit: Kit,
    handover: UrgentHandover,
    step: UrgentStep,
    staff: StaffUser,
    phone: str | None,
    now: datetime,
) -> None:
    """To a duty phone by text, else by e-mail; it belongs to no case, so that nothing of the case hangs on it."""
    text = message_texts.urgent_waits(f"{kit.base_url}/staff/urgent/{handover.id}", handover.opened_at)
    channel, to = (Channel.SMS, phone) if phone else (Channel.EMAIL, staff.email)
    put_in_outbox(session, channel, to, PURPOSE, text, f"urgent:{handover.id}:{step.seq}:{staff.id}", now)
