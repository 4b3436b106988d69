"""One change to one case: lock it, see that it is still as it was when the page was opened, act, commit, go back.

Nothing typed is ever lost: a rule that is broken, a change by somebody else and a case that has gone to another council
each give a page that still has the words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from app.casework.forms import CaseForm, HandOverForm, SettleForm, Version
from app.casework.settling import ask_what_settles, service_choices
from app.casework.showing import note_reading, show_page
from app.extensions import db
from app.permissions import current_actor
from app.wiring import the_kit
from cases.access import Actor
from cases.errors import ConflictError, NotFoundError, RuleError
from cases.models.case import Case, EventKind
from cases.queries.case_page import (
    TimelineLine,
    get_case_to_change_for,
    list_receiving_queues,
    read_case_page,
    read_timeline,
)
from cases.queries.handovers import read_last_handover
from cases.queries.load_case import get_case_for
from cases.queries.stubs import find_stub_for

Answer = str | Response | tuple[str, int]


class Change(NamedTuple):
    """``act`` does it. ``done`` is what the next page says. ``template`` shows the form again with its errors.

    ``any_version``: what somebody else did in the meantime cannot make this change wrong.
    """

    form: CaseForm
    act: Callable[[Case, Actor], object]
    done: str | Callable[[], str]
    template: str = "casework/show_case.html"
    any_version: bool = False


def carry_out(reference: str, change: Change) -> Answer:
    actor, form = current_actor(), change.form
    try:
        case = get_case_to_change_for(db.session, actor, reference)
    except NotFoundError:
        return _gone(actor, reference, form)
    if isinstance(form, HandOverForm):
        form.offer(list_receiving_queues(db.session, case), service_choices())
    if isinstance(form, SettleForm):
        ask_what_settles(case, form)
    if not change.any_version and form.opened_on() != Version.of(case):
        return _changed(actor, reference, change)
    if not form.validate():
        return show_page(actor, reference, change.template, form), 422
    queue_slug = case.queue.slug
    try:
        change.act(case, actor)
        db.session.commit()
    except RuleError as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return show_page(actor, reference, change.template, form), 422
    except (ConflictError, StaleDataError) as error:
        db.session.rollback()
        return _changed(actor, reference, change, error.message if isinstance(error, ConflictError) else None)
    flash(change.done if isinstance(change.done, str) else change.done(), "success")
    if is_worked_by(actor, case.authority_gss):
        return redirect(url_for("casework.show_case", reference=reference))
    return redirect(url_for("casework.show_queue", slug=queue_slug))


def is_worked_by(actor: Actor, authority_gss: str | None) -> bool:
    return authority_gss in actor.authorities if authority_gss else actor.at_front_desk


def _changed(actor: Actor, reference: str, change: Change, message: str | None = None) -> Answer:
    """409: what has happened since, and the form as it was typed, ready to be sent on what there is now."""
    form, case = change.form, get_case_for(db.session, actor, reference)
    opened_on = form.opened_on()
    news = read_timeline(db.session, case, after_seq=opened_on.seq) if opened_on else ()
    if _was_sent_already(news, actor, form):
        return redirect(url_for("casework.show_case", reference=reference))
    form.open_on(case)
    page = read_case_page(db.session, the_kit(), case)
    queues = list_receiving_queues(db.session, case) if isinstance(form, HandOverForm) else []
    text = render_template(
        "casework/changed.html",
        page=page,
        case=case,
        form=form,
        news=news,
        message=message,
        queues=queues,
        question=ask_what_settles(case, form if isinstance(form, SettleForm) else None),
        handover=read_last_handover(db.session, case),
    )
    case_id, authority_gss = case.id, case.authority_gss
    db.session.rollback()
    note_reading(actor, case_id, authority_gss)
    return text, 409


def _was_sent_already(news: tuple[TimelineLine, ...], actor: Actor, form: CaseForm) -> bool:
    """The button was pressed twice: the only news is what this very form did the first time."""
    typed = next((str(field.data).strip() for field in form if field.type == "TextAreaField" and field.data), None)
    if not typed or any(_is_by_somebody_else(line, actor) for line in news):
        return False
    return any((line.text or "").strip() == typed for line in news)


def _is_by_somebody_else(line: TimelineLine, actor: Actor) -> bool:
    return line.kind in (EventKind.CONTACT, EventKind.REPLY) or line.by_id not in (None, actor.staff_id)


def _gone(actor: Actor, reference: str, form: CaseForm) -> Answer:
    """Another council's case and no case at all look the same, but who handed it over gets their words back."""
    stub = find_stub_for(db.session, actor, reference)
    typed = [(field.label.text, field.data) for field in form if field.type == "TextAreaField" and field.data]
    if stub is None or not typed:
        raise NotFoundError
    return render_template("casework/gone.html", stub=stub, typed=typed), 404
