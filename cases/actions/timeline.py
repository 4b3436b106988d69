"""Writing a case's timeline and the words that hang on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases.models.case import Case, Event, EventKind
from cases.models.contact import Channel
from cases.models.words import Words, WordsKind


def keep_words(
    session: Session, text: str | None, kind: WordsKind, controller_gss: str | None, now: datetime
) -> Words | None:
    """A row for free text; none for none. The row has its id at once."""
    if not text or not text.strip():
        return None
    words = Words(kind=kind, controller_gss=controller_gss, text=text, written_at=now)
    session.add(words)
    session.flush()
    return words


def add_event(
    session: Session,
    case: Case,
    kind: EventKind,
    now: datetime,
    *,
    actor_id: int | None = None,
    channel: Channel | None = None,
    contact_id: int | None = None,
    message_id: int | None = None,
    words: Words | None = None,
    data: dict[str, Any] | None = None,
    is_public: bool = False,
) -> Event:
    """Append one line. The number comes from the case row, whose version guards it against a second writer."""
    case.last_event_seq += 1
    case.updated_at = now
    event = Event(
        case_id=case.id,
        seq=case.last_event_seq,
        kind=kind,
        at=now,
        actor_id=actor_id,
        channel=channel,
        contact_id=contact_id,
        message_id=message_id,
        words_id=words.id if words else None,
        data=data or {},
        is_public=is_public,
    )
    session.add(event)
    return event
