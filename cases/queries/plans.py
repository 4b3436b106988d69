"""Plans of reorganisation: those that have a day, and the register with them laid over it."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.local_day import london_day
from cases.models.reorganisation import PlanState, ReorganisationPlan
from cases.models.rules import RuleChange
from cases.register.areas import WardOf
from cases.register.register import Register
from cases.reorganisation.applying import with_plans
from cases.reorganisation.check import check_councils
from cases.reorganisation.schema import Plan
from cases.triage.engine import Triage

log = logging.getLogger("shirehall.plans")
ACTIVE = (PlanState.PLANNED, PlanState.IN_FORCE)


def newest_plan_change(session: Session) -> int | None:
    """Grows with every change of any plan's state."""
    return session.scalar(select(func.max(ReorganisationPlan.number)))


def newest_changes(session: Session) -> tuple[int | None, int | None]:
    """The numbers of the newest change of a rule and of a plan, in one look, because every request asks for them."""
    rule, plan = select(func.max(RuleChange.number)), select(func.max(ReorganisationPlan.number))
    row = session.execute(select(rule.scalar_subquery(), plan.scalar_subquery())).one()
    return row[0], row[1]


def plan_of(row: ReorganisationPlan) -> Plan:
    """What was planned, for the day that it was planned for."""
    return Plan.model_validate(row.content)


def find_active_row(session: Session, slug: str) -> ReorganisationPlan | None:
    query = select(ReorganisationPlan).where(ReorganisationPlan.slug == slug, ReorganisationPlan.state.in_(ACTIVE))
    return session.scalar(query)


def list_plan_rows(session: Session, slug: str | None = None) -> list[ReorganisationPlan]:
    """Newest first."""
    query = select(ReorganisationPlan).order_by(ReorganisationPlan.id.desc())
    return list(session.scalars(query.where(ReorganisationPlan.slug == slug) if slug else query))


def register_with_plans(session: Session, register: Register, ward_of: WardOf | None = None) -> Register:
    """The delivered register with every plan that has a day; plans that were undone are only remembered."""
    rows = list(session.scalars(select(ReorganisationPlan).order_by(ReorganisationPlan.id)))
    layered = register.as_delivered
    for row in rows:
        if row.state not in ACTIVE and row.ended_at:
            layered = with_plans(layered, [], undone=[(plan_of(row), london_day(row.ended_at))])
    for row in rows:
        if row.state in ACTIVE:
            layered = _with_row(layered, row, ward_of)
    return layered


def does_not_fit_without(session: Session, register: Register, ended: ReorganisationPlan) -> bool:
    """Whether another plan that has a day builds on this one."""
    layered = register.as_delivered
    for row in reversed(list_plan_rows(session)):
        if row.state in ACTIVE and row.id != ended.id:
            if check_councils(plan_of(row), layered):
                return True
            layered = with_plans(layered, [plan_of(row)])
    return False


def _with_row(register: Register, row: ReorganisationPlan, ward_of: WardOf | None) -> Register:
    """A plan that a later release's register no longer fits must not stop the site: it is remembered, and logged."""
    plan = plan_of(row)
    if faults := check_councils(plan, register):
        log.error("plan %s is left out: it does not fit the register (%d faults)", row.slug, len(faults))
        return with_plans(register, [], undone=[(plan, row.day)])
    return with_plans(register, [plan], ward_of=ward_of)


def triage_with_plans(session: Session, triage: Triage) -> Triage:
    """Triage by the plans as they stand in this session, whatever was in force when the request began."""
    register = register_with_plans(session, triage.register, ward_of(triage))
    number = newest_plan_change(session)
    plans = f"p{number}" if number else ""
    return triage.under(replace(triage.rules, register=register, plans=plans))


def kit_with_plans(session: Session, kit: Kit) -> Kit:
    triage = triage_with_plans(session, kit.triage)
    return replace(kit, triage_now=lambda: triage)


def ward_of(triage: Triage) -> WardOf:
    """Asks the postcodes in force, which may have no wards."""

    def find(postcode: str) -> str | None:
        row = triage.postcodes().lookup(postcode)
        return row.ward_gss if row else None

    return find
