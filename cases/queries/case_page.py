"""Everything one case page shows, read in a fixed number of queries however long the case's history is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from cases.access import Actor, cases_worked_by
from cases.actions.answers import read_answers
from cases.actions.kit import Kit
from cases.actions.outgoing import channel_of, reply_point, why_not_send
from cases.catalogue.schema import AskFirst, Choice, Service
from cases.errors import NotFoundError
from cases.models.authority import Queue
from cases.models.case import Case, CaseRole, Event, EventKind, TriageDecision
from cases.models.contact import Channel, Contact, Matter, MatterCase
from cases.models.messages import Message, MessageState
from cases.models.person import ContactPoint, Person
from cases.models.staff import StaffUser
from cases.models.words import Words
from cases.references import read_reference
from cases.triage.decision import Answer


@dataclass(frozen=True)
class TimelineLine:
    """One event with what hangs on it. ``text`` is None when there are no words, or when they were removed."""

    seq: int
    kind: EventKind
    at: datetime
    by_id: int | None
    by: str | None
    channel: Channel | None
    data: Mapping[str, Any]
    text: str | None
    is_blanked: bool
    message_state: MessageState | None
    message_error: str | None


@dataclass(frozen=True)
class AskedAnswered:
    question: str
    answer: str


@dataclass(frozen=True)
class Said:
    """One time somebody got in touch about this case."""

    at: datetime
    channel: Channel
    is_chaser: bool
    taken_by: str | None
    text: str | None


@dataclass(frozen=True)
class DecisionShown:
    row: TriageDecision
    by: str | None


@dataclass(frozen=True)
class Reach:
    """How a message to the customer would go. ``why_not`` (a code) stops staff; ``by_itself``: automatic ones go."""

    channel: Channel | None
    point: ContactPoint | None
    why_not: str | None
    by_itself: bool


@dataclass(frozen=True)
class CasePage:
    case: Case
    service: Service | None
    timeline: tuple[TimelineLine, ...]
    roles: tuple[CaseRole, ...]
    answers: tuple[AskedAnswered, ...]
    said: tuple[Said, ...]
    decisions: tuple[DecisionShown, ...]
    reach: Reach

    @property
    def chasers(self) -> int:
        return sum(said.is_chaser for said in self.said)


def get_case_to_change_for(session: Session, actor: Actor, reference: str) -> Case:
    """The case, locked until the commit: what was checked is what is changed. Raises NotFoundError."""
    query = select(Case).where(Case.reference == (read_reference(reference) or ""), cases_worked_by(actor))
    case = session.scalar(query.with_for_update(of=Case).execution_options(populate_existing=True))
    if case is None:
        raise NotFoundError("We cannot find that case among those you work with.")
    return case


def read_case_page(session: Session, kit: Kit, case: Case) -> CasePage:
    """For a case that ``get_case_for`` has given out."""
    service = kit.service(case.service_slug)
    return CasePage(
        case=case,
        service=service,
        timeline=read_timeline(session, case),
        roles=_roles(session, case),
        answers=tuple(_answers(session, case, service)),
        said=_said(session, case),
        decisions=_decisions(session, case),
        reach=read_reach(session, case),
    )


def read_timeline(session: Session, case: Case, *, after_seq: int = 0) -> tuple[TimelineLine, ...]:
    """Newest first."""
    message_words = aliased(Words)
    query = (
        select(
            Event,
            StaffUser.name,
            Words.text,
            Words.blanked_at,
            Message.state,
            Message.error_code,
            message_words.text.label("message_text"),
            message_words.blanked_at.label("message_blanked_at"),
        )
        .outerjoin(StaffUser, StaffUser.id == Event.actor_id)
        .outerjoin(Words, Words.id == Event.words_id)
        .outerjoin(Message, Message.id == Event.message_id)
        .outerjoin(message_words, message_words.id == Message.words_id)
        .where(Event.case_id == case.id, Event.seq > after_seq)
        .order_by(Event.seq.desc())
    )
    return tuple(
        TimelineLine(
            seq=row.Event.seq,
            kind=row.Event.kind,
            at=row.Event.at,
            by_id=row.Event.actor_id,
            by=row.name,
            channel=row.Event.channel,
            data=row.Event.data,
            text=row.text or row.message_text,
            is_blanked=bool(row.blanked_at or row.message_blanked_at),
            message_state=row.state,
            message_error=row.error_code,
        )
        for row in session.execute(query)
    )


def read_reach(session: Session, case: Case) -> Reach:
    point = reply_point(session, case)
    if point is None:
        return Reach(None, None, "no-way-to-reach", False)
    channel = channel_of(point)
    return Reach(
        channel,
        point,
        why_not_send(case, point, channel, by_person=True),
        why_not_send(case, point, channel, by_person=False) is None,
    )


def list_receiving_queues(session: Session, case: Case) -> list[Queue]:
    """Every queue a case can be handed over to: all but its own."""
    query = (
        select(Queue)
        .where(Queue.is_open, Queue.id != case.queue_id)
        .options(joinedload(Queue.authority))
        .order_by(Queue.name)
    )
    return list(session.scalars(query))


def list_councils_queues(session: Session) -> list[Queue]:
    """Every council's queue, for the arbiter."""
    query = select(Queue).where(Queue.is_open, Queue.authority_gss.is_not(None)).options(joinedload(Queue.authority))
    return list(session.scalars(query.order_by(Queue.name)))


def _roles(session: Session, case: Case) -> tuple[CaseRole, ...]:
    query = (
        select(CaseRole)
        .where(CaseRole.case_id == case.id)
        .options(joinedload(CaseRole.person).options(selectinload(Person.contact_points)))
        .order_by(CaseRole.id)
    )
    return tuple(session.scalars(query))


def _said(session: Session, case: Case) -> tuple[Said, ...]:
    query = (
        select(Contact.received_at, Contact.channel, MatterCase.is_chaser, StaffUser.name, Words.text)
        .join(Matter, Matter.contact_id == Contact.id)
        .join(MatterCase, MatterCase.matter_id == Matter.id)
        .outerjoin(StaffUser, StaffUser.id == Contact.staff_user_id)
        .outerjoin(Words, Words.id == Matter.words_id)
        .where(MatterCase.case_id == case.id)
        .order_by(Contact.received_at, Contact.id)
    )
    return tuple(Said(*row) for row in session.execute(query))


def _decisions(session: Session, case: Case) -> tuple[DecisionShown, ...]:
    query = (
        select(TriageDecision, StaffUser.name)
        .outerjoin(StaffUser, StaffUser.id == TriageDecision.decided_by_id)
        .where(TriageDecision.case_id == case.id)
        .order_by(TriageDecision.id.desc())
    )
    return tuple(DecisionShown(*row) for row in session.execute(query))


def _answers(session: Session, case: Case, service: Service | None) -> Sequence[AskedAnswered]:
    """In the catalogue's order and words; what the catalogue no longer asks comes last."""
    ids = [value.get("words") for value in case.answers.values() if isinstance(value, dict)]
    # All of them at once: reading each answer then finds its row in the session.
    kept = session.scalars(select(Words).where(Words.id.in_(ids))).all() if ids else ()
    given = read_answers(session, case.answers)
    del kept
    asked = _questions(service)
    ordered = [question_id for question_id in asked if question_id in given]
    ordered += [question_id for question_id in given if question_id not in asked]
    return [_shown(question_id, given[question_id], asked.get(question_id)) for question_id in ordered]


def _questions(service: Service | None) -> dict[str, tuple[str, tuple[Choice, ...]]]:
    if service is None:
        return {}
    first = {c.id: (c.ask, c.choices) for c in service.check_first if isinstance(c, AskFirst)}
    return {**first, **{q.id: (q.ask, q.choices) for q in service.questions}}


def _shown(question_id: str, answer: Answer, asked: tuple[str, tuple[Choice, ...]] | None) -> AskedAnswered:
    question, choices = asked or (question_id.replace("-", " ").capitalize(), ())
    labels = {choice.value: choice.label for choice in choices} or {"yes": "Yes", "no": "No"}
    values = (answer,) if isinstance(answer, str) else answer
    return AskedAnswered(question, ", ".join(labels.get(value, value) for value in values))
