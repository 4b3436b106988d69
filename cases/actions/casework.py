"""What an officer does with a case. Each loads nothing: the caller has loaded the case with its access check.

Two people changing one case at once: the second's flush raises ``StaleDataError``, shown as a conflict.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.case_clocks import acknowledge_complaint, end_clocks, resume_clocks
from cases.actions.handover_answers import accept, settle_by_closing
from cases.actions.kit import Kit
from cases.actions.outgoing import LONGEST_SMS, channel_of, queue_message, reply_point, why_not_send
from cases.actions.timeline import add_event, keep_words
from cases.errors import ConflictError, RuleError
from cases.models.case import Case, CaseStatus, EventKind, Outcome
from cases.models.contact import Channel
from cases.models.messages import Message
from cases.models.words import WordsKind

OUTCOME_WORDS = {
    Outcome.DONE: "The work has been done.",
    Outcome.ANSWERED: "Your question has been answered.",
    Outcome.NO_ACTION: "We have decided to take no action.",
    Outcome.NOT_OURS: "It is not something that we are responsible for.",
    Outcome.DUPLICATE: "It is being dealt with under an earlier report of the same thing.",
    Outcome.WITHDRAWN: "You asked us to stop.",
}
_WORKING = (CaseStatus.NEW, CaseStatus.IN_PROGRESS, CaseStatus.WAITING, CaseStatus.SCHEDULED)


def take_case(session: Session, case: Case, staff_id: int, now: datetime) -> None:
    """Taking it accepts a hand-over. Raises ConflictError when somebody else has it already or it is closed."""
    _must_be_open(case)
    if case.owner_id is not None and case.owner_id != staff_id:
        raise ConflictError("Somebody else has already taken this case.")
    if case.owner_id == staff_id:
        return
    case.owner_id = staff_id
    if case.status is CaseStatus.NEW:
        case.status = CaseStatus.IN_PROGRESS
    add_event(session, case, EventKind.TAKEN, now, actor_id=staff_id, is_public=True)
    accept(session, case, staff_id, now)
    session.flush()


def release_case(session: Session, case: Case, staff_id: int, now: datetime) -> None:
    _must_be_open(case)
    if case.owner_id is None:
        return
    case.owner_id = None
    add_event(session, case, EventKind.RELEASED, now, actor_id=staff_id)
    session.flush()


def add_note(session: Session, case: Case, staff_id: int, text: str, now: datetime) -> None:
    words = keep_words(session, text, WordsKind.NOTE, case.controller_gss, now)
    if words is None:
        raise RuleError("note", "Write the note before you save it.")
    add_event(session, case, EventKind.NOTE, now, actor_id=staff_id, words=words)
    session.flush()


def message_customer(session: Session, case: Case, staff_id: int, text: str, dedupe_key: str, now: datetime) -> Message:
    """Raises RuleError with the reason when there is no safe way to send it."""
    if not text.strip():
        raise RuleError("message", "Write the message before you send it.")
    point = reply_point(session, case)
    reason = why_not_send(case, point, channel_of(point), by_person=True) if point else "no-way-to-reach"
    if reason:
        raise RuleError("message", _REASONS[reason])
    if point and channel_of(point) is Channel.SMS and len(text.strip()) > LONGEST_SMS:
        raise RuleError("message", f"A text message can be {LONGEST_SMS:,} characters at most. Shorten it.")
    message = queue_message(session, case, "reply", text.strip(), dedupe_key, now, actor_id=staff_id)
    assert message is not None
    acknowledge_complaint(session, case, now)
    session.flush()
    return message


_REASONS = {
    "no-way-to-reach": "The customer left no phone number or e-mail address. Ring or write if there is another way.",
    "opted-out": "The customer has told us to stop texting them. Ring or write instead.",
    "not-safe": "The customer did not say that it is safe to contact them this way. Nothing was sent.",
    "sensitive": "Nothing goes by itself about this case.",
}


def change_status(session: Session, case: Case, staff_id: int, status: CaseStatus, now: datetime) -> None:
    _must_be_open(case)
    if status not in _WORKING:
        raise RuleError("status", "Close the case with an outcome instead.")
    if status is case.status:
        return
    before, case.status = case.status, status
    add_event(
        session,
        case,
        EventKind.STATUS,
        now,
        actor_id=staff_id,
        data={"from": before.value, "to": status.value},
        is_public=True,
    )
    accept(session, case, staff_id, now)
    session.flush()


def close_case(
    session: Session,
    kit: Kit,
    case: Case,
    staff_id: int | None,
    outcome: Outcome,
    words: str,
    now: datetime,
    *,
    tell: bool = True,
) -> None:
    """Close with an outcome; the customer hears of it where that is safe. No action needs its reason in words."""
    _must_be_open(case)
    if outcome in (Outcome.NO_ACTION, Outcome.NOT_OURS) and not words.strip():
        raise RuleError("reason", "Say why, in words the customer may read.")
    before, case.status = case.status, CaseStatus.CLOSED
    case.outcome, case.closed_at = outcome, now
    settle_by_closing(session, case, staff_id, now)
    end_clocks(session, case, now)
    reason = keep_words(session, words, WordsKind.REASON, case.controller_gss, now)
    add_event(
        session,
        case,
        EventKind.CLOSED,
        now,
        actor_id=staff_id,
        words=reason,
        data={"outcome": outcome.value, "from": before.value},
        is_public=True,
    )
    if tell:
        said = f"{OUTCOME_WORDS[outcome]} {words.strip()}".strip()
        text = message_texts.closed(kit.authority_name(case.authority_gss), case.reference, said)
        queue_message(session, case, "closed", text, f"closed:{case.id}:{case.last_event_seq}", now)
    session.flush()


def reopen_case(session: Session, case: Case, staff_id: int | None, now: datetime) -> None:
    if case.is_open:
        raise ConflictError("This case is open already.")
    case.status = CaseStatus.IN_PROGRESS if case.owner_id else CaseStatus.NEW
    case.outcome, case.closed_at = None, None
    resume_clocks(session, case)
    add_event(session, case, EventKind.REOPENED, now, actor_id=staff_id, is_public=True)
    session.flush()


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise ConflictError("This case is closed. Reopen it first.")
