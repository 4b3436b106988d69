"""Half-filled forms: begun, found again by the two halves of their key, and forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cases.models.draft import Draft

KEPT = timedelta(hours=24)
KEPT_SENSITIVE = timedelta(hours=1)  # long enough to be interrupted, too short to be found by somebody else tomorrow


def begin_draft(
    session: Session,
    token_hash: str,
    visitor_hash: str,
    service_slug: str | None,
    data: dict[str, Any],
    now: datetime,
    *,
    sensitive: bool = False,
) -> Draft:
    draft = Draft(
        token_hash=token_hash,
        visitor_hash=visitor_hash,
        service_slug=service_slug,
        data=data,
        created_at=now,
        updated_at=now,
        expires_at=now + (KEPT_SENSITIVE if sensitive else KEPT),
    )
    session.add(draft)
    session.flush()
    return draft


def find_draft(
    session: Session, token_hash: str, visitor_hash: str, now: datetime, *, to_change: bool = False
) -> Draft | None:
    """The draft, if this visitor began it and it has not expired. ``to_change`` holds its row: two tabs take turns."""
    query = select(Draft).where(
        Draft.token_hash == token_hash, Draft.visitor_hash == visitor_hash, Draft.expires_at > now
    )
    return session.scalar(query.with_for_update() if to_change else query)


def keep_in_draft(draft: Draft, data: dict[str, Any], now: datetime, *, sensitive: bool = False) -> None:
    draft.data = data
    draft.updated_at = now
    draft.expires_at = now + (KEPT_SENSITIVE if sensitive else KEPT)


def finish_draft(draft: Draft, contact_id: int, left: dict[str, Any], now: datetime) -> None:
    """Sent: what was typed lives in the contact now, and only what the last page needs stays here."""
    draft.contact_id = contact_id
    draft.sent_at = now
    draft.data = left
    draft.updated_at = now


def forget_drafts(session: Session, now: datetime) -> int:
    """Delete what has expired; returns how many. For the worker, as often as it likes."""
    gone = session.scalars(delete(Draft).where(Draft.expires_at <= now).returning(Draft.id))
    return len(gone.all())
