"""Everything that the call form's template shows beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import session as flask_session
from sqlalchemy.orm import Session

from app.clock import now
from app.database import write_transaction
from app.desk.answer import Answer, answer_for
from app.desk.call_form import CallForm
from app.desk.caller import Faults
from app.desk.checking import Desk, approached_at
from app.desk.shown_pins import forget_pins
from app.permissions import current_actor
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.audit import record_audit
from cases.actions.move_case import HandoverReason
from cases.models.authority import Office, Queue
from cases.models.contact import Channel
from cases.models.staff import Role
from cases.queries.desk import (
    CallerRecord,
    DeskCase,
    find_desk_case_for,
    find_people_for,
    get_person_for,
    offices_for,
    open_cases_for_person,
    open_queues,
    record_of,
)

_SHOWN = "desk_person"
REASONS = {
    HandoverReason.WRONG_SERVICE: "It is about something else",
    HandoverReason.WRONG_PLACE: "The place is in another area",
    HandoverReason.OTHER_COUNCILS_JOB: "It is another council’s job",
    HandoverReason.OTHER_TEAMS_JOB: "It is another team’s job",
    HandoverReason.AGREEMENT: "The councils have agreed so",
}
LANGUAGES = (
    *("English", "British Sign Language", "Arabic", "Bengali", "Cantonese", "Kurdish", "Lithuanian", "Nepali"),
    *("Pashto", "Polish", "Portuguese", "Punjabi", "Romanian", "Somali", "Tigrinya", "Ukrainian", "Urdu"),
)


@dataclass(frozen=True)
class Door:
    """Telephone and counter differ only in this."""

    name: str  # also the endpoint's
    saved: str  # the endpoint of its confirmation
    title: str
    channel: Channel
    lead: str

    @property
    def has_office(self) -> bool:
        return self.channel is Channel.COUNTER


TELEPHONE = Door("telephone", "saved_call", "Telephone call", Channel.PHONE, "Next call")
COUNTER = Door("counter", "saved_visit", "Counter", Channel.COUNTER, "Next customer")


@dataclass(frozen=True)
class CallerState:
    """Who was found or chosen, and what of theirs is open."""

    record: CallerRecord | None = None
    open_cases: tuple[DeskCase, ...] = ()
    found: tuple[CallerRecord, ...] = ()
    found_case: DeskCase | None = None
    was_searched: bool = False


@dataclass(frozen=True)
class PageState:
    door: Door
    call: CallForm
    caller: CallerState
    answers: tuple[Answer, ...]
    queues: tuple[Queue, ...]
    offices: tuple[Office, ...] = ()
    faults: Faults = field(default_factory=Faults)
    is_unsaved: bool = False


def state_of(
    session: Session, door: Door, call: CallForm, faults: Faults | None = None, *, is_unsaved: bool = False
) -> PageState:
    actor = current_actor()
    desk = Desk(actor, door.channel, now())
    approached = approached_at(session, desk, call.office)
    return PageState(
        door=door,
        call=call,
        caller=caller_state(session, actor, call),
        answers=tuple(
            answer_for(session, the_kit(), actor, m, door.channel, desk.now, approached=approached)
            for m in call.matters
        ),
        queues=tuple(open_queues(session)),
        offices=tuple(offices_for(session, actor)) if door.has_office else (),
        faults=faults or Faults(),
        is_unsaved=is_unsaved,
    )


def caller_state(session: Session, actor: Actor, call: CallForm) -> CallerState:
    if call.caller.person_id is not None:
        person = get_person_for(session, actor, call.caller.person_id)
        return CallerState(record_of(person), tuple(open_cases_for_person(session, actor, person)))
    if not call.caller.find.strip():
        return CallerState()
    return search(session, actor, call.caller.find)


def search(session: Session, actor: Actor, text: str) -> CallerState:
    return CallerState(
        found=tuple(find_people_for(session, actor, text)),
        found_case=find_desk_case_for(session, actor, text),
        was_searched=True,
    )


def note_person_shown(actor: Actor, person_id: int) -> None:
    """Who looked at somebody's record is itself on record: once a call. Raises NotFoundError."""
    if flask_session.get(_SHOWN) == person_id:
        return
    with write_transaction() as session:
        person = get_person_for(session, actor, person_id)
        record_audit(
            session,
            actor_id=actor.staff_id,
            authority_gss=person.controller_gss,
            action="person-shown-at-desk",
            subject_kind="person",
            subject_id=person.id,
            now=now(),
        )
    flask_session[_SHOWN] = person_id


def begin_call() -> None:
    """Nothing of the call before is left in this browser's session."""
    flask_session.pop(_SHOWN, None)
    forget_pins()


def own_office(actor: Actor) -> str:
    """The office of the counter appointment, when there is one and only one."""
    offices = {p.office_slug for p in actor.posts if p.role is Role.COUNTER and p.office_slug}
    return offices.pop() if len(offices) == 1 else ""
