"""The front desk settles one case after another, each by one key."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from app.casework import blueprint
from app.casework.changing import Answer
from app.casework.forms import ButtonForm, Version
from app.casework.settling import said_of
from app.casework.showing import note_reading
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.settle_by_key import choices_for, settle_by_key
from cases.errors import ConflictError, NotFoundError, RuleError
from cases.models.case import Case
from cases.queries.case_page import get_case_to_change_for, read_case_page
from cases.queries.unsettled import count_unsettled, next_unsettled
from cases.references import show_reference
from cases.row_ids import read_row_id

NOTHING = "nothing"


@blueprint.get("/queues/front-desk/settle")
@requires(Permission.WORK_CASES)
def settle_next() -> str:
    """The oldest case that nobody has settled, or the next one behind ``after``."""
    return _show(_desk_actor(), read_row_id(request.args.get("after", "")) or 0)


@blueprint.post("/queues/front-desk/settle")
@requires(Permission.WORK_CASES)
def settle_this() -> Answer:
    actor, form = _desk_actor(), ButtonForm()
    reference, choice = request.form.get("reference", ""), request.form.get("choice", "")
    try:
        case = get_case_to_change_for(db.session, actor, reference)
        if form.opened_on() != Version.of(case):
            raise ConflictError("Somebody else has changed that case since you saw it.")
        slug = None if choice == NOTHING else choice
        decision = settle_by_key(db.session, the_kit(), case, actor.staff_id, slug, now())
        said = said_of(decision) if decision else "Closed: nothing was asked for."
        shown = show_reference(case.reference)
        db.session.commit()
    except NotFoundError:
        db.session.rollback()
        return _show(actor, 0, "Somebody else has settled that case. This is the next one."), 409
    except ConflictError as error:
        db.session.rollback()
        return _show(actor, 0, f"{error.message} This is the next one."), 409
    except RuleError as error:
        db.session.rollback()
        return _show(actor, 0, error.message), 422
    flash(f"{shown}: {said}", "success")
    return redirect(url_for("casework.settle_next", after=request.form.get("after")))


def _desk_actor() -> Actor:
    actor = current_actor()
    if not actor.at_front_desk:
        raise NotFoundError
    return actor


def _show(actor: Actor, after_id: int, message: str | None = None) -> str:
    case = next_unsettled(db.session, after_id=after_id)
    if case is None:
        later = bool(after_id) and next_unsettled(db.session) is not None
        return render_template("casework/settle_next.html", case=None, message=message, later=later)
    text = _render(case, after_id, message)
    case_id = case.id
    db.session.rollback()
    note_reading(actor, case_id, None)
    return text


def _render(case: Case, after_id: int, message: str | None) -> str:
    kit = the_kit()
    return render_template(
        "casework/settle_next.html",
        case=case,
        page=read_case_page(db.session, kit, case),
        choices=choices_for(db.session, kit, case, now()),
        version=Version.of(case),
        after=after_id or None,
        waiting=count_unsettled(db.session),
        message=message,
        nothing=NOTHING,
    )
