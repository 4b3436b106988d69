"""What waits to be taken by somebody, for those whom it concerns and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from cases.access import Actor, cases_worked_by
from cases.actions.kit import Kit
from cases.errors import NotFoundError
from cases.models.case import Case
from cases.models.contact import Matter
from cases.models.staff import Role
from cases.models.urgent import UrgentHandover, UrgentStage, UrgentStep
from cases.urgent.schema import OTHER

LISTED_AGAIN_FOR = timedelta(hours=24)
_MOST = 100


@dataclass(frozen=True)
class UrgentShown:
    """One hand-over with its case. ``is_readable``: the actor may read what was said."""

    row: UrgentHandover
    is_readable: bool
    may_open_case: bool


def is_urgent_supervisor(actor: Actor) -> bool:
    return any(post.role is Role.SUPERVISOR and post.authority_gss is None for post in actor.posts)


def urgent_seen_by(kit: Kit, actor: Actor) -> ColumnElement[bool]:
    """Who took the call, who was asked, the front desk's supervisors, and at the council its supervisors and team."""
    if is_urgent_supervisor(actor):
        return true()
    conditions: list[ColumnElement[bool]] = [UrgentHandover.opened_by_id == actor.staff_id, _was_asked(actor)]
    for post in actor.posts:
        if post.authority_gss is None or post.role not in (Role.SUPERVISOR, Role.OFFICER):
            continue
        theirs: ColumnElement[bool] = UrgentHandover.authority_gss == post.authority_gss
        if post.role is Role.OFFICER and post.team:
            theirs = and_(theirs, UrgentHandover.group_slug.in_(groups_of_team(kit, post.team)))
        conditions.append(theirs)
    return or_(*conditions) if conditions else false()


def groups_of_team(kit: Kit, team: str) -> list[str]:
    """The groups that a team answers for; the one for all the rest when it has none of its own."""
    found = [
        group.slug
        for group in kit.rota.groups.values()
        if team in group.teams or any((s := kit.service(slug)) and s.team == team for slug in group.services)
    ]
    return found or [OTHER]


def waiting_for(session: Session, kit: Kit, actor: Actor) -> list[UrgentShown]:
    """What is red for this person now: what they opened or were asked to take; all else once supervisors have it."""
    concerns = or_(
        UrgentHandover.opened_by_id == actor.staff_id,
        _was_asked(actor),
        UrgentHandover.stage == UrgentStage.SUPERVISOR,
    )
    query = _query().where(UrgentHandover.accepted_at.is_(None), urgent_seen_by(kit, actor), concerns)
    return _shown(session, actor, query.order_by(UrgentHandover.opened_at, UrgentHandover.id))


def list_urgent(session: Session, kit: Kit, actor: Actor, now: datetime) -> list[UrgentShown]:
    """All that waits, oldest first, then what was taken in the last day."""
    recent = or_(UrgentHandover.accepted_at.is_(None), UrgentHandover.accepted_at > now - LISTED_AGAIN_FOR)
    query = _query().where(recent, urgent_seen_by(kit, actor))
    order = (UrgentHandover.accepted_at.is_not(None), UrgentHandover.opened_at, UrgentHandover.id)
    return _shown(session, actor, query.order_by(*order))


def get_urgent_for(session: Session, kit: Kit, actor: Actor, handover_id: int) -> UrgentShown:
    """Raises NotFoundError, also for somebody whom it does not concern."""
    query = _query().where(UrgentHandover.id == handover_id, urgent_seen_by(kit, actor))
    found = _shown(session, actor, query.options(selectinload(UrgentHandover.steps).joinedload(UrgentStep.staff_user)))
    if not found:
        raise NotFoundError
    return found[0]


def urgent_of_case(session: Session, case: Case) -> Sequence[UrgentHandover]:
    """For a case that ``get_case_for`` has given out."""
    query = select(UrgentHandover).where(UrgentHandover.case_id == case.id).order_by(UrgentHandover.id)
    return list(session.scalars(query.options(joinedload(UrgentHandover.words))))


def said_about(session: Session, handover: UrgentHandover) -> list[Matter]:
    """The matters of the contact that opened it, with their words and places."""
    query = select(Matter).where(Matter.contact_id == handover.contact_id).order_by(Matter.position)
    return list(session.scalars(query.options(joinedload(Matter.words), joinedload(Matter.place))))


def _was_asked(actor: Actor) -> ColumnElement[bool]:
    return exists().where(UrgentStep.handover_id == UrgentHandover.id, UrgentStep.staff_user_id == actor.staff_id)


def _query() -> Select[UrgentHandover]:
    return (
        select(UrgentHandover)
        .join(Case, Case.id == UrgentHandover.case_id)
        .options(joinedload(UrgentHandover.case).joinedload(Case.place), joinedload(UrgentHandover.words))
        .limit(_MOST)
    )


def _shown(session: Session, actor: Actor, query: Select[UrgentHandover]) -> list[UrgentShown]:
    found = session.execute(query.add_columns(cases_worked_by(actor).label("worked")))
    return [
        UrgentShown(row, bool(worked) or not row.case.is_sensitive, bool(worked)) for row, worked in found
    ]
