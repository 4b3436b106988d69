"""What waits for somebody to take it, whom to ring about one of them, and noting who took it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.clock import now
from app.database import write_transaction
from app.extensions import db
from app.permissions import Permission, current_actor, may, requires
from app.urgent import blueprint
from app.urgent.words import advice_of, duty_of
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.audit import record_audit
from cases.actions.urgent import accept_urgent
from cases.errors import ConflictError, RuleError
from cases.models.contact import Channel, Contact
from cases.models.urgent import UrgentHandover
from cases.queries.urgent import get_urgent_for, list_urgent, said_about

SAVED_AGAIN_FOR = timedelta(hours=12)
Page = str | tuple[str, int] | Response


class Taken(NamedTuple):
    """The form as typed; only the name must be there."""

    taken_by: str = ""
    promise: str = ""
    by_when: str = ""

    @classmethod
    def typed(cls) -> Taken:
        return cls(*(request.form.get(name, "") for name in ("taken_by", "promise", "by_when")))

    @property
    def promised(self) -> str:
        parts = [self.promise.strip(), f"By: {self.by_when.strip()}" if self.by_when.strip() else ""]
        return "\n".join(part for part in parts if part)


@blueprint.get("/urgent")
@requires(Permission.SEE_URGENT)
def list_urgent_handovers() -> str:
    found = list_urgent(db.session, the_kit(), current_actor(), now())
    waiting = [(shown, duty_of(shown.row)) for shown in found if shown.row.accepted_at is None]
    taken = [shown for shown in found if shown.row.accepted_at is not None]
    return render_template("urgent/list_urgent.html", waiting=waiting, taken=taken)


@blueprint.get("/urgent/<int:handover_id>")
@requires(Permission.SEE_URGENT)
def show_urgent(handover_id: int) -> Page:
    actor = current_actor()
    page = _show(actor, handover_id, Taken())
    db.session.rollback()  # nothing was changed; the note below must not wait for this transaction
    _note_reading(actor, handover_id)
    return page


@blueprint.post("/urgent/<int:handover_id>")
@requires(Permission.SEE_URGENT)
def take_urgent(handover_id: int) -> Page:
    actor, typed = current_actor(), Taken.typed()
    row = get_urgent_for(db.session, the_kit(), actor, handover_id).row
    try:
        accept_urgent(db.session, the_kit(), row.id, actor.staff_id, typed.taken_by, typed.promised, now())
    except RuleError as error:
        db.session.rollback()
        return _show(actor, handover_id, typed, faults={error.field: error.message}), 422
    except ConflictError as error:
        db.session.rollback()
        return _show(actor, handover_id, typed, conflict=error.message), 409
    where = _next_page(actor, row)
    db.session.commit()
    flash(f"Taken by {' '.join(typed.taken_by.split())}.", "success")
    return redirect(where)


def _show(
    actor: Actor,
    handover_id: int,
    typed: Taken,
    *,
    faults: dict[str, str] | None = None,
    conflict: str | None = None,
) -> str:
    kit = the_kit()
    shown = get_urgent_for(db.session, kit, actor, handover_id)
    code = shown.row.signpost or ""
    return render_template(
        "urgent/show_urgent.html",
        shown=shown,
        row=shown.row,
        duty=duty_of(shown.row),
        advice=advice_of(shown.row),
        said=said_about(db.session, shown.row) if shown.is_readable else [],
        agency=kit.catalogue.agencies.get(code),
        outside=kit.register.by_gss(code),
        saved=_saved_page(actor, shown.row),
        typed=typed,
        faults=faults or {},
        conflict=conflict,
    )


def _next_page(actor: Actor, row: UrgentHandover) -> str:
    """The next of the same call that waits, else what is to be read out on it, else the list."""
    another = db.session.scalar(
        select(UrgentHandover.id)
        .where(UrgentHandover.contact_id == row.contact_id, UrgentHandover.accepted_at.is_(None))
        .order_by(UrgentHandover.id)
        .limit(1)
    )
    if another and row.opened_by_id == actor.staff_id:
        return url_for("urgent.show_urgent", handover_id=another)
    return _saved_page(actor, row) or url_for("urgent.show_urgent", handover_id=row.id)


def _saved_page(actor: Actor, row: UrgentHandover) -> str | None:
    """The confirmation of the call that the actor has just saved: reference and PIN are read out from it."""
    contact = db.session.get(Contact, row.contact_id) if row.contact_id else None
    if contact is None or contact.staff_user_id != actor.staff_id or contact.received_at < now() - SAVED_AGAIN_FOR:
        return None
    if contact.channel is Channel.COUNTER and may(Permission.SERVE_COUNTER):
        return url_for("desk.saved_visit", contact_id=contact.id)
    return url_for("desk.saved_call", contact_id=contact.id) if contact.channel is Channel.PHONE else None


def _note_reading(actor: Actor, handover_id: int) -> None:
    with write_transaction() as session:
        row = session.get_one(UrgentHandover, handover_id)
        record_audit(
            session,
            actor_id=actor.staff_id,
            authority_gss=row.authority_gss,
            action="read-urgent",
            subject_kind="urgent-handover",
            subject_id=handover_id,
            now=now(),
        )
