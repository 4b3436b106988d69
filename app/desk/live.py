"""Parts of the call form while it is being typed. Sent as forms, because an address is logged and a form is not."""

from __future__ import annotations

from flask import abort, render_template, request

from app.clock import now
from app.database import only_reads
from app.desk import blueprint
from app.desk.answer import Answer, answer_for
from app.desk.call_form import MOST_MATTERS, MatterFields, read_call_form
from app.desk.checking import Desk, approached_at
from app.desk.page import COUNTER, TELEPHONE, CallerState, Door, note_person_shown, search
from app.desk.suggestions import suggest
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.queries.desk import get_person_for, open_cases_for_person, record_of


@blueprint.post("/desk/callers")
@requires(Permission.TAKE_CALLS)
@only_reads
def callers() -> str:
    """Who the box's text could be, as choices for the list under it."""
    state = search(db.session, current_actor(), request.form.get("find", ""))
    return render_template("desk/_found.html", caller=state, live=True)


@blueprint.post("/desk/caller")
@requires(Permission.TAKE_CALLS)
@only_reads
def caller() -> str:
    """The record that was chosen, with its open cases. Looking at it is put on record."""
    actor = current_actor()
    person_id = read_call_form(request.form).caller.person_id
    note_person_shown(actor, person_id or 0)
    person = get_person_for(db.session, actor, person_id or 0)
    state = CallerState(record_of(person), tuple(open_cases_for_person(db.session, actor, person)))
    return render_template("desk/_caller.html", caller=state, matter=_matter_number(), now=now, door=_door())


@blueprint.post("/desk/services")
@requires(Permission.TAKE_CALLS)
@only_reads
def services() -> str:
    found = suggest(the_kit(), request.form.get("words", "")[:1000])
    return render_template("desk/_services.html", suggestions=found)


@blueprint.post("/desk/answer")
@requires(Permission.TAKE_CALLS)
@only_reads
def answer() -> str:
    """One matter's answer, its questions, and how its place is asked for."""
    call, number = read_call_form(request.form), _matter_number()
    if number > len(call.matters):
        abort(400)
    fields = call.matters[number - 1]
    desk = Desk(current_actor(), _door().channel, now())
    found = answer_for(
        db.session,
        the_kit(),
        desk.actor,
        fields,
        desk.channel,
        desk.now,
        approached=approached_at(db.session, desk, call.office),
    )
    return render_template("desk/_live.html", answer=found, fields=fields, n=number, faults={}, now=now, door=_door())


@blueprint.post("/desk/matter")
@requires(Permission.TAKE_CALLS)
@only_reads
def matter() -> str:
    """An empty question to add to the form."""
    return render_template(
        "desk/_matter.html",
        n=_matter_number(),
        fields=MatterFields(),
        answer=Answer(),
        faults={},
        now=now,
        door=_door(),
        has_more=True,
    )


def _matter_number() -> int:
    text = request.form.get("n", "1")
    number = int(text[:9]) if text.isascii() and text.isdigit() else 1
    return min(max(number, 1), MOST_MATTERS)


def _door() -> Door:
    return COUNTER if request.form.get("door") == COUNTER.name else TELEPHONE
