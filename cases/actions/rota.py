"""Who of the staff is on duty when: rows that supervisors and administrators change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cases.access import Actor
from cases.actions.audit import record_audit
from cases.actions.kit import Kit
from cases.errors import NotFoundError, RuleError
from cases.local_day import london_day
from cases.models.staff import Appointment, Role, StaffUser
from cases.models.urgent import RotaPlace
from cases.phones import PhoneError, read_phone

_CLOCK = re.compile(r"(?:([01]?\d|2[0-3])[:.]([0-5]\d)|24[:.]00)")
MIDNIGHT, DAY_ENDS = "00:00", "24:00"
_EDITORS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class NewPlace:
    """As typed. ``group`` empty: every group. Hours that end before they start go through the night."""

    staff_id: int | None
    weekdays: Sequence[int]
    starts: str
    ends: str
    position: int
    group: str = ""
    phone: str = ""


def edits_rota_of(actor: Actor, authority_gss: str | None) -> bool:
    """Those of the front desk everybody's, those of a council its own."""
    posts = [post for post in actor.posts if post.role in _EDITORS]
    return any(post.authority_gss is None or post.authority_gss == authority_gss for post in posts)


def people_for_rota(session: Session, authority_gss: str | None, at: datetime) -> list[StaffUser]:
    """The council's (or the front desk's) own staff, who may be on its rota."""
    day = london_day(at)
    here = (
        Appointment.authority_gss.is_(None) if authority_gss is None else Appointment.authority_gss == authority_gss
    )
    query = (
        select(StaffUser)
        .join(Appointment, Appointment.staff_user_id == StaffUser.id)
        .where(here, StaffUser.active, Appointment.role != Role.ADMINISTRATOR)
        .where(Appointment.starts_on <= day, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day))
        .order_by(StaffUser.name, StaffUser.id)
    )
    return list(session.scalars(query).unique())


def list_rota(session: Session, authority_gss: str | None) -> list[RotaPlace]:
    here = RotaPlace.authority_gss.is_(None) if authority_gss is None else RotaPlace.authority_gss == authority_gss
    order = (RotaPlace.weekday, RotaPlace.starts, RotaPlace.position, RotaPlace.id)
    return list(session.scalars(select(RotaPlace).where(here).order_by(*order)))


def add_to_rota(
    session: Session, kit: Kit, actor: Actor, authority_gss: str | None, new: NewPlace, now: datetime
) -> list[RotaPlace]:
    """A row a day, two where the hours go through the night. Raises RuleError naming the field."""
    if not edits_rota_of(actor, authority_gss):
        raise NotFoundError
    starts, ends = _clock("starts", new.starts), _clock("ends", new.ends)
    if starts in (ends, DAY_ENDS):
        raise RuleError("ends", "Enter an end that is not the start")
    if not new.weekdays:
        raise RuleError("weekdays", "Choose at least one day")
    if new.staff_id not in {person.id for person in people_for_rota(session, authority_gss, now)}:
        raise RuleError("staff", "Choose somebody who works there")
    if new.group and new.group not in kit.rota.groups:
        raise RuleError("group", "Choose what they are on duty for")
    if not 1 <= new.position <= 9:
        raise RuleError("position", "Enter a place in the order from 1 to 9")
    phone = _phone(new.phone)
    spans = [(0, starts, ends)] if starts < ends else [(0, starts, DAY_ENDS), (1, MIDNIGHT, ends)]
    places = [
        RotaPlace(
            authority_gss=authority_gss,
            group_slug=new.group or None,
            weekday=(day + later) % 7,
            starts=first,
            ends=last,
            position=new.position,
            staff_user_id=new.staff_id,
            phone=phone,
        )
        for day in sorted(set(new.weekdays))
        for later, first, last in spans
        if first != last
    ]
    session.add_all(places)
    session.flush()
    for place in places:
        _audit(session, actor, place, "rota-added", now)
    return places


def take_off_rota(session: Session, actor: Actor, place_id: int, now: datetime) -> str | None:
    """The council (GSS) whose rota it was. Raises NotFoundError, also for somebody else's rota."""
    place = session.get(RotaPlace, place_id)
    if place is None or not edits_rota_of(actor, place.authority_gss):
        raise NotFoundError
    _audit(session, actor, place, "rota-removed", now)
    session.delete(place)
    session.flush()
    return place.authority_gss


def _clock(field: str, typed: str) -> str:
    found = _CLOCK.fullmatch(typed.strip())
    if not found:
        raise RuleError(field, "Enter a time such as 08:30")
    return f"{int(found[1]):02}:{found[2]}" if found[1] else DAY_ENDS


def _phone(typed: str) -> str | None:
    if not typed.strip():
        return None
    try:
        phone = read_phone(typed.strip())
    except PhoneError as error:
        raise RuleError("phone", f"{error}, or leave it empty") from error
    if not phone.takes_texts:
        raise RuleError("phone", "Enter a mobile number, or leave it empty: they are asked by text")
    return phone.e164


def _audit(session: Session, actor: Actor, place: RotaPlace, action: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.staff_id,
        authority_gss=place.authority_gss,
        action=action,
        subject_kind="rota-place",
        subject_id=place.id,
        now=now,
        data={
            "staff": place.staff_user_id,
            "group": place.group_slug,
            "weekday": place.weekday,
            "hours": f"{place.starts}-{place.ends}",
            "position": place.position,
        },
    )
