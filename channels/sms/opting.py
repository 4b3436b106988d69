"""Who has told us to stop texting them. It belongs to the number, whoever's record it stands in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases.models.contact import Channel
from cases.models.messages import Message, MessageState
from cases.models.person import ContactPoint, ContactPointKind, Person


def is_opted_out(session: Session, number: str) -> bool:
    query = select(ContactPoint.id).where(*_points(number), ContactPoint.opted_out_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def opt_out(session: Session, number: str, now: datetime) -> None:
    """Every record with this number, and one of its own when there is none, so that it is not forgotten.

    What was waiting to go to it is not sent any more.
    """
    if session.scalar(select(ContactPoint.id).where(*_points(number)).limit(1)) is None:
        person = Person(controller_gss=None, created_at=now)
        person.contact_points.append(
            ContactPoint(kind=ContactPointKind.PHONE, value=number, value_key=number, created_at=now)
        )
        session.add(person)
        session.flush()
    session.execute(
        update(ContactPoint).where(*_points(number), ContactPoint.opted_out_at.is_(None)).values(opted_out_at=now)
    )
    session.execute(
        update(Message)
        .where(Message.channel == Channel.SMS, Message.to_value == number, Message.state == MessageState.QUEUED)
        .values(state=MessageState.SUPPRESSED, error_code="opted-out", settled_at=now)
    )


def opt_in(session: Session, number: str) -> None:
    session.execute(update(ContactPoint).where(*_points(number)).values(opted_out_at=None))


def copy_to_new_records(session: Session, number: str, now: datetime) -> None:
    """A new case may have made a new record of the same number: what it told us holds there too."""
    session.execute(
        update(ContactPoint).where(*_points(number), ContactPoint.opted_out_at.is_(None)).values(opted_out_at=now)
    )


def _points(number: str):  # type: ignore[no-untyped-def]
    return (ContactPoint.kind == ContactPointKind.PHONE, ContactPoint.value_key == number)
