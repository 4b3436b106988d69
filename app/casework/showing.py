"""Making the case page, and noting who read it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app.casework.forms import CaseForm, MessageForm, NoteForm, SettleForm, StatusForm
from app.casework.settling import ask_what_settles
from app.clock import now
from app.database import write_transaction
from app.extensions import db
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.audit import record_audit
from cases.models.case import Case
from cases.queries.case_page import CasePage, list_councils_queues, list_receiving_queues, read_case_page
from cases.queries.handovers import read_clocks, read_last_handover
from cases.queries.load_case import get_case_for, get_case_to_read_for


def show_page(
    actor: Actor, reference: str, template: str, form: CaseForm | None = None, *, to_read: bool = False
) -> str:
    """A page about one case. ``form`` is one that came back with errors, and keeps what was typed.

    ``to_read``: also for an arbiter, who reads the case but does not work it.
    """
    case = (get_case_to_read_for if to_read else get_case_for)(db.session, actor, reference)
    page = read_case_page(db.session, the_kit(), case)
    forms = case_forms(case, form)
    case_id, authority_gss = case.id, case.authority_gss
    settle = forms["settle"]
    question = ask_what_settles(case, settle if isinstance(settle, SettleForm) else None)
    text = render_template(
        template,
        page=page,
        case=case,
        forms=forms,
        form=form,
        question=question,
        handover=read_last_handover(db.session, case),
        clocks=read_clocks(db.session, case),
        may_decide=actor.is_arbiter,
        **_further(template, page),
    )
    db.session.rollback()  # nothing was changed; on SQLite the note below must not wait for this transaction
    note_reading(actor, case_id, authority_gss)
    return text


def case_forms(case: Case, used: CaseForm | None) -> dict[str, CaseForm]:
    """The forms of the page, each opened on the case as it is; the one that came back stays as it was typed."""
    forms = [NoteForm(formdata=None), MessageForm(formdata=None), StatusForm(formdata=None), SettleForm(formdata=None)]
    forms[2].status.data = case.status.value
    forms[1].dedupe_key.data = f"reply:{case.id}:{the_kit().sealer.new_token()}"
    by_name = {form.name: form for form in forms}
    for form in by_name.values():
        form.open_on(case)
    if used is not None:
        by_name[used.name] = used
    return by_name


def note_reading(actor: Actor, case_id: int, authority_gss: str | None) -> None:
    """In a short write of its own after the page was made: reading must not hold writers up."""
    with write_transaction() as session:
        record_audit(
            session,
            actor_id=actor.staff_id,
            authority_gss=authority_gss,
            action="read-case",
            subject_kind="case",
            subject_id=case_id,
            now=now(),
            data={"method": request.method},
        )


def _further(template: str, page: CasePage) -> dict[str, Any]:
    if template == "casework/hand_over.html":
        return {"queues": list_receiving_queues(db.session, page.case)}
    if template == "casework/decide_case.html":
        return {"queues": list_councils_queues(db.session)}
    return {}
