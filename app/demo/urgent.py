"""What was urgent in the demonstration's past was taken by somebody within minutes; and who is on duty now."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.staff import Staff, signing_in
from cases.actions.kit import Kit
from cases.actions.urgent import accept_urgent
from cases.models.case import Case
from cases.models.staff import Role, StaffUser
from cases.models.urgent import RotaPlace, UrgentHandover

DUTY_PHONE = "+447700900321"
_PROMISES = (
    "Rings them within a quarter of an hour.",
    "Sends somebody out now.",
    "Sees them today and tells the front desk when it is done.",
    "Has opened it and is on the phone to them.",
)


def take_waiting(session: Session, kit: Kit, staff: Staff, case: Case, at: datetime) -> None:
    """Each hand-over of this case that waits, taken by whoever has it on the desk there."""
    query = select(UrgentHandover).where(UrgentHandover.case_id == case.id, UrgentHandover.accepted_at.is_(None))
    for handover in session.scalars(query.order_by(UrgentHandover.id)).all():
        taker = _taker(session, kit, staff, handover)
        noted_by = handover.opened_by_id or taker.id
        promise = Random(case.reference).choice(_PROMISES)
        accept_urgent(session, kit, handover.id, noted_by, taker.name, promise, at)


def minutes_until_taken(case: Case) -> timedelta:
    return timedelta(minutes=Random(case.reference).randrange(2, 9))


def add_rota(session: Session, kit: Kit, staff: Staff) -> None:
    """The front desk's supervisor and an agent round the clock; at their councils the officers one signs in as."""
    group_of_team = {team: group.slug for group in kit.rota.groups.values() for team in group.teams}
    for weekday in range(7):
        everyday = {"weekday": weekday, "starts": "00:00", "ends": "24:00"}
        grace, megan = staff.named("Grace"), staff.named("Megan")
        session.add(RotaPlace(position=1, staff_user_id=grace.id, phone=DUTY_PHONE, **everyday))
        session.add(RotaPlace(position=2, staff_user_id=megan.id, **everyday))
        for post in signing_in(kit.register):
            council = kit.register.by_slug(post.authority) if post.authority else None
            if council is None or post.role is not Role.OFFICER:
                continue
            place = {"authority_gss": council.gss, "group_slug": group_of_team.get(post.team or ""), **everyday}
            session.add(RotaPlace(position=1, staff_user_id=staff.named(post.name).id, **place))
    session.flush()


def _taker(session: Session, kit: Kit, staff: Staff, handover: UrgentHandover) -> StaffUser:
    authority = kit.register.by_gss(handover.authority_gss) if handover.authority_gss else None
    case = session.get_one(Case, handover.case_id)
    return staff.officer_of(authority.slug, case.queue.team) if authority else staff.named("Grace")
