"""After saving: what to read out on the call, or to hand over on a slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template
from sqlalchemy import select

from app.clock import now
from app.desk import blueprint
from app.desk.page import COUNTER, TELEPHONE, Door
from app.desk.shown_pins import carried_pins
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.wiring import the_kit
from cases.catalogue.schema import Agency, Service
from cases.errors import NotFoundError
from cases.models.authority import Office
from cases.models.case import Case, TriageDecision
from cases.models.contact import Contact, Matter
from cases.models.messages import Message
from cases.queries.desk import contact_saved_by
from cases.register.register import Authority

SHOWN_AGAIN_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Saved:
    """What became of one matter. ``decision`` is what was kept with it."""

    matter: Matter
    case: Case | None
    pin: str | None
    is_chaser: bool
    service: Service | None
    decision: TriageDecision | None
    agency: Agency | None = None
    outside: Authority | None = None

    @property
    def reasons(self) -> list[str]:
        return list(self.decision.reasons.get("public", ())) if self.decision else []


@blueprint.get("/telephone/saved/<int:contact_id>")
@requires(Permission.TAKE_CALLS)
def saved_call(contact_id: int) -> str:
    return _confirm(TELEPHONE, contact_id)


@blueprint.get("/counter/saved/<int:contact_id>")
@requires(Permission.SERVE_COUNTER)
def saved_visit(contact_id: int) -> str:
    return _confirm(COUNTER, contact_id)


@blueprint.get("/counter/slip/<int:contact_id>")
@requires(Permission.SERVE_COUNTER)
def slip(contact_id: int) -> str:
    contact, results = _load(COUNTER, contact_id)
    office = db.session.get(Office, contact.office_id) if contact.office_id else None
    return render_template(
        "desk/slip.html", contact=contact, results=results, office=office, base_url=the_kit().base_url
    )


def _confirm(door: Door, contact_id: int) -> str:
    contact, results = _load(door, contact_id)
    return render_template(
        "desk/saved.html", door=door, contact=contact, results=results, messages=_queued(results), now=now()
    )


def _load(door: Door, contact_id: int) -> tuple[Contact, list[Saved]]:
    """What the actor saved today. Raises NotFoundError for anybody else's, and for what is longer ago."""
    kit = the_kit()
    contact = contact_saved_by(db.session, current_actor().staff_id, contact_id, now() - SHOWN_AGAIN_FOR)
    if contact is None or contact.channel is not door.channel:
        raise NotFoundError("We cannot find that call.")
    pins = carried_pins(kit.sealer, contact.id, now())
    ids = [link.case_id for matter in contact.matters for link in matter.case_links]
    cases = {case.id: case for case in db.session.scalars(select(Case).where(Case.id.in_(ids)))} if ids else {}
    made = select(TriageDecision).where(TriageDecision.matter_id.in_([m.id for m in contact.matters]))
    decisions = {d.matter_id: d for d in db.session.scalars(made.order_by(TriageDecision.id))}
    return contact, [_result(matter, cases, pins, decisions.get(matter.id)) for matter in contact.matters]


def _result(matter: Matter, cases: dict[int, Case], pins: dict[int, str], decision: TriageDecision | None) -> Saved:
    kit = the_kit()
    link = matter.case_links[0] if matter.case_links else None
    case = cases.get(link.case_id) if link else None
    return Saved(
        matter=matter,
        case=case,
        pin=pins.get(case.id) if case else None,
        is_chaser=bool(link and link.is_chaser),
        service=kit.service(case.service_slug if case else matter.service_slug),
        decision=decision,
        agency=kit.catalogue.agencies.get(matter.signpost or ""),
        outside=kit.register.by_gss(matter.signpost) if matter.signpost else None,
    )


def _queued(results: list[Saved]) -> set[int]:
    """Ids of the cases that a message will go out about."""
    ids = [r.case.id for r in results if r.case and not r.is_chaser]
    if not ids:
        return set()
    return {i for i in db.session.scalars(select(Message.case_id).where(Message.case_id.in_(ids))) if i is not None}
