"""What the practice phone shows: the texts that went each way, from the inbox and the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.texts import HANDSET
from cases.models.contact import Channel
from cases.models.messages import InboxItem, InboxState, Message, MessageState
from channels.sms.inbound import read_bytes
from channels.twilio.statuses import plain_words

MOST_SHOWN = 60
_LOOKED_AT = 400

STATES = {
    MessageState.QUEUED: "Waiting to be sent",
    MessageState.SENDING: "Being sent",
    MessageState.SENT: "Sent",
    MessageState.DELIVERED: "Delivered",
    MessageState.FAILED: "Not delivered",
    MessageState.UNCERTAIN: "May not have been delivered",
    MessageState.SUPPRESSED: "Not sent",
}
_INBOX_STATES = {
    InboxState.PENDING: "Received; we will read it shortly",
    InboxState.DONE: "Received",
    InboxState.FAILED: "Received; a person must look at it",
}


@dataclass(frozen=True)
class Line:
    """One bubble. ``is_ours``: it came from the council to the phone."""

    at: datetime
    text: str
    is_ours: bool
    state: str


@dataclass(frozen=True)
class Email:
    at: datetime
    to_value: str
    text: str
    state: str


def texts_between(session: Session, number: str) -> list[Line]:
    """Both sides, oldest first."""
    lines = [*_received(session, number), *_sent(session, number)]
    return sorted(lines, key=lambda line: (line.at, line.is_ours))[-MOST_SHOWN:]


def emails_written(session: Session) -> list[Email]:
    """The newest e-mails in the outbox, newest first."""
    query = (
        select(Message)
        .where(Message.channel == Channel.EMAIL)
        .options(joinedload(Message.words))
        .order_by(Message.id.desc())
        .limit(10)
    )
    return [Email(m.created_at, m.to_value or "", m.words.text or "", STATES[m.state]) for m in session.scalars(query)]


def _received(session: Session, number: str) -> list[Line]:
    query = (
        select(InboxItem)
        .where(InboxItem.provider == HANDSET, InboxItem.payload.is_not(None))
        .order_by(InboxItem.id.desc())
        .limit(_LOOKED_AT)
    )
    lines = []
    for item in session.scalars(query):
        text = read_bytes(item.payload or b"")
        if text.their_number == number:
            lines.append(Line(item.received_at, text.body, False, _INBOX_STATES[item.state]))
    return lines


def _sent(session: Session, number: str) -> list[Line]:
    query = (
        select(Message)
        .where(Message.channel == Channel.SMS, Message.to_value == number)
        .options(joinedload(Message.words))
        .order_by(Message.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Line(m.created_at, m.words.text or "", True, _state(m)) for m in session.scalars(query)]


def _state(message: Message) -> str:
    if message.state is MessageState.FAILED:
        return f"{STATES[message.state]}: {plain_words(message.error_code)}"
    return STATES[message.state]
