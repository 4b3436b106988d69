"""What providers deliver is kept first, under their own id, and acted on in a savepoint.

A second delivery changes nothing. When our action fails, the row stays and a job tries again: a bug of ours delays a
message and never loses it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from cases.models.messages import InboxItem, InboxState
from channels.sms.inbound import InboundText

TEXT = "text"
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 10
_FIRST_WAIT, _LONGEST_WAIT = 5, 3600

log = logging.getLogger("shirehall.inbox")

Handle = Callable[[Session, InboxItem, datetime], None]


def keep_inbound(session: Session, provider: str, text: InboundText, payload: bytes, now: datetime) -> int | None:
    """The new row's id, for the caller to act on within :data:`LEASE`; None when this provider has delivered this
    id before."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(InboxItem)
        .values(
            provider=provider,
            provider_id=text.provider_id[:200],
            kind=TEXT,
            received_at=now,
            payload=payload,
            state=InboxState.PENDING,
            attempts=0,
            next_try_at=now + LEASE,
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
        .returning(InboxItem.id)
    )
    return session.execute(statement).scalar_one_or_none()


def process_inbox_item(session: Session, item_id: int, handle: Handle, now: datetime) -> bool:
    """Act on one kept item; the caller commits whatever comes of it. True when it is done."""
    item = session.get_one(InboxItem, item_id, with_for_update=True)
    if item.state is not InboxState.PENDING:
        return item.state is InboxState.DONE
    try:
        with session.begin_nested():
            handle(session, item, now)
            session.flush()
    except Exception as error:  # an edge: whatever it was, the row stays for another try
        log.error("inbox item not processed: %s", item_id, exc_info=error)
        session.refresh(item)
        _keep_for_later(item, error, now)
        session.flush()
        return False
    item.state, item.settled_at = InboxState.DONE, now
    item.next_try_at = item.error_code = None
    item.attempts += 1
    session.flush()
    return True


def _keep_for_later(item: InboxItem, error: Exception, now: datetime) -> None:
    item.attempts += 1
    item.error_code = type(error).__name__[:200]
    if item.attempts >= MOST_ATTEMPTS:
        item.state, item.settled_at, item.next_try_at = InboxState.FAILED, now, None
        return
    wait = 0 if isinstance(error, StaleDataError) else min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (item.attempts - 1))
    item.next_try_at = now + timedelta(seconds=wait)


def claim_pending(session: Session, now: datetime) -> int | None:
    """Take the next item whose time has come, oldest first, for :data:`LEASE`."""
    is_due = and_(
        InboxItem.state == InboxState.PENDING, or_(InboxItem.next_try_at.is_(None), InboxItem.next_try_at <= now)
    )
    due = (
        select(InboxItem.id)
        .where(is_due)
        .order_by(InboxItem.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return session.execute(
        update(InboxItem)
        .where(InboxItem.id == due, is_due)
        .values(next_try_at=now + LEASE)
        .returning(InboxItem.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
