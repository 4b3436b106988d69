"""What the call form must be before it is saved, and the contact that it then is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.citizen.answers import too_long
from app.desk.call_form import CallerFields, CallForm, MatterFields
from app.desk.caller import Faults, person_given
from app.desk.given import LONGEST_PLACE, matter_given, may_be_sensitive, read_answers, service_of, unknown_postcode
from cases.access import Actor
from cases.actions.given import NewContact, NewMatter
from cases.actions.kit import Kit
from cases.actions.record_contact import decide_matter
from cases.actions.urgent import needs_handover
from cases.catalogue.schema import Reporter
from cases.local_day import london_day
from cases.models.authority import Queue
from cases.models.case import CaseStatus, RoleKind
from cases.models.contact import Channel, Openness
from cases.queries.desk import find_desk_case_for, offices_for
from cases.triage.decision import Decision

LONGEST_WORDS = 20_000  # a call's notes: ten thousand characters are no mistake


@dataclass(frozen=True)
class Desk:
    """Who sits where: what the form does not say itself."""

    actor: Actor
    channel: Channel
    now: datetime


def check(session: Session, kit: Kit, desk: Desk, form: CallForm) -> tuple[NewContact | None, Faults]:
    """The contact to record, or what is wrong with the form."""
    faults = Faults()
    office_id = _office(session, desk, form, faults)
    person = person_given(session, kit, desk.actor, form.caller, faults)
    matters = [_matter(session, kit, desk, n, fields, faults) for n, fields in form.numbered if not fields.is_blank]
    if not matters:
        faults.add("m1-about", "Say what the customer wants: choose a service or write what they said")
    on, approached = london_day(desk.now), approached_at(session, desk, form.office)
    heard = [
        decide_matter(session, kit, matter, desk.channel, on=on, approached=approached) for matter in matters
    ]
    decided = [found for matter, found in zip(matters, heard, strict=True) if not matter.join_case_id]
    if any(needs_handover(kit, decision) for found in heard for decision in found):
        faults = Faults()  # nothing that is missing or odd may hold up what is urgent: it is put right afterwards
    else:
        _check_safety(kit, form.caller, decided, faults)
        _check_openness(form.caller, decided, faults)
    if faults:
        return None, faults
    contact = NewContact(
        channel=desk.channel,
        matters=tuple(matters),
        received_at=desk.now,
        person=person,
        role=RoleKind.ACTING_FOR if form.caller.role == RoleKind.ACTING_FOR else RoleKind.REPORTER,
        openness=_openness(form.caller),
        staff_user_id=desk.actor.staff_id,
        office_id=office_id,
        submission_key=form.key or None,
        language=form.caller.language.strip()[:80] or None,
    )
    return _naming_whom(contact, form.caller), faults


def _naming_whom(contact: NewContact, caller: CallerFields) -> NewContact:
    """Somebody who acts for another: for whom is said with the words, where it can be blanked."""
    whom = caller.acting_for.strip()
    if contact.role is not RoleKind.ACTING_FOR or not whom:
        return contact
    matters = tuple(
        m if m.join_case_id else replace(m, text=f"{m.text}\nActing for: {whom}".strip()) for m in contact.matters
    )
    return replace(contact, matters=matters)


def approached_at(session: Session, desk: Desk, office: str) -> str | None:
    """The council in whose office they stand."""
    if desk.channel is not Channel.COUNTER or not office:
        return None
    return next((o.authority_gss for o in offices_for(session, desk.actor) if o.slug == office), None)


def _openness(caller: CallerFields) -> Openness:
    """In confidence where it cannot be read: the call is saved all the same when it is urgent."""
    known = {o.value for o in Openness}
    return Openness(caller.openness) if caller.openness in known else Openness.CONFIDENTIAL


def _office(session: Session, desk: Desk, form: CallForm, faults: Faults) -> int | None:
    if desk.channel is not Channel.COUNTER:
        return None
    office = next((o for o in offices_for(session, desk.actor) if o.slug == form.office), None)
    if office is None:
        faults.add("office", "Choose the office you are at")
        return None
    return office.id


def _matter(session: Session, kit: Kit, desk: Desk, n: int, fields: MatterFields, faults: Faults) -> NewMatter:
    if problem := too_long(fields.text, LONGEST_WORDS):
        faults.add(f"m{n}-text", problem)
    if len(fields.about) > 1000:
        faults.add(f"m{n}-about", "Choose a service, or write a few words here and the rest in the notes")
    if len(fields.place) > LONGEST_PLACE:
        faults.add(f"m{n}-place", "Use a shorter description of the place, and put the rest in the notes")
    if fields.join.strip():
        return _joining(session, kit, desk, n, fields, faults)
    queue = _queue(session, n, fields, faults)
    if not fields.anyway:
        if bad := unknown_postcode(kit, fields.place):
            faults.add(f"m{n}-place", f"{bad} is not a postcode that we know. Check it, or give the street and town")
        _check_answers(kit, n, fields, faults)
    given = matter_given(session, kit, fields, queue=queue)
    if queue and not given.correction_code and not faults:
        decided = decide_matter(session, kit, given, desk.channel, on=london_day(desk.now))[0]
        if decided.queue != queue:
            faults.add(f"m{n}-why", "Say why it should go to another queue")
    return given


def _joining(session: Session, kit: Kit, desk: Desk, n: int, fields: MatterFields, faults: Faults) -> NewMatter:
    """With a fault it is taken as a new question, for what is urgent is saved in spite of it."""
    case = find_desk_case_for(session, desk.actor, fields.join)
    if case is None:
        faults.add(f"m{n}-join", "There is no case with that reference that you can add to. Check its ten digits")
        return matter_given(session, kit, fields)
    if case.status is CaseStatus.CLOSED:
        faults.add(f"m{n}-join", "That case is closed. Empty this box to open a new case")
        return matter_given(session, kit, fields)
    return matter_given(session, kit, fields, join_case_id=case.case_id)


def _queue(session: Session, n: int, fields: MatterFields, faults: Faults) -> str | None:
    typed = " ".join(fields.queue.split())
    if not typed:
        return None
    query = select(Queue.slug).where((Queue.name == typed) | (Queue.slug == typed), Queue.is_open)
    slug = session.scalar(query)
    if slug is None:
        faults.add(f"m{n}-queue", "Choose a queue from the list")
    return slug


def _check_answers(kit: Kit, n: int, fields: MatterFields, faults: Faults) -> None:
    """A new case needs what its service needs to know; information given or a signpost does not."""
    service = service_of(kit, fields)
    if service is None or fields.ends != "case":
        return
    for question_id, (asked, problem) in read_answers(service, fields.answers)[1].items():
        faults.add(f"m{n}-q-{question_id}", f"{problem}: {asked.ask}")


def _check_safety(kit: Kit, caller: CallerFields, decided: list[tuple[Decision, ...]], faults: Faults) -> None:
    """About something sensitive the question must have been asked, whatever the answer was."""
    if caller.safe or not caller.has_way or caller.openness == Openness.ANONYMOUS:
        return
    if any(may_be_sensitive(kit, decisions) for decisions in decided):
        faults.add("safe", "Ask whether it is safe to contact them, then tick what they say or that no way is safe")


def _check_openness(caller: CallerFields, decided: list[tuple[Decision, ...]], faults: Faults) -> None:
    openness = caller.openness
    if openness not in {o.value for o in Openness}:
        faults.add("openness", "Choose how their name may be used")
        return
    if openness == Openness.OPEN:
        return
    for service in (decision.service for decisions in decided for decision in decisions):
        if service and Reporter(openness) not in service.reporters:
            how = "without a name" if openness == Openness.ANONYMOUS else "in confidence"
            faults.add("openness", f"“{service.title}” cannot be taken {how}. Choose another answer")
