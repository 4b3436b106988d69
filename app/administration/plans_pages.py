"""The plans of reorganisation: the list, and one plan with its rehearsal and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_wtf import FlaskForm

from app.administration.plans import blueprint
from app.administration.plans_forms import CallOffForm, DayForm, UndoForm
from app.administration.plans_words import say_changes
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit, the_plans
from cases.access import Actor
from cases.errors import NotFoundError
from cases.local_day import london_day
from cases.models.reorganisation import PlanState, ReorganisationPlan
from cases.models.staff import Role
from cases.queries.plans import find_active_row, list_plan_rows, plan_of, ward_of
from cases.queries.rehearse_plan import count_by_old_and_new, count_moved, rehearse_plan
from cases.reorganisation.applying import with_plans
from cases.reorganisation.check import Against, check_plan
from cases.reorganisation.loader import PlanError
from cases.reorganisation.schema import Plan


@dataclass(frozen=True)
class Shown:
    """A plan as it stands: with its row, when it has or had a day."""

    plan: Plan
    row: ReorganisationPlan | None  # the newest one

    @property
    def active(self) -> ReorganisationPlan | None:
        return self.row if self.row and self.row.is_active else None


@blueprint.get("")
@requires(Permission.MANAGE_REGISTER)
def list_plans() -> str:
    newest: dict[str, ReorganisationPlan] = {}
    for row in list_plan_rows(db.session):
        newest.setdefault(row.slug, row)
    faults: tuple[object, ...] = ()
    plans: dict[str, Plan] = {}
    try:
        plans = dict(the_plans())
    except PlanError as error:
        faults = error.errors
    for slug, row in newest.items():
        if row.is_active or slug not in plans:
            plans[slug] = plan_of(row)
    shown = [Shown(plan, newest.get(slug)) for slug, plan in plans.items()]
    return render_template("plans/list_plans.html", shown=shown, faults=faults)


@blueprint.get("/<slug>")
@requires(Permission.MANAGE_REGISTER)
def show_plan(slug: str) -> str:
    return render_plan(current_actor(), slug)


def get_plan(slug: str) -> Shown:
    """What was planned, while it has a day; else the plan of the file. Raises NotFoundError."""
    rows = list_plan_rows(db.session, slug)
    row = find_active_row(db.session, slug) or (rows[0] if rows else None)
    if row and row.is_active:
        return Shown(plan_of(row), row)
    try:
        plan = the_plans().get(slug)
    except PlanError:
        plan = None
    if plan is None and row is None:
        raise NotFoundError("We cannot find that plan.")
    return Shown(plan or plan_of(row), row) if row else Shown(plan, None)  # type: ignore[arg-type]


def may_change_plans(actor: Actor) -> bool:
    """A plan concerns many councils: only the partnership's own administrators give it a day or undo it."""
    return any(post.role is Role.ADMINISTRATOR and post.authority_gss is None for post in actor.posts)


def render_plan(actor: Actor, slug: str, form: FlaskForm | None = None) -> str:
    """``form``: one that came back with errors, and keeps what was typed."""
    kit, shown = the_kit(), get_plan(slug)
    plan, row, today = shown.plan, shown.row, london_day(now())
    register, faults = kit.register, []
    if shown.active is None:
        faults = check_plan(plan, Against(register, kit.catalogue))
        register = with_plans(register, [plan], ward_of=ward_of(kit.triage)) if not faults else register
    may_change = may_change_plans(actor)
    only = None if may_change else frozenset(p.authority_gss for p in actor.posts if p.authority_gss)
    has_begun = row is not None and row.state in (PlanState.IN_FORCE, PlanState.UNDONE)
    rehearsal = None
    if not has_begun or (row and row.state is PlanState.UNDONE):
        rehearsal = rehearse_plan(db.session, kit, register, plan, only=only) if not faults else None
    return render_template(
        "plans/show_plan.html",
        plan=plan,
        row=row,
        register=register,
        faults=faults,
        form=form,
        forms=_forms(shown, form),
        changes=say_changes(plan, register),
        rehearsal=rehearsal,
        moved=count_moved(db.session, row) if row and has_begun else (),
        both=count_by_old_and_new(db.session, plan) if row and row.state is PlanState.IN_FORCE else None,
        may_change=may_change,
        may_call_off=row is not None and row.state is PlanState.PLANNED and row.day > today,
        may_undo=shown.active is not None and shown.active.day <= today < shown.active.undo_until,
    )


def _forms(shown: Shown, used: FlaskForm | None) -> dict[str, FlaskForm]:
    day = DayForm(formdata=None)
    day.day.data = shown.plan.day
    forms: dict[str, FlaskForm] = {"day": day, "call-off": CallOffForm(formdata=None), "undo": UndoForm(formdata=None)}
    if used is not None:
        forms[str(getattr(used, "name", ""))] = used
    return forms
