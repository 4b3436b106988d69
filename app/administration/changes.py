"""One change: a draft with its rehearsal, to be put in force or thrown away; or one in force, to go back to."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.administration import blueprint
from app.administration.typed import Typed
from app.administration.words import differences, facts_of, may_change
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.actions.change_rules import discard_draft, draft_version, put_in_force
from cases.errors import RuleError
from cases.local_day import london_day
from cases.models.rules import RuleChange, RuleState, RuleSubject
from cases.queries.rehearsal import rehearse_draft
from cases.queries.rules import get_change, get_version
from cases.triage.agreements import Agreement

Page = str | tuple[str, int] | Response


@blueprint.get("/changes/<int:change_id>")
@requires(Permission.MANAGE_REGISTER)
def show_change(change_id: int) -> Page:
    return _page(get_change(db.session, change_id), Typed({}))


@blueprint.get("/versions/<int:number>")
@requires(Permission.MANAGE_REGISTER)
def show_version(number: int) -> Page:
    """The newest change that a decision knew, as its data version names it."""
    return redirect(url_for("administration.show_change", change_id=get_version(db.session, number).id))


@blueprint.post("/changes/<int:change_id>/put-in-force")
@requires(Permission.MANAGE_REGISTER)
def put_change_in_force(change_id: int) -> Page:
    draft, form = get_change(db.session, change_id), Typed(request.form)
    try:
        put_in_force(db.session, the_kit(), current_actor(), draft, _version(), form.text("reason"), now())
        db.session.commit()
    except RuleError as error:
        db.session.rollback()
        form.refuse_rule(error, ("reason",))
        return _page(get_change(db.session, change_id), form)
    flash("The change is in force.", "success")
    return redirect(url_for("administration.show_change", change_id=change_id))


@blueprint.post("/changes/<int:change_id>/discard")
@requires(Permission.MANAGE_REGISTER)
def discard_change(change_id: int) -> Page:
    discard_draft(db.session, the_kit(), current_actor(), get_change(db.session, change_id), _version(), now())
    db.session.commit()
    flash("The draft has been thrown away.", "success")
    return redirect(url_for("administration.show_rules"))


@blueprint.post("/changes/<int:change_id>/go-back")
@requires(Permission.MANAGE_REGISTER)
def go_back(change_id: int) -> Page:
    """A draft of this version again, or (``to=before``) of what held before it."""
    moment, change = now(), get_change(db.session, change_id)
    before = request.form.get("to") == "before"
    try:
        draft = draft_version(
            db.session, the_kit(), current_actor(), change, moment, before=before, today=london_day(moment)
        )
        db.session.commit()
    except RuleError as error:
        db.session.rollback()
        flash(f"This version cannot come back as it was. {error.message}", "important")
        return redirect(url_for("administration.show_change", change_id=change_id))
    return redirect(url_for("administration.show_change", change_id=draft.id))


def _page(change: RuleChange, form: Typed) -> Page:
    before, after = facts_of(change)
    is_draft = change.state is RuleState.DRAFT
    agreement = Agreement.model_validate(change.after) if change.subject is RuleSubject.AGREEMENT else None
    text = render_template(
        "administration/show_change.html",
        change=change,
        differences=differences(before, after),
        rehearsal=rehearse_draft(db.session, the_kit(), change, now()) if is_draft else None,
        is_draft=is_draft,
        allowed=may_change(agreement),
        form=form,
    )
    return (text, 422) if form.errors else text


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
