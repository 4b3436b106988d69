"""Giving a plan its day, calling it off, and undoing it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.administration.plans import blueprint
from app.administration.plans_forms import CallOffForm, DayForm, UndoForm
from app.administration.plans_pages import Shown, get_plan, may_change_plans, render_plan
from app.clock import now
from app.extensions import db
from app.formats import as_date
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.actions.reorganise import call_off, plan_reorganisation, undo
from cases.errors import ConflictError, NotAllowedError, RuleError
from cases.models.reorganisation import ReorganisationPlan

Answer = str | Response | tuple[str, int]


@blueprint.post("/<slug>/day")
@requires(Permission.MANAGE_REGISTER)
def give_day(slug: str) -> Answer:
    form = DayForm()
    if not get_plan(slug).plan.rehearsal:
        del form.confirmed

    def act(shown: Shown, staff_id: int) -> str:
        row = plan_reorganisation(
            db.session, the_kit(), shown.plan, form.day.data, staff_id, form.reason.data or "", now()
        )
        return f"The plan takes effect at midnight as {as_date(row.day)} begins."

    return _carry_out(slug, form, act)


@blueprint.post("/<slug>/call-off")
@requires(Permission.MANAGE_REGISTER)
def call_plan_off(slug: str) -> Answer:
    form = CallOffForm()

    def act(shown: Shown, staff_id: int) -> str:
        call_off(db.session, the_kit(), _active(shown), staff_id, form.reason.data or "", now())
        return "The plan has been called off. Nothing had moved."

    return _carry_out(slug, form, act)


@blueprint.post("/<slug>/undo")
@requires(Permission.MANAGE_REGISTER)
def undo_plan(slug: str) -> Answer:
    form = UndoForm()

    def act(shown: Shown, staff_id: int) -> str:
        undo(db.session, the_kit(), _active(shown), staff_id, form.reason.data or "", now())
        return "The plan has been undone. The councils are as they were, and the cases are being moved back."

    return _carry_out(slug, form, act)


def _active(shown: Shown) -> ReorganisationPlan:
    if shown.active is None:
        raise ConflictError("This plan has no day any more. Somebody else has changed it.")
    return shown.active


def _carry_out(slug: str, form: FlaskForm, act: Callable[[Shown, int], str]) -> Answer:
    actor = current_actor()
    shown = get_plan(slug)
    if not may_change_plans(actor):
        raise NotAllowedError("Only the partnership's own administrators can do this.")
    if not form.validate():
        return render_plan(actor, slug, form), 422
    try:
        done = act(shown, actor.staff_id)
        db.session.commit()
    except RuleError as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return render_plan(actor, slug, form), 422
    except StaleDataError as error:
        db.session.rollback()
        raise ConflictError from error
    flash(done, "success")
    return redirect(url_for("plans.show_plan", slug=slug), 303)
