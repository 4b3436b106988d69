"""One case: its page, and what an officer does with it."""

from __future__ import annotations

from flask import flash, redirect, url_for

from app.casework import blueprint
from app.casework.changing import Answer, Change, carry_out
from app.casework.forms import ButtonForm, CloseForm, MessageForm, NoteForm, SettleForm, StatusForm
from app.casework.settling import learnt_from, said_of
from app.casework.showing import show_page
from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.access import Actor
from cases.actions import casework as actions
from cases.actions.settle_case import settle_case as settle
from cases.models.case import Case, CaseStatus, Outcome
from cases.queries.load_case import get_case_for
from cases.triage.decision import Decision

CLOSE_PAGE = "casework/close_case.html"


@blueprint.get("/cases/<reference>")
@requires(Permission.WORK_CASES)
def show_case(reference: str) -> str:
    return show_page(current_actor(), reference, "casework/show_case.html", to_read=True)


@blueprint.post("/cases/<reference>/take")
@requires(Permission.WORK_CASES)
def take_case(reference: str) -> Answer:
    return carry_out(
        reference,
        Change(
            ButtonForm(),
            lambda case, actor: actions.take_case(db.session, case, actor.staff_id, now()),
            "You have taken this case.",
            any_version=True,  # the action itself refuses when somebody else has it
        ),
    )


@blueprint.post("/cases/<reference>/release")
@requires(Permission.WORK_CASES)
def release_case(reference: str) -> Answer:
    return carry_out(
        reference,
        Change(
            ButtonForm(),
            lambda case, actor: actions.release_case(db.session, case, actor.staff_id, now()),
            "The case is free for somebody else to take.",
        ),
    )


@blueprint.post("/cases/<reference>/note")
@requires(Permission.WORK_CASES)
def add_note(reference: str) -> Answer:
    form = NoteForm()
    return carry_out(
        reference,
        Change(
            form,
            lambda case, actor: actions.add_note(db.session, case, actor.staff_id, form.note.data, now()),
            "Your note has been added.",
        ),
    )


@blueprint.post("/cases/<reference>/message")
@requires(Permission.WORK_CASES)
def message_customer(reference: str) -> Answer:
    form = MessageForm()
    return carry_out(
        reference,
        Change(
            form,
            lambda case, actor: actions.message_customer(
                db.session,
                case,
                actor.staff_id,
                form.message.data,
                f"reply:{case.id}:{form.dedupe_key.data}"[:200],
                now(),
            ),
            "Your message is on its way.",
        ),
    )


@blueprint.post("/cases/<reference>/status")
@requires(Permission.WORK_CASES)
def change_status(reference: str) -> Answer:
    form = StatusForm()
    return carry_out(
        reference,
        Change(
            form,
            lambda case, actor: actions.change_status(
                db.session, case, actor.staff_id, CaseStatus(form.status.data), now()
            ),
            "The status has been changed.",
        ),
    )


@blueprint.post("/cases/<reference>/settle")
@requires(Permission.WORK_CASES)
def settle_case(reference: str) -> Answer:
    form = SettleForm()
    decided: list[Decision] = []

    def act(case: Case, actor: Actor) -> None:
        decided.append(settle(db.session, the_kit(), case, actor.staff_id, learnt_from(form), now()))

    return carry_out(reference, Change(form, act, lambda: said_of(decided[-1])))


@blueprint.get("/cases/<reference>/close")
@requires(Permission.WORK_CASES)
def ask_outcome(reference: str) -> Answer:
    actor = current_actor()
    case = get_case_for(db.session, actor, reference)
    if not case.is_open:
        flash("This case is closed already.", "important")
        return redirect(url_for("casework.show_case", reference=reference))
    form = CloseForm(formdata=None)
    form.open_on(case)
    return show_page(actor, reference, CLOSE_PAGE, form)


@blueprint.post("/cases/<reference>/close")
@requires(Permission.WORK_CASES)
def close_case(reference: str) -> Answer:
    form = CloseForm()
    return carry_out(
        reference,
        Change(
            form,
            lambda case, actor: actions.close_case(
                db.session,
                the_kit(),
                case,
                actor.staff_id,
                Outcome(form.outcome.data),
                form.reason.data or "",
                now(),
            ),
            "The case is closed.",
            template=CLOSE_PAGE,
        ),
    )


@blueprint.post("/cases/<reference>/reopen")
@requires(Permission.WORK_CASES)
def reopen_case(reference: str) -> Answer:
    return carry_out(
        reference,
        Change(
            ButtonForm(),
            lambda case, actor: actions.reopen_case(db.session, case, actor.staff_id, now()),
            "The case is open again.",
        ),
    )
