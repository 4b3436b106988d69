"""Writing to the outbox: the one way anything leaves the building."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.timeline import add_event, keep_words
from cases.models.case import Case, CaseRole, EventKind, RoleKind
from cases.models.contact import Channel
from cases.models.messages import Message, MessageState
from cases.models.person import ContactPoint, ContactPointKind
from cases.models.words import WordsKind

LONGEST_SMS = 1_600  # what Twilio takes as one body


def why_not_send(case: Case | None, point: ContactPoint | None, channel: Channel, *, by_person: bool) -> str | None:
    """The reason a message must not go, as a code; None when it may.

    ``by_person``: a member of staff wrote and sent it. Nothing goes by itself about a sensitive case, whatever
    was ticked; and nothing at all goes by a way that was not said to be safe.
    """
    if case is not None and case.is_sensitive and not by_person:
        return "sensitive"
    if point is None:
        return "no-way-to-reach"
    if point.opted_out_at is not None:
        return "opted-out"
    safe = (
        point.safe_text
        if channel is Channel.SMS
        else point.safe_email
        if channel is Channel.EMAIL
        else point.safe_letter
    )
    return None if safe else "not-safe"


def channel_of(point: ContactPoint) -> Channel:
    ways = {
        ContactPointKind.PHONE: Channel.SMS,
        ContactPointKind.EMAIL: Channel.EMAIL,
        ContactPointKind.ADDRESS: Channel.LETTER,
    }
    return ways[point.kind]


def reply_point(session: Session, case: Case) -> ContactPoint | None:
    """The contact point the reporter asked us to use for this case."""
    query = (
        select(ContactPoint)
        .join(CaseRole, CaseRole.contact_point_id == ContactPoint.id)
        .where(CaseRole.case_id == case.id, CaseRole.role.in_((RoleKind.REPORTER, RoleKind.ACTING_FOR)))
        .order_by(CaseRole.id)
    )
    return session.scalars(query.limit(1)).first()


def queue_message(
    session: Session,
    case: Case,
    purpose: str,
    text: str,
    dedupe_key: str,
    now: datetime,
    *,
    point: ContactPoint | None = None,
    from_value: str | None = None,
    actor_id: int | None = None,
    is_public: bool = True,
) -> Message | None:
    """Put a message about a case into the outbox, with its line on the timeline.

    None, and nothing written, when it must not go by itself (see :func:`why_not_send`). A repeat of ``dedupe_key``
    returns the message already there.
    """
    point = point or reply_point(session, case)
    if point is None or why_not_send(case, point, channel_of(point), by_person=actor_id is not None):
        return None
    already = session.scalar(select(Message).where(Message.dedupe_key == dedupe_key))
    if already:
        return already
    message = put_in_outbox(
        session,
        channel_of(point),
        point.value_key if point.kind is ContactPointKind.PHONE else point.value,
        purpose,
        text,
        dedupe_key,
        now,
        case=case,
        contact_point_id=point.id,
        from_value=from_value,
        actor_id=actor_id,
    )
    add_event(
        session,
        case,
        EventKind.MESSAGE,
        now,
        actor_id=actor_id,
        channel=message.channel,
        message_id=message.id,
        data={"purpose": purpose},
        is_public=is_public and actor_id is not None,
    )
    return message


def put_in_outbox(
    session: Session,
    channel: Channel,
    to_value: str,
    purpose: str,
    text: str,
    dedupe_key: str,
    now: datetime,
    *,
    case: Case | None = None,
    contact_point_id: int | None = None,
    from_value: str | None = None,
    actor_id: int | None = None,
) -> Message:
    """A row of the outbox, due at once. Who may be written to has been settled by the caller."""
    controller = case.controller_gss if case else None
    words = keep_words(
        session, text[:LONGEST_SMS] if channel is Channel.SMS else text, WordsKind.MESSAGE, controller, now
    )
    assert words is not None, "a message has words"
    message = Message(
        channel=channel,
        case_id=case.id if case else None,
        contact_point_id=contact_point_id,
        controller_gss=controller,
        to_value=to_value,
        from_value=from_value,
        purpose=purpose,
        words_id=words.id,
        dedupe_key=dedupe_key,
        state=MessageState.QUEUED,
        written_by_id=actor_id,
        created_at=now,
        not_before=now,
    )
    session.add(message)
    session.flush()
    return message
