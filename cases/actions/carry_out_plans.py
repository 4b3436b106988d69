"""What the worker does for plans of reorganisation: a day that has come, a batch of cases, a batch back.

Each call is one short transaction. How far it has come stands in the plan's row, and each moved case in a row of its
own, so a worker that is killed half way is followed by one that goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from cases.actions.audit import record_audit
from cases.actions.kit import Kit
from cases.actions.move_reorganised import move_by_plan, move_opened_since, put_back
from cases.actions.reorganise import area_teams, successor_of_area
from cases.local_day import london_day
from cases.models.authority import Queue
from cases.models.case import Case
from cases.models.place import Place
from cases.models.reorganisation import PlanState, ReorganisationMove, ReorganisationPlan
from cases.models.staff import Appointment
from cases.queries.plans import kit_with_plans, plan_of
from cases.register.register import Register
from cases.reorganisation.check import named
from cases.reorganisation.schema import BoundaryMove, Plan, Stays

BATCH = 100


def carry_out_plans(session: Session, kit: Kit, now: datetime, *, batch: int = BATCH) -> int:
    """One step of each plan that something is left to do for; how many cases moved."""
    today = london_day(now)
    waiting = or_(
        and_(ReorganisationPlan.state == PlanState.PLANNED, ReorganisationPlan.day <= today),
        ReorganisationPlan.state == PlanState.IN_FORCE,
        and_(ReorganisationPlan.state == PlanState.UNDONE, ReorganisationPlan.is_moved_back.is_(False)),
    )
    rows = session.scalars(select(ReorganisationPlan).where(waiting).order_by(ReorganisationPlan.id).with_for_update())
    moved, plans_kit = 0, None
    for row in rows.all():
        plans_kit = plans_kit or kit_with_plans(session, kit)
        if row.state is PlanState.UNDONE:
            moved += _move_back(session, plans_kit, row, now, batch)
        elif _is_laid_over(plans_kit.register, plan_of(row)):
            moved += _carry_out(session, plans_kit, row, plan_of(row), now, batch)
    session.flush()
    return moved


def _is_laid_over(register: Register, plan: Plan) -> bool:
    """Not so for a plan that this release's register does not fit: nothing is moved by it."""
    ended = [register.by_gss(gss) for gss, _ in plan.ending()]
    return all(council.gss in register.authorities_by_gss for council in plan.councils) and all(
        council is not None and council.closed is not None for council in ended
    )


def _carry_out(session: Session, kit: Kit, row: ReorganisationPlan, plan: Plan, now: datetime, batch: int) -> int:
    today = london_day(now)
    due = [day for day in plan.stages() if day <= today and (row.moved_on is None or day > row.moved_on)]
    if not due:
        return _move_stragglers(session, kit, row, plan, today, now, batch)
    stage = due[0]
    if row.staged_on != stage:
        begin_stage(session, kit, row, plan, stage, now)
    ids = _next_cases(session, _affected(plan, stage), row.scanned_to, batch)
    moved = sum(move_by_plan(session, kit, row, plan, case_id, stage, now) for case_id in ids)
    row.scanned_to = ids[-1] if ids else row.scanned_to
    if len(ids) < batch:
        row.moved_on = stage
    return moved


def begin_stage(session: Session, kit: Kit, row: ReorganisationPlan, plan: Plan, stage: date, now: datetime) -> None:
    """Queues, area teams and appointments for one day of a plan; all or nothing, and before any case moves."""
    ended = [gss for gss, day in plan.ending() if day == stage]
    if stage == plan.day:
        _open(session, Queue.authority_gss.in_([council.gss for council in plan.councils]), True)
    _open(session, Queue.authority_gss.in_(ended), False)
    for council, change, teams in area_teams(plan, kit):
        old = kit.register.by_gss(council)
        assert old is not None, "the plan has been checked"
        slugs = [f"{old.slug}-{team}" for team in teams]
        if change.until == stage:
            _open(session, Queue.slug.in_(slugs), False)
        elif plan.day_of(change) == stage:
            heir = kit.register.by_gss(successor_of_area(plan, council))
            assert heir is not None, "the plan has been checked"
            for team, slug in zip(teams, slugs, strict=True):
                name = f"{heir.short_name}: {kit.catalogue.teams[team].title} ({old.short_name} area team)"
                values = {"authority_gss": heir.gss, "name": name[:200], "is_open": True}
                session.execute(update(Queue).where(Queue.slug == slug).values(**values))
    _appoint(session, kit, row, ended, stage)
    row.state, row.staged_on, row.scanned_to = PlanState.IN_FORCE, stage, 0
    row.in_force_at = row.in_force_at or now
    record_audit(
        session,
        actor_id=None,
        authority_gss=None,
        action="begin-reorganisation",
        subject_kind="reorganisation-plan",
        subject_id=row.id,
        now=now,
        data={"plan": row.slug, "day": stage.isoformat()},
    )
    session.flush()
    session.expire_all()


def _open(session: Session, which: ColumnElement[bool], is_open: bool) -> None:
    session.execute(update(Queue).where(which).values(is_open=is_open))


def _appoint(session: Session, kit: Kit, row: ReorganisationPlan, ended: list[str], stage: date) -> None:
    """Whoever works for a council that ends works for each of its successors; a person may end what does not fit."""
    held = select(Appointment).where(Appointment.authority_gss.in_(ended), Appointment.starts_on <= stage)
    made = []
    for post in session.scalars(held.order_by(Appointment.id)).all():
        if post.ends_on is not None and post.ends_on < stage:
            continue
        assert post.authority_gss is not None
        for heir in kit.register.successors_of(post.authority_gss, stage):
            same = select(Appointment.id).where(
                Appointment.staff_user_id == post.staff_user_id,
                Appointment.role == post.role,
                Appointment.authority_gss == heir.gss,
                Appointment.team == post.team if post.team else Appointment.team.is_(None),
            )
            if session.scalar(same.limit(1)):
                continue
            new = Appointment(
                staff_user_id=post.staff_user_id,
                role=post.role,
                authority_gss=heir.gss,
                office_slug=post.office_slug,
                team=post.team,
                starts_on=stage,
                ends_on=post.ends_on,
            )
            session.add(new)
            session.flush()
            made.append(new.id)
    row.appointments = {"ids": [*row.appointments.get("ids", []), *made]}


def _affected(plan: Plan, stage: date) -> ColumnElement[bool]:
    """Open cases that may have to move on that day; which of them do is for each case's own facts to say."""
    conditions: list[ColumnElement[bool]] = []
    if ended := [gss for gss, day in plan.ending() if day <= stage]:
        conditions.append(Case.authority_gss.in_(ended))
    if shrunk := [c.council for c in plan.changes if isinstance(c, BoundaryMove) and plan.day_of(c) == stage]:
        conditions.append(and_(Case.authority_gss.in_(shrunk), Place.district_gss.in_(shrunk)))
    if over := [c for c in plan.changes if isinstance(c, Stays) and c.until == stage]:
        heirs = {successor_of_area(plan, c.council) for c in over}
        services = {slug for c in over for slug in c.services}
        conditions.append(and_(Case.authority_gss.in_(heirs), Case.service_slug.in_(services)))
    return or_(*conditions) if conditions else Case.id < 0


def _next_cases(session: Session, which: ColumnElement[bool], after: int, batch: int) -> list[int]:
    query = select(Case.id).outerjoin(Place, Place.id == Case.place_id).where(which, Case.closed_at.is_(None))
    return list(session.scalars(query.where(Case.id > after).order_by(Case.id).limit(batch)))


def _move_stragglers(
    session: Session, kit: Kit, row: ReorganisationPlan, plan: Plan, today: date, now: datetime, batch: int
) -> int:
    """Cases of a council that has ended which were reopened, or saved in the very moment of the change."""
    ended = [gss for gss, day in plan.ending() if day <= today]
    queues = select(Queue.id).where(Queue.authority_gss.in_(ended))
    query = select(Case.id).where(Case.queue_id.in_(queues), Case.closed_at.is_(None)).order_by(Case.id).limit(batch)
    ids = list(session.scalars(query))
    return sum(move_by_plan(session, kit, row, plan, case_id, today, now) for case_id in ids)


def _move_back(session: Session, kit: Kit, row: ReorganisationPlan, now: datetime, batch: int) -> int:
    """First exactly the cases that it moved, the last move first; then those opened with a successor since."""
    query = (
        select(ReorganisationMove)
        .where(ReorganisationMove.plan_id == row.id, ReorganisationMove.undone_at.is_(None))
        .order_by(ReorganisationMove.id.desc())
        .limit(batch)
    )
    moves = session.scalars(query).all()
    if moves:
        return sum(put_back(session, kit, row, move, now) for move in moves)
    ids = list(_opened_since(session, row, batch))
    moved = sum(move_opened_since(session, kit, row, case_id, now) for case_id in ids)
    row.scanned_to = ids[-1] if ids else row.scanned_to
    row.is_moved_back = len(ids) < batch
    return moved


def _opened_since(session: Session, row: ReorganisationPlan, batch: int) -> Iterator[int]:
    plan = plan_of(row)
    new = [council.gss for council in plan.councils]
    takers = {gss for change in plan.changes for _, gss, is_taker in named(change) if is_taker}
    move = aliased(ReorganisationMove)
    moved = select(move.id).where(move.plan_id == row.id, move.case_id == Case.id).exists()
    since = Case.received_at >= (row.in_force_at or row.planned_at)
    which = or_(Case.authority_gss.in_(new), and_(Case.authority_gss.in_(sorted(takers)), since))
    query = select(Case.id).where(which, ~moved, Case.id > row.scanned_to).order_by(Case.id).limit(batch)
    return iter(session.scalars(query).all())
