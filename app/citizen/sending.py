"""The last pages: check what was given, send it once, and say what happens now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.citizen import blueprint
from app.citizen.contact_pages import person_given
from app.citizen.filling import Filling
from app.citizen.flow import danger_in, steps
from app.citizen.pages import Page, get_filling, go_on, show, step_page
from app.citizen.pins import pins_to_show, take_pins
from app.citizen.place import place_given
from app.citizen.summary import answer_lines, check_rows
from app.citizen.visitor import forget_form, remember_form
from app.clock import now
from app.extensions import db
from app.permissions import public
from app.wiring import the_kit
from cases.actions.drafts import finish_draft
from cases.actions.given import NewContact, NewMatter
from cases.actions.record_contact import record_contact
from cases.catalogue.schema import Agency, Service
from cases.models.case import Case
from cases.models.contact import Channel, Contact, Matter, MatterCase, MatterOutcome, Openness
from cases.models.messages import Message
from cases.register.register import Authority
from cases.triage.decision import Answer

Ending = Literal["case", "information-given", "signposted"]


@step_page("check")
def check(filling: Filling, rest: str) -> Page:
    if request.method == "POST":
        joined = filling.data.get("already")
        if isinstance(joined, int):
            case = db.session.get(Case, joined)
            if case is None or not case.is_open or case.is_sensitive:
                filling.keep(already="none")  # closed in the meantime, say: theirs becomes a report of its own
                return go_on(filling)
        return _send(filling, "case")
    return show(filling, "check", "check.html", rows=check_rows(filling), joined=filling.data.get("already"))


def end_with_advice(filling: Filling, advice: str) -> Response:
    return _send(filling, "information-given", left={"advice": advice})


def send_at_once(filling: Filling) -> Response:
    return _send(filling, "case")


def end_with_signpost(filling: Filling) -> Response:
    return _send(filling, "signposted")


def carried_over(filling: Filling, new: Service) -> Filling:
    """The same draft as a form of ``new``: what both ask is kept, the rest goes along as words."""
    asked = {q.id for q in new.questions} | {c.id for c in new.check_first if c.rule == "ask"}
    kept = {k: v for k, v in filling.data.get("answers", {}).items() if k in asked}
    lines = answer_lines(filling, set(filling.answers) - asked)
    forget_form(filling.segment)
    carried = Filling(filling.draft, filling.token, new)
    carried.draft.service_slug = new.slug
    text = "\n".join(p for p in (filling.data.get("text", ""), *lines) if p)
    carried.keep(answers=kept, text=text or None, already=None)
    if not new.sensitive:
        remember_form(new.slug, filling.token)
    return carried


def _send(filling: Filling, ending: Ending, left: dict[str, Any] | None = None) -> Response:
    """Record it, once: the draft's own key makes every repeat harmless."""
    moment = now()
    openness = Openness(filling.data.get("openness", "open"))
    given = NewContact(
        channel=Channel.WEB,
        matters=(_matter(filling, ending),),
        received_at=moment,
        person=person_given(filling) if ending == "case" else None,
        openness=openness,
        submission_key=f"web-{filling.draft.token_hash}",
    )
    recorded = record_contact(db.session, the_kit(), given, now=moment)
    finish_draft(filling.draft, recorded.contact.id, {**(left or {}), **pins_to_show(filling, recorded)}, moment)
    forget_form(filling.segment)
    db.session.commit()
    return redirect(url_for("citizen.sent", segment=filling.segment, token=filling.token), 303)


def _matter(filling: Filling, ending: Ending) -> NewMatter:
    joined = filling.data.get("already")
    return NewMatter(
        text=_words(filling),
        service=filling.service.slug if filling.service else None,
        place=place_given(filling.place),
        council=filling.council,
        answers=_answers_that_count(filling),
        join_case_id=joined if isinstance(joined, int) and ending == "case" else None,
        ends=ending,
    )


def _words(filling: Filling) -> str:
    """What was said outside the questions, with any answer that means danger, so that triage hears it."""
    dangerous = [
        a for a in filling.answers.values() if isinstance(a, str) and filling.service and danger_in(filling, a)
    ]
    council = filling.data.get("council") or {}
    named = [f"Council: {council['name']}"] if council.get("name") else []
    return "\n".join(p for p in (filling.data.get("text", ""), *named, *dangerous) if p)


def _answers_that_count(filling: Filling) -> dict[str, Answer]:
    """Without those left empty, and without answers to questions that a later change has made idle."""
    asked = {
        path.partition("/")[2]
        for path in (s.path for s in steps(filling))
        if path.startswith(("before/", "questions/"))
    }
    return {k: v for k, v in filling.answers.items() if v and k in asked}


@dataclass(frozen=True)
class Sent:
    """One matter of what was sent, as its confirmation shows it."""

    matter: Matter
    service: Service | None
    case: Case | None = None
    authority: Authority | None = None
    is_chaser: bool = False
    pin: str | None = None
    told_by: Channel | None = None
    agency: Agency | None = None
    outside: Authority | None = None


@blueprint.get("/report/<segment>/<token>/sent")
@public
def sent(segment: str, token: str) -> Page:
    filling = get_filling(token)
    if not filling.draft.sent_at:
        return redirect(url_for("citizen.go_on_with_form", segment=filling.segment, token=token), 303)
    pins = take_pins(token) if request.method == "GET" else {}
    contact = db.session.get(Contact, filling.draft.contact_id) if filling.draft.contact_id else None
    ends = [_ending(matter, pins) for matter in contact.matters] if contact else []
    return render_template(
        "citizen/sent.html",
        filling=filling,
        service=filling.service,
        ends=ends,
        advice=filling.data.get("advice"),
        has_person=bool(contact and contact.person_id),
        is_private=filling.is_sensitive or any(e.case and e.case.is_sensitive for e in ends),
    )


def _ending(matter: Matter, pins: dict[str, str]) -> Sent:
    kit = the_kit()
    service = kit.service(matter.service_slug)
    link = db.session.scalar(select(MatterCase).where(MatterCase.matter_id == matter.id).limit(1))
    if link is not None:
        case = db.session.get_one(Case, link.case_id)
        authority = kit.register.by_gss(case.authority_gss) if case.authority_gss else None
        told_by = db.session.scalar(select(Message.channel).where(Message.dedupe_key == f"ack:{case.id}"))
        agency = kit.catalogue.agencies.get(matter.signpost or "")
        return Sent(matter, service, case, authority, link.is_chaser, pins.get(case.reference), told_by, agency)
    code = matter.signpost or ""
    is_signpost = matter.outcome is MatterOutcome.SIGNPOSTED
    agency = kit.catalogue.agencies.get(code) if is_signpost else None
    return Sent(
        matter, service, agency=agency, outside=kit.register.by_gss(code) if is_signpost and not agency else None
    )
