"""Moving a case: when its missing answer arrives, and when one authority hands it to another."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.answers import keep_answers, read_answers
from cases.actions.case_clocks import start_clocks
from cases.actions.decisions import keep_decision
from cases.actions.handover_answers import Passing, answer_by_passing_on, offer
from cases.actions.kit import Kit
from cases.actions.open_case import due_at, queue_by_slug
from cases.actions.outgoing import queue_message
from cases.actions.people import record_for_controller
from cases.actions.timeline import add_event, keep_words
from cases.actions.urgent import follow_case, has_handover, needs_handover, open_urgent
from cases.errors import ConflictError, RuleError
from cases.local_day import london_day
from cases.models.authority import Queue
from cases.models.case import Case, CaseRole, CaseStatus, Event, EventKind, Handover
from cases.models.contact import Contact, Matter, MatterCase
from cases.models.handover import AnswerState, ClockEnd
from cases.models.messages import Message
from cases.models.person import Person
from cases.models.place import Place, PlaceKind
from cases.models.words import Words, WordsKind
from cases.triage.decision import Decision, Enquiry, OutcomeKind

SETTLED = "settled"  # the front desk said what it is about


class HandoverReason(StrEnum):
    """Why triage was wrong; the codes teach it."""

    WRONG_SERVICE = "wrong-service"
    WRONG_PLACE = "wrong-place"
    OTHER_COUNCILS_JOB = "other-councils-job"
    OTHER_TEAMS_JOB = "other-teams-job"
    AGREEMENT = "agreement"


def decide_again(
    session: Session,
    kit: Kit,
    case: Case,
    enquiry: Enquiry,
    now: datetime,
    matter_id: int | None,
    *,
    corrected_by_id: int | None = None,
) -> Decision:
    """Triage once more with what is known now, and move a case of the front desk to the queue that it names.

    A case that an authority has already taken on is left where it is; the decision is kept all the same.
    ``corrected_by_id``: whoever at the front desk said what it is about, which is a correction to learn from.
    """
    decision = kit.triage.best(enquiry)
    row = keep_decision(
        session,
        decision,
        now,
        enquiry.on,
        matter_id=matter_id,
        case_id=case.id,
        decided_by_id=corrected_by_id,
        correction_code=SETTLED if corrected_by_id else None,
    )
    add_event(session, case, EventKind.DECIDED, now, data={"decision": row.id})
    if decision.service and case.service_slug is None:
        case.service_slug, case.kind = decision.service.slug, decision.service.kind
    case.is_sensitive = case.is_sensitive or bool(decision.service and decision.service.sensitive)
    case.is_urgent = case.is_urgent or decision.urgent
    queue = queue_by_slug(session, decision.queue) if decision.queue else None
    if case.authority_gss is None and queue is not None and case.is_open:
        if decision.service:  # an answer may have led from the service first thought of to another
            case.service_slug, case.kind = decision.service.slug, decision.service.kind
        put_in(session, kit, case, queue, now)
        case.status, case.owner_id = CaseStatus.NEW, None
        promise_first(session, kit, case)
        start_clocks(session, case, london_day(case.received_at))
    elif decision.outcome is OutcomeKind.SIGNPOST or not decision.needs:
        case.status = CaseStatus.NEW if case.status is CaseStatus.WAITING else case.status
    if needs_handover(kit, decision) and not has_handover(session, case):
        open_urgent(session, kit, case, decision, None, now)
    else:
        follow_case(session, kit, case, now)
    session.flush()
    return decision


def promise_first(session: Session, kit: Kit, case: Case) -> None:
    """The first council to have a case makes the promise; the front desk's own few hours were none.

    No council after it changes that: not by a hand-over, a refusal or an arbiter's word.
    """
    if case.authority_gss is None or case.service_slug is None:
        return
    if session.scalar(select(Handover.id).where(Handover.case_id == case.id).limit(1)) is None:
        service = kit.service(case.service_slug)
        case.due_at = due_at(kit, service, case.authority_gss, case.is_urgent, case.received_at)


def enquiry_of(session: Session, case: Case, on: date, *, text: str = "") -> Enquiry:
    """What is known of a case, as an enquiry that triage can decide again."""
    place = case.place
    return Enquiry(
        on=on,
        text=text,
        service=case.service_slug,
        postcode=place.postcode if place else None,
        district=place.district_gss if place else None,
        answers=read_answers(session, case.answers),
        channel=case.opened_by_channel.value,
    )


def settle_place(session: Session, case: Case, said: str, decision: Decision, now: datetime) -> None:
    """Keep the place that an answer gave beside what was said before."""
    found = decision.place
    if found is None:
        return
    if case.place is None:
        kind = PlaceKind.POSTCODE if found.postcode else PlaceKind.NAME
        case.place = Place(kind=kind, controller_gss=case.controller_gss)
    case.place.said = "; ".join(p for p in (case.place.said, said) if p)
    case.place.postcode = found.postcode or case.place.postcode
    case.place.district_gss = found.district or case.place.district_gss
    session.flush()


def keep_further_answer(session: Session, kit: Kit, case: Case, question_id: str, value: str, now: datetime) -> None:
    kept = keep_answers(session, kit.service(case.service_slug), {question_id: value}, case.controller_gss, now)
    case.answers = {**case.answers, **kept}


def hand_over(
    session: Session,
    kit: Kit,
    case: Case,
    staff_id: int,
    to_queue: Queue,
    reason: HandoverReason,
    words: str,
    now: datetime,
    *,
    tell: bool = True,
    passing: Passing | None = None,
) -> Handover:
    """Give a case to another authority's queue (or team). Kept as a correction of the triage.

    Another authority has to accept it or refuse it (``actions.handover_answers``), and can work on it meanwhile.
    Raises ConflictError when it is closed, already there or before the arbiter, RuleError without a reason in words.
    """
    if not case.is_open:
        raise ConflictError("This case is closed. Reopen it first.")
    if to_queue.id == case.queue_id:
        raise ConflictError("The case is already in that queue.")
    if not words.strip():
        raise RuleError("words", "Say why, so that the receiving council need not ask.")
    passing = passing or Passing()
    passing.check(case, to_queue)
    answer_by_passing_on(session, case, staff_id, to_queue, reason.value, now)
    return give(session, kit, case, staff_id, to_queue, reason.value, words, now, passing, tell=tell)


def give(
    session: Session,
    kit: Kit,
    case: Case,
    staff_id: int,
    to_queue: Queue,
    code: str,
    words: str,
    now: datetime,
    passing: Passing,
    *,
    tell: bool,
) -> Handover:
    """The move itself, with its correction and its line; whether it may be is the caller's question."""
    sender_queue, sender_gss = case.queue, case.authority_gss
    if passing.service and kit.service(passing.service):
        _rename(kit, case, passing.service)
    decision = keep_decision(
        session,
        _correction(kit, case, to_queue, code),
        now,
        london_day(now),
        matter_id=None,
        case_id=case.id,
        decided_by_id=staff_id,
        correction_code=code,
    )
    reason_words = keep_words(session, words, WordsKind.REASON, to_queue.authority_gss, now)
    put_in(session, kit, case, to_queue, now)
    case.status, case.owner_id = CaseStatus.NEW, None
    if sender_gss is None:
        promise_first(session, kit, case)
    handover = Handover(
        case_id=case.id,
        from_authority_gss=sender_gss,
        to_authority_gss=to_queue.authority_gss,
        reason_code=code,
        words_id=reason_words.id if reason_words else None,
        handed_over_by_id=staff_id,
        decision_id=decision.id,
        at=now,
    )
    session.add(handover)
    # The front desk receives for its councils: the first of them has had the case since the person's own words.
    received_on = london_day(now if sender_gss else case.received_at)
    start_clocks(session, case, received_on, left=ClockEnd.CAME_BACK if passing.is_refusal else ClockEnd.PASSED_ON)
    data = {"from": sender_gss, "to": to_queue.authority_gss, "queue": to_queue.slug, "reason": code}
    if passing.is_refusal:
        data["answer"] = AnswerState.REFUSED.value
    add_event(
        session, case, EventKind.HANDED_OVER, now, actor_id=staff_id, words=reason_words, data=data, is_public=True
    )
    waits = offer(session, kit, case, handover, sender_queue, passing, now)
    if tell and not waits and sender_gss != to_queue.authority_gss:
        text = message_texts.handed_over(
            kit.authority_name(sender_gss), kit.authority_name(to_queue.authority_gss), case.reference
        )
        queue_message(session, case, "handed-over", text, f"handed-over:{case.id}:{case.last_event_seq}", now)
    session.flush()
    return handover


def _rename(kit: Kit, case: Case, slug: str) -> None:
    """It turned out to be about something else; what is once sensitive stays so."""
    service = kit.catalogue.services[slug]
    case.service_slug, case.kind = slug, service.kind
    case.is_sensitive = case.is_sensitive or service.sensitive


def _correction(kit: Kit, case: Case, to_queue: Queue, code: str) -> Decision:
    authority = kit.register.by_gss(to_queue.authority_gss) if to_queue.authority_gss else None
    return Decision(
        outcome=OutcomeKind.AUTHORITY if authority else OutcomeKind.FRONT_DESK,
        rule=f"correction:{code}",
        data_version=kit.triage.data_version,
        service=kit.service(case.service_slug),
        authority=authority,
        queue=to_queue.slug,
        confidence=1.0,
        urgent=case.is_urgent,
        staff_reasons=("Settled by a person.",),
    )


def put_in(session: Session, kit: Kit, case: Case, queue: Queue, now: datetime) -> None:
    """New queue, authority and controller; people and words follow to the new controller's records."""
    case.queue_id, case.queue = queue.id, queue
    case.authority_gss = queue.authority_gss
    before = case.controller_gss
    if before == queue.authority_gss:
        return
    case.controller_gss = queue.authority_gss
    for role in session.scalars(select(CaseRole).where(CaseRole.case_id == case.id)):
        was = role.person
        if case.is_sensitive and _is_only_in(session, case, was):
            _take_along(session, was, queue.authority_gss)
            continue
        _move_role(session, role, queue.authority_gss, now, apart=case.is_sensitive)
        if before is None:
            _move_contacts(session, case, was, role)
    if case.place:
        case.place.controller_gss = queue.authority_gss
    _move_words(session, case, queue.authority_gss)
    follow_case(session, kit, case, now)


def _move_contacts(session: Session, case: Case, was: Person, role: CaseRole) -> None:
    """Contacts that only the front desk has answered for so far become the council's that has the case."""
    session.flush()
    theirs = select(Matter.contact_id).join(MatterCase).where(MatterCase.case_id == case.id)
    session.execute(
        update(Contact)
        .where(Contact.id.in_(theirs), Contact.controller_gss.is_(None), Contact.person_id == was.id)
        .values(controller_gss=case.controller_gss, person_id=role.person_id, contact_point_id=role.contact_point_id)
    )


def _move_words(session: Session, case: Case, controller_gss: str | None) -> None:
    """What was said about the case, and written on it, goes with it."""
    session.flush()
    matters = select(MatterCase.matter_id).where(MatterCase.case_id == case.id)
    answers = [value["words"] for value in case.answers.values() if isinstance(value, dict)]
    said = or_(
        Words.id.in_(select(Matter.words_id).where(Matter.id.in_(matters), Matter.words_id.is_not(None))),
        Words.id.in_(select(Event.words_id).where(Event.case_id == case.id, Event.words_id.is_not(None))),
        Words.id.in_(select(Message.words_id).where(Message.case_id == case.id)),
        Words.id.in_(answers),
    )
    session.execute(update(Words).where(said).values(controller_gss=controller_gss))


def _is_only_in(session: Session, case: Case, person: Person) -> bool:
    """Whether the sender knows this person from nothing but this case."""
    elsewhere = select(CaseRole.id).where(CaseRole.person_id == person.id, CaseRole.case_id != case.id)
    theirs = select(Matter.contact_id).join(MatterCase).where(MatterCase.case_id == case.id)
    other_contact = select(Contact.id).where(Contact.person_id == person.id, Contact.id.not_in(theirs))
    return session.scalar(elsewhere.limit(1)) is None and session.scalar(other_contact.limit(1)) is None


def _take_along(session: Session, person: Person, controller_gss: str | None) -> None:
    """The record itself goes with a sensitive case: what stayed behind would tell whoever finds it of the case."""
    person.controller_gss = controller_gss
    for point in person.contact_points:
        point.controller_gss = controller_gss
    session.execute(update(Contact).where(Contact.person_id == person.id).values(controller_gss=controller_gss))


def _move_role(session: Session, role: CaseRole, controller_gss: str | None, now: datetime, *, apart: bool) -> None:
    before = role.person
    twin = record_for_controller(session, before, controller_gss, now, apart=apart)
    used = next((p for p in before.contact_points if p.id == role.contact_point_id), None)
    role.person = twin
    if used is not None:
        same = next((p for p in twin.contact_points if (p.kind, p.value_key) == (used.kind, used.value_key)), None)
        role.contact_point_id = same.id if same else None


def words_of(session: Session, words_id: int | None) -> str:
    words = session.get(Words, words_id) if words_id else None
    return (words.text or "") if words else ""
