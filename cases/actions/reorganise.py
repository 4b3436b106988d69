"""Giving a plan of reorganisation its day, calling it off, and undoing it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases.actions.audit import record_audit
from cases.actions.kit import Kit
from cases.actions.sync_register import sync_register
from cases.actions.timeline import keep_words
from cases.errors import ConflictError, RuleError
from cases.local_day import london_day
from cases.models.authority import Authority, Queue
from cases.models.reorganisation import PlanState, ReorganisationPlan
from cases.models.staff import Appointment
from cases.models.words import WordsKind
from cases.queries.plans import does_not_fit_without, find_active_row, plan_of, register_with_plans
from cases.reorganisation.applying import with_plans
from cases.reorganisation.check import Against, check_plan
from cases.reorganisation.schema import Merge, Plan, Stays


def plan_reorganisation(
    session: Session, kit: Kit, plan: Plan, day: date, staff_id: int, reason: str, now: datetime
) -> ReorganisationPlan:
    """From now on the plan has a day, at whose midnight it takes effect; the councils to come get their queues.

    Raises RuleError for a day that has begun, without a reason, and when the plan does not fit who the councils are by
    now; ConflictError when it has a day already.
    """
    if not reason.strip():
        raise RuleError("reason", "Say why, for whoever looks back at this.")
    if day <= london_day(now):
        raise RuleError("day", "Choose a day after today: a plan takes effect at midnight.")
    if find_active_row(session, plan.slug):
        raise ConflictError("This plan has a day already. Call it off first.")
    planned = plan.on_day(day)
    register = register_with_plans(session, kit.register)
    if faults := check_plan(planned, Against(register, kit.catalogue)):
        raise RuleError("day", f"The plan does not fit on that day: {faults[0].message}.")
    words = keep_words(session, reason, WordsKind.REASON, None, now)
    row = ReorganisationPlan(
        slug=plan.slug,
        number=_next_number(session),
        content=planned.model_dump(mode="json"),
        day=day,
        undo_until=day + timedelta(days=plan.undo_days),
        planned_by_id=staff_id,
        planned_at=now,
        reason_id=words.id if words else None,
        appointments={"ids": []},
    )
    _add(session, row)
    sync_register(session, with_plans(register, [planned]), kit.catalogue)
    _set_queues_open(session, [council.gss for council in planned.councils], is_open=False)
    _note(session, row, "plan-reorganisation", staff_id, now)
    session.flush()
    return row


def call_off(session: Session, kit: Kit, row: ReorganisationPlan, staff_id: int, reason: str, now: datetime) -> None:
    """Before its day. Nothing has moved yet."""
    if row.state is not PlanState.PLANNED or row.day <= london_day(now):
        raise ConflictError("Its day has come. It can be undone instead.")
    _end(session, kit, row, PlanState.CALLED_OFF, staff_id, reason, now)
    row.is_moved_back = True
    session.flush()


def undo(session: Session, kit: Kit, row: ReorganisationPlan, staff_id: int, reason: str, now: datetime) -> None:
    """Responsibility is as it was at once; the worker then moves the cases back. Raises ConflictError too late."""
    if not row.is_active or row.day > london_day(now):
        raise ConflictError("It is not in force, so there is nothing to undo.")
    if london_day(now) >= row.undo_until:
        raise ConflictError(f"It could be undone until {row.undo_until:%-d %B %Y}. Make a plan of what is to change.")
    _end(session, kit, row, PlanState.UNDONE, staff_id, reason, now)
    session.execute(delete(Appointment).where(Appointment.id.in_(row.appointments.get("ids", []))))
    row.scanned_to = 0
    session.flush()


def _end(
    session: Session, kit: Kit, row: ReorganisationPlan, state: PlanState, staff_id: int, reason: str, now: datetime
) -> None:
    if not reason.strip():
        raise RuleError("reason", "Say why, for whoever looks back at this.")
    if does_not_fit_without(session, kit.register, row):
        raise ConflictError("Another plan builds on this one. Call that one off, or undo it, first.")
    words = keep_words(session, reason, WordsKind.REASON, None, now)
    row.state, row.number = state, _next_number(session)
    row.ended_by_id, row.ended_at, row.end_reason_id = staff_id, now, words.id if words else None
    session.flush()
    _restore_rows(session, kit, row, now)
    _note(session, row, state.value, staff_id, now)


def _restore_rows(session: Session, kit: Kit, row: ReorganisationPlan, now: datetime) -> None:
    """Authorities, queues and their names as the register says without this plan."""
    plan, today = plan_of(row), london_day(now)
    register = register_with_plans(session, kit.register)
    for council, _, teams in area_teams(plan, kit):
        slugs = [f"{register.by_gss(council).slug}-{team}" for team in teams if register.by_gss(council)]  # type: ignore[union-attr]
        session.execute(update(Queue).where(Queue.slug.in_(slugs)).values(authority_gss=council))
    session.expire_all()
    sync_register(session, register, kit.catalogue)
    for new in plan.councils:
        authority = session.get_one(Authority, new.gss)
        authority.closed_on = max(today, authority.opened_on + timedelta(days=1))
    _set_queues_open(session, [new.gss for new in plan.councils], is_open=False)
    back = [gss for gss, _ in plan.ending() if register.is_open(gss, today)]
    _set_queues_open(session, back, is_open=True)


def area_teams(plan: Plan, kit: Kit) -> list[tuple[str, Stays, tuple[str, ...]]]:
    """Each council whose area team goes on, the change that says so, and the teams meant."""
    return [
        (change.council, change, tuple(sorted({kit.catalogue.services[slug].team for slug in change.services})))
        for change in plan.changes
        if isinstance(change, Stays)
    ]


def successor_of_area(plan: Plan, council: str) -> str:
    return next(c.into for c in plan.changes if isinstance(c, Merge) and council in c.councils)


def _set_queues_open(session: Session, authorities: list[str], *, is_open: bool) -> None:
    session.execute(update(Queue).where(Queue.authority_gss.in_(authorities)).values(is_open=is_open))


def _next_number(session: Session) -> int:
    return (session.scalar(select(func.max(ReorganisationPlan.number))) or 0) + 1


def _add(session: Session, row: ReorganisationPlan) -> None:
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise ConflictError("Somebody else has just changed the plans. Look again before you go on.") from error


def _note(session: Session, row: ReorganisationPlan, action: str, staff_id: int | None, now: datetime) -> None:
    record_audit(
        session,
        actor_id=staff_id,
        authority_gss=None,
        action=action,
        subject_kind="reorganisation-plan",
        subject_id=row.id,
        now=now,
        data={"plan": row.slug, "day": row.day.isoformat(), "number": row.number},
    )
