"""Finding out whose job it is: what the front desk has learnt is added to a case, and triage decides it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.actions.move_case import decide_again, enquiry_of, keep_further_answer, settle_place
from cases.actions.timeline import add_event, keep_words
from cases.errors import ConflictError, RuleError
from cases.local_day import london_day
from cases.models.case import Case, EventKind
from cases.models.contact import Matter, MatterCase
from cases.models.words import Words, WordsKind
from cases.postcodes.text import normalise
from cases.triage.decision import Decision, Enquiry


@dataclass(frozen=True)
class Learnt:
    """What the front desk found out; any of them. ``answer`` is to the question that ``open_question`` names."""

    service: str | None = None
    where: str | None = None
    council: str | None = None
    answer: str | None = None

    def is_nothing(self) -> bool:
        return not any((self.service, self.where, self.council, self.answer))


def open_question(session: Session, kit: Kit, case: Case, now: datetime) -> Decision:
    """What triage would say now: its ``question`` and ``question_id`` are what would settle the case."""
    return kit.triage.best(known_of(session, case, now))


def settle_case(session: Session, kit: Kit, case: Case, staff_id: int, learnt: Learnt, now: datetime) -> Decision:
    """Decide again with what was learnt; a council that is found gets the case.

    Raises ConflictError when a council has it already or it is closed, RuleError when nothing was learnt.
    """
    if case.authority_gss is not None or not case.is_open:
        raise ConflictError("This case no longer waits for somebody to find out whose job it is.")
    if learnt.is_nothing():
        raise RuleError("where", "Give at least one answer.")
    enquiry, asked = known_of(session, case, now), open_question(session, kit, case, now)
    if learnt.service:
        enquiry = replace(enquiry, service=learnt.service)
        case.service_slug = learnt.service
    if learnt.council:
        enquiry = replace(enquiry, council=learnt.council)
    if learnt.answer and asked.question_id:
        keep_further_answer(session, kit, case, asked.question_id, learnt.answer, now)
        enquiry = replace(enquiry, answers={**enquiry.answers, asked.question_id: learnt.answer})
    if learnt.where:
        enquiry = _at(enquiry, learnt.where)
    words = keep_words(session, _in_words(kit, learnt, asked), WordsKind.NOTE, case.controller_gss, now)
    add_event(session, case, EventKind.NOTE, now, actor_id=staff_id, words=words)
    corrected_by_id = staff_id if learnt.service else None
    decision = decide_again(session, kit, case, enquiry, now, None, corrected_by_id=corrected_by_id)
    if learnt.where:
        settle_place(session, case, learnt.where, decision, now)
    return decision


def known_of(session: Session, case: Case, now: datetime) -> Enquiry:
    """A case's first words and all that was found out since, as an enquiry."""
    said = select(Words.text).join(Matter, Matter.words_id == Words.id).join(MatterCase)
    said = said.where(MatterCase.case_id == case.id, MatterCase.is_chaser.is_(False)).order_by(Matter.id).limit(1)
    return enquiry_of(session, case, london_day(now), text=session.scalar(said) or "")


def _at(enquiry: Enquiry, where: str) -> Enquiry:
    postcode = normalise(where)
    if postcode:
        return replace(enquiry, postcode=postcode, district=None)
    text = where if enquiry.service else f"{enquiry.text}\n{where}"
    return replace(enquiry, text=text, postcode=None, district=None)


def _in_words(kit: Kit, learnt: Learnt, asked: Decision) -> str:
    service, council = kit.service(learnt.service), kit.register.find(learnt.council) if learnt.council else None
    parts = [
        f"It is about: {service.title}" if service else None,
        f"Where: {learnt.where}" if learnt.where else None,
        f"Council: {council.name}" if council else None,
        f"{asked.question} {learnt.answer}" if learnt.answer and asked.question else None,
    ]
    return "\n".join(part for part in parts if part) or "Decided again."
