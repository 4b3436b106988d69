"""One text being answered: what every part of the conversation needs, and the one way it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.actions.outgoing import put_in_outbox, why_not_send
from cases.actions.timeline import add_event
from cases.local_day import london_day
from cases.models.case import Case, CaseRole, EventKind
from cases.models.contact import Channel
from cases.models.messages import Message
from cases.models.person import ContactPoint, ContactPointKind
from cases.text_cleaning import clean
from channels.sms.inbound import InboundText, read_sender
from channels.sms.opting import is_opted_out
from channels.sms.texts import NO_PICTURES

# Two machines that answer each other must come to an end.
MOST_ANSWERS, ANSWERS_WITHIN = 30, timedelta(minutes=5)


@dataclass(frozen=True)
class Talk:
    """``body`` has passed the cleaner. ``number`` is E.164, or what came when it is no number."""

    session: Session
    kit: Kit
    text: InboundText
    item_id: int
    now: datetime
    body: str
    number: str
    can_be_answered: bool

    @property
    def today(self) -> date:
        return london_day(self.now)


def begin_talk(session: Session, kit: Kit, text: InboundText, item_id: int, now: datetime) -> Talk:
    sender = read_sender(clean(text.their_number))
    return Talk(session, kit, text, item_id, now, clean(text.body).strip(), sender.key, sender.can_be_answered)


def lock_number(talk: Talk) -> None:
    """Texts of one number are answered one after the other; on SQLite every writer waits its turn anyway."""
    if talk.session.get_bind().dialect.name == "postgresql":
        talk.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"text:{talk.number}"))))


def say(talk: Talk, purpose: str, words: str, *cases: Case) -> Message | None:
    """Put the answer into the outbox, with a line on each case's timeline; None when nothing may be sent."""
    if not talk.can_be_answered or not words.strip() or _answers_lately(talk) >= MOST_ANSWERS:
        return None
    if purpose != "opted-out" and is_opted_out(talk.session, talk.number):
        return None
    points = [_point_in(talk, case) for case in cases]
    for case, point in zip(cases, points, strict=True):
        if case.is_sensitive or (point and why_not_send(case, point, Channel.SMS, by_person=False)):
            return None
    if talk.text.media_count and purpose != "opted-out":
        words = f"{words.strip()} {NO_PICTURES}"
    message = put_in_outbox(
        talk.session,
        Channel.SMS,
        talk.number,
        purpose,
        words.strip(),
        f"reply:{talk.item_id}",
        talk.now,
        case=cases[0] if len(cases) == 1 else None,
        contact_point_id=points[0].id if len(cases) == 1 and points[0] else None,
        from_value=talk.text.our_number or None,
    )
    for case in cases:
        add_event(
            talk.session,
            case,
            EventKind.MESSAGE,
            talk.now,
            channel=Channel.SMS,
            message_id=message.id,
            data={"purpose": purpose},
        )
    return message


def last_message(talk: Talk, within: timedelta) -> Message | None:
    """The newest that we wrote to this number about a case."""
    return talk.session.scalars(
        select(Message)
        .where(Message.to_value == talk.number, Message.channel == Channel.SMS, Message.case_id.is_not(None))
        .where(Message.created_at > talk.now - within)
        .order_by(Message.id.desc())
        .limit(1)
    ).first()


def _point_in(talk: Talk, case: Case) -> ContactPoint | None:
    query = (
        select(ContactPoint)
        .join(CaseRole, CaseRole.person_id == ContactPoint.person_id)
        .where(CaseRole.case_id == case.id, ContactPoint.kind == ContactPointKind.PHONE)
        .where(ContactPoint.value_key == talk.number)
        .order_by(CaseRole.id)
        .limit(1)
    )
    return talk.session.scalars(query).first()


def _answers_lately(talk: Talk) -> int:
    query = select(func.count()).where(
        Message.to_value == talk.number,
        Message.channel == Channel.SMS,
        Message.written_by_id.is_(None),
        Message.created_at > talk.now - ANSWERS_WITHIN,
    )
    return talk.session.scalar(query) or 0
