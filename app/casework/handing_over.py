"""Handing a case over to another council or team, and what stays with who handed it over."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for

from app.casework import blueprint
from app.casework.changing import Answer, Change, carry_out
from app.casework.forms import HandOverForm
from app.casework.settling import service_choices
from app.casework.showing import show_page
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.handover_answers import CustomerView, Passing
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.open_case import queue_by_slug
from cases.errors import RuleError
from cases.models.case import Case
from cases.queries.case_page import list_receiving_queues
from cases.queries.load_case import get_case_for
from cases.queries.stubs import list_stubs

PAGE = "casework/hand_over.html"


@blueprint.get("/cases/<reference>/hand-over")
@requires(Permission.WORK_CASES)
def ask_receiver(reference: str) -> Answer:
    actor = current_actor()
    case = get_case_for(db.session, actor, reference)
    if not case.is_open:
        flash("This case is closed. Reopen it before you hand it over.", "important")
        return redirect(url_for("casework.show_case", reference=reference))
    form = HandOverForm(formdata=None)
    form.offer(list_receiving_queues(db.session, case), service_choices())
    form.open_on(case)
    return show_page(actor, reference, PAGE, form)


@blueprint.post("/cases/<reference>/hand-over")
@requires(Permission.WORK_CASES)
def hand_over_case(reference: str) -> Answer:
    form = HandOverForm()

    def act(case: Case, actor: Actor) -> None:
        queue = queue_by_slug(db.session, form.queue.data)
        if queue is None or not queue.is_open:
            raise RuleError("queue", "Choose the council and team.")
        reason = HandoverReason(form.reason.data)
        view = CustomerView(form.customer_view.data) if form.customer_view.data else None
        passing = Passing(service=form.service.data or None, customer_view=view)
        hand_over(db.session, the_kit(), case, actor.staff_id, queue, reason, form.words.data, now(), passing=passing)

    change = Change(form, act, "The case has been handed over.", template=PAGE)
    return carry_out(reference, change)


@blueprint.get("/handed-over")
@requires(Permission.SEE_QUEUES)
def handed_over() -> str:
    return render_template("casework/handed_over.html", stubs=list_stubs(db.session, current_actor()))
