"""A case as the desk sees it: enough to tell somebody how it stands and to add what they say."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.citizen.answers import too_long
from app.clock import now
from app.database import write_transaction
from app.desk import blueprint
from app.desk.checking import LONGEST_WORDS
from app.desk.page import own_office
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.actions.audit import record_audit
from cases.actions.given import NewContact, NewMatter
from cases.actions.pins import new_pin_for
from cases.actions.record_contact import record_contact
from cases.errors import ConflictError
from cases.models.case import Case
from cases.models.contact import Channel
from cases.queries.desk import last_public_events, offices_for
from cases.queries.load_case import get_desk_case_for

CHANNELS = (Channel.PHONE, Channel.COUNTER)


@blueprint.get("/desk/cases/<reference>")
@requires(Permission.TAKE_CALLS)
def show_case(reference: str) -> str:
    case = get_desk_case_for(db.session, current_actor(), reference)
    page = _page(case)
    case_id, authority = case.id, case.authority_gss
    with write_transaction() as session:
        record_audit(
            session,
            actor_id=current_actor().staff_id,
            authority_gss=authority,
            action="case-shown-at-desk",
            subject_kind="case",
            subject_id=case_id,
            now=now(),
        )
    return page


@blueprint.post("/desk/cases/<reference>/add")
@requires(Permission.TAKE_CALLS)
def add_to_case(reference: str) -> Response | tuple[str, int]:
    """What somebody says about it now, as a contact of its own that joins the case."""
    actor = current_actor()
    case = get_desk_case_for(db.session, actor, reference)
    note = request.form.get("note", "")
    problem = too_long(note, LONGEST_WORDS) if note.strip() else "Write what the customer says"
    if problem:
        return _page(case, note=note, problem=problem), 422
    if not case.is_open:
        raise ConflictError("This case is closed. Take the call as a new case.")
    channel = Channel.COUNTER if request.form.get("channel") == Channel.COUNTER else Channel.PHONE
    office = next((o for o in offices_for(db.session, actor) if o.slug == own_office(actor)), None)
    recorded = record_contact(
        db.session,
        the_kit(),
        NewContact(
            channel=channel,
            matters=(NewMatter(text=note, join_case_id=case.id),),
            received_at=now(),
            staff_user_id=actor.staff_id,
            office_id=office.id if office and channel is Channel.COUNTER else None,
            submission_key=request.form.get("key", "")[:80] or None,
        ),
        now=now(),
    )
    db.session.commit()
    if recorded.urgent:
        return redirect(url_for("urgent.show_urgent", handover_id=recorded.urgent.id))
    flash("It was added already." if recorded.repeated else "Added to the case. Its team will see it.")
    return redirect(url_for("desk.show_case", reference=reference))


@blueprint.post("/desk/cases/<reference>/new-pin")
@requires(Permission.TAKE_CALLS)
def new_pin(reference: str) -> str | tuple[str, int]:
    """Shown on the answer to this form and never again, so there is no page to go back to."""
    actor = current_actor()
    case = get_desk_case_for(db.session, actor, reference)
    if "verified" not in request.form:
        return _page(case, pin_problem="Tick the box when you have made sure who is asking"), 422
    pin = new_pin_for(db.session, the_kit(), case, actor.staff_id, now())
    record_audit(
        db.session,
        actor_id=actor.staff_id,
        authority_gss=case.authority_gss,
        action="new-pin-given",
        subject_kind="case",
        subject_id=case.id,
        now=now(),
    )
    db.session.commit()
    return _page(case, pin=pin)


def _page(
    case: Case, *, note: str = "", problem: str | None = None, pin: str | None = None, pin_problem: str | None = None
) -> str:
    return render_template(
        "desk/case.html",
        case=case,
        events=last_public_events(db.session, case.id),
        note=note,
        problem=problem,
        pin=pin,
        pin_problem=pin_problem,
        key=the_kit().sealer.new_token(),
        channels=CHANNELS,
        now=now(),
    )
