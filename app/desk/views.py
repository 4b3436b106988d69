"""The call form at its two doors: shown, shown again with what it can say so far, and saved."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.clock import now
from app.database import only_reads
from app.desk import blueprint
from app.desk.call_form import CallForm, MatterFields, read_call_form
from app.desk.caller import Faults
from app.desk.checking import Desk, check
from app.desk.page import COUNTER, TELEPHONE, Door, begin_call, note_person_shown, own_office, state_of
from app.desk.shown_pins import carry_pins
from app.desk.suggestions import entry_of, title_of
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.actions.record_contact import record_contact
from cases.errors import NotFoundError, RuleError
from cases.queries.desk import get_person_for, record_of
from cases.row_ids import read_row_id

Page = str | tuple[str, int] | Response
_OFFICE = "desk_office"


@blueprint.get("/telephone")
@requires(Permission.TAKE_CALLS)
def telephone() -> Page:
    return _fresh(TELEPHONE)


@blueprint.post("/telephone")
@requires(Permission.TAKE_CALLS)
def save_call() -> Page:
    return _save(TELEPHONE)


@blueprint.route("/telephone/form", methods=["GET", "POST"])
@requires(Permission.TAKE_CALLS)
@only_reads
def telephone_form() -> Page:
    return _again(TELEPHONE)


@blueprint.get("/counter")
@requires(Permission.SERVE_COUNTER)
def counter() -> Page:
    return _fresh(COUNTER)


@blueprint.post("/counter")
@requires(Permission.SERVE_COUNTER)
def save_visit() -> Page:
    return _save(COUNTER)


@blueprint.route("/counter/form", methods=["GET", "POST"])
@requires(Permission.SERVE_COUNTER)
@only_reads
def counter_form() -> Page:
    return _again(COUNTER)


def _fresh(door: Door) -> Page:
    begin_call()
    call = CallForm(key=the_kit().sealer.new_token(), office=own_office(current_actor()) or session.get(_OFFICE, ""))
    if "case" in request.args:
        call = replace(call, matters=(MatterFields(join=request.args["case"][:20]),))
    return _show(door, call)


def _again(door: Door) -> Page:
    """A button that is not "Save" was pressed: the same form, with what is now known. Nothing is changed."""
    if request.method == "GET":
        return redirect(url_for(f"desk.{door.name}"))
    button = request.form.get("do", "")
    call = _after_button(read_call_form(request.form), button)
    return _show(door, call, is_unsaved=True, focus=_focus_after(call, button))


def _focus_after(call: CallForm, button: str) -> str:
    """Where to go on from, without a script to keep the place."""
    action, _, rest = button.partition("-")
    number = rest.partition("-")[0]
    if button == "add-matter":
        return f"m{len(call.matters)}-about"
    if action in ("pick", "check", "join") and number.isascii() and number.isdigit():
        return f"m{number[:3]}-text" if action == "join" else f"m{number[:3]}-place"
    return "name" if action == "person" else "find"


def _after_button(call: CallForm, button: str) -> CallForm:
    action, _, rest = button.partition("-")
    if action == "person" and (person_id := read_row_id(rest)):
        return _choose_person(call, person_id)
    if button == "nobody":
        return replace(call, caller=replace(call.caller, person_id=None, find="", safe=frozenset()))
    if button == "add-matter":
        return call.with_another()
    if action == "remove" and rest.isascii() and rest.isdigit():
        return call.without(int(rest[:3]))
    number, _, what = rest.partition("-")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:3]) <= len(call.matters)):
        return call
    if action == "join":
        return call.with_matter(int(number[:3]), join=what)
    if action == "pick" and (entry := entry_of(the_kit(), what)):
        return call.with_matter(int(number[:3]), service=what, about=title_of(entry))
    return call


def _choose_person(call: CallForm, person_id: int) -> CallForm:
    """What they said was safe before is the first answer to the question, to be asked again."""
    try:
        person = get_person_for(db.session, current_actor(), person_id)
    except NotFoundError:
        return call
    record = record_of(person)
    safe = call.caller.safe or frozenset(
        way for way in ("text", "call", "voicemail", "email", "letter") if getattr(record.safe, way)
    )
    caller = replace(call.caller, person_id=person_id, safe=safe, hours=call.caller.hours or record.safe.hours or "")
    return replace(call, caller=caller)


def _save(door: Door) -> Page:
    call = read_call_form(request.form)
    kit, actor = the_kit(), current_actor()
    contact, faults = check(db.session, kit, Desk(actor, door.channel, now()), call)
    if contact is None:
        db.session.rollback()  # the page is made without holding up those who save
        return _show(door, call, faults), 422
    try:
        recorded = record_contact(db.session, kit, contact, now=now())
    except RuleError as error:
        db.session.rollback()
        faults.add(_field_of(error), error.message)
        return _show(door, call, faults), 422
    pins = {r.case.id: r.pin for r in recorded.results if r.case and r.pin}
    contact_id = recorded.contact.id
    if recorded.repeated and recorded.contact.staff_user_id != actor.staff_id:
        raise NotFoundError
    db.session.commit()
    if not recorded.repeated:
        carry_pins(kit.sealer, contact_id, pins, now())
    if door.has_office:
        session[_OFFICE] = call.office
    if recorded.urgent:
        return redirect(url_for("urgent.show_urgent", handover_id=recorded.urgent.id))
    return redirect(url_for(f"desk.{door.saved}", contact_id=contact_id))


def _field_of(error: RuleError) -> str:
    return {"queue": "m1-queue", "case": "m1-join"}.get(error.field, error.field)


def _show(
    door: Door, call: CallForm, faults: Faults | None = None, *, is_unsaved: bool = False, focus: str = "find"
) -> str:
    if call.caller.person_id is not None:
        try:
            note_person_shown(current_actor(), call.caller.person_id)
        except NotFoundError:  # the record that was chosen is gone, or was never theirs to choose
            call = replace(call, caller=replace(call.caller, person_id=None))
    state = state_of(db.session, door, call, faults, is_unsaved=is_unsaved)
    return render_template("desk/form.html", state=state, now=now, focus=None if faults else focus)
