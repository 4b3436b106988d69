"""Answering a hand-over, and the arbiter's word where councils do not agree."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for

from app.casework import blueprint
from app.casework.changing import Answer, Change, carry_out
from app.casework.forms import ButtonForm, DecideForm, RefuseForm
from app.casework.showing import show_page
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.handover_answers import accept, waiting_answer
from cases.actions.open_case import queue_by_slug
from cases.actions.refuse_case import RefusalReason, arbitrate, refuse
from cases.errors import ConflictError, NotFoundError, RuleError
from cases.models.case import Case
from cases.queries.case_page import list_councils_queues
from cases.queries.handovers import list_before_the_arbiter, list_to_answer, list_to_decide
from cases.queries.load_case import get_case_for, get_case_to_decide_for
from cases.queries.stubs import list_stubs

REFUSE_PAGE, DECIDE_PAGE = "casework/refuse_case.html", "casework/decide_case.html"


@blueprint.get("/hand-overs")
@requires(Permission.SEE_QUEUES)
def list_handovers() -> str:
    actor = current_actor()
    return render_template(
        "casework/list_handovers.html",
        to_answer=list_to_answer(db.session, actor),
        to_decide=list_to_decide(db.session, actor),
        before_the_arbiter=list_before_the_arbiter(db.session, actor),
        stubs=list_stubs(db.session, actor, limit=20),
    )


@blueprint.post("/cases/<reference>/accept")
@requires(Permission.WORK_CASES)
def accept_case(reference: str) -> Answer:
    def act(case: Case, actor: Actor) -> None:
        if not accept(db.session, case, actor.staff_id, now()):
            raise ConflictError("It has been answered already.")

    return carry_out(reference, Change(ButtonForm(), act, "Accepted: the case is your council’s."))


@blueprint.get("/cases/<reference>/refuse")
@requires(Permission.WORK_CASES)
def ask_why_refused(reference: str) -> Answer:
    actor = current_actor()
    case = get_case_for(db.session, actor, reference)
    if waiting_answer(db.session, case) is None:
        flash("There is no hand-over to refuse.", "important")
        return redirect(url_for("casework.show_case", reference=reference))
    form = RefuseForm(formdata=None)
    form.open_on(case)
    return show_page(actor, reference, REFUSE_PAGE, form)


@blueprint.post("/cases/<reference>/refuse")
@requires(Permission.WORK_CASES)
def refuse_case(reference: str) -> Answer:
    form = RefuseForm()

    def act(case: Case, actor: Actor) -> None:
        reason = RefusalReason(form.reason.data)
        refuse(db.session, the_kit(), case, actor.staff_id, reason, form.words.data, now())

    return carry_out(reference, Change(form, act, "Refused: the case has gone back.", template=REFUSE_PAGE))


@blueprint.get("/cases/<reference>/decide")
@requires(Permission.WORK_CASES)
def ask_who_has_it(reference: str) -> Answer:
    actor = current_actor()
    case = get_case_to_decide_for(db.session, actor, reference)
    form = DecideForm(formdata=None)
    form.offer(list_councils_queues(db.session))
    form.open_on(case)
    return show_page(actor, reference, DECIDE_PAGE, form, to_read=True)


@blueprint.post("/cases/<reference>/decide")
@requires(Permission.WORK_CASES)
def decide_case(reference: str) -> Answer:
    """Two arbiters at once: the second is told whose word stands."""
    actor, form = current_actor(), DecideForm()
    try:
        case = get_case_to_decide_for(db.session, actor, reference)
    except NotFoundError:
        if not actor.is_arbiter:
            raise
        flash("There is nothing to decide about that case any more.", "important")
        return redirect(url_for("casework.list_handovers"))
    form.offer(list_councils_queues(db.session))
    if not form.validate():
        return show_page(actor, reference, DECIDE_PAGE, form, to_read=True), 422
    try:
        queue = queue_by_slug(db.session, form.queue.data)
        if queue is None:
            raise RuleError("queue", "Choose the council and team.")
        arbitrate(db.session, the_kit(), case, actor.staff_id, queue, form.words.data, now())
        said = f"{queue.name} has the case now, and cannot refuse it."
        db.session.commit()
    except RuleError as error:
        db.session.rollback()
        form[error.field].errors = [error.message]
        return show_page(actor, reference, DECIDE_PAGE, form, to_read=True), 422
    flash(said, "success")
    return redirect(url_for("casework.list_handovers"))
