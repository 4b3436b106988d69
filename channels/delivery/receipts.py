"""Delivery reports: each is kept as it came, and moves its message only forward."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cases.models.messages import Message, MessageReceipt, MessageState

_ORDER = {
    MessageState.QUEUED: 0,
    MessageState.SENDING: 1,
    MessageState.UNCERTAIN: 2,
    MessageState.SENT: 3,
    MessageState.DELIVERED: 9,
    MessageState.FAILED: 9,
    MessageState.SUPPRESSED: 9,
}
_FINAL = 9


def move_forward(message: Message, state: MessageState, error_code: str | None, now: datetime) -> bool:
    """False when it is there already or further on; delivered, failed and suppressed are ends."""
    if _ORDER[state] <= _ORDER[message.state]:
        return False
    message.state = state
    message.lease_until = None
    if state in (MessageState.SENT, MessageState.DELIVERED):
        message.error_code = None
        message.sent_at = message.sent_at or now
    if state is MessageState.FAILED:
        message.error_code = error_code or "unknown"
    if _ORDER[state] == _FINAL:
        message.settled_at = now
    return True


def keep_receipt(
    session: Session,
    provider_id: str,
    message_id: int | None,
    word: str,
    state: MessageState | None,
    error_code: str | None,
    now: datetime,
) -> Message | None:
    """Keep one report and apply it, when its message is known by either id. The message, or None.

    ``message_id`` is our own row's, as it travelled in the report's address: it finds the message even when the
    provider was quicker than our commit of ``provider_id``.
    """
    message = _find(session, provider_id, message_id)
    session.add(
        MessageReceipt(
            provider_id=provider_id,
            message_id=message.id if message else None,
            state=state.value if state else word,
            error_code=error_code,
            received_at=now,
        )
    )
    session.flush()
    if message is not None:
        if message.provider_id is None and message.state is not MessageState.QUEUED:
            message.provider_id = provider_id
        apply_receipts(session, message, now)
    return message


def apply_receipts(session: Session, message: Message, now: datetime) -> None:
    """All reports of this message so far, in any order; also those that came before we knew whose they were."""
    if message.provider_id is None:
        return
    kept = session.scalars(
        select(MessageReceipt)
        .where(MessageReceipt.provider_id == message.provider_id)
        .where(or_(MessageReceipt.message_id.is_(None), MessageReceipt.message_id == message.id))
        .order_by(MessageReceipt.id)
    ).all()
    for receipt in kept:
        receipt.message_id = message.id
        if receipt.state in _MOVES:
            move_forward(message, MessageState(receipt.state), receipt.error_code, receipt.received_at)


_MOVES = frozenset(s.value for s in (MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED))


def _find(session: Session, provider_id: str, message_id: int | None) -> Message | None:
    found = session.scalar(select(Message).where(Message.provider_id == provider_id).with_for_update())
    if found is not None or message_id is None:
        return found
    named = session.get(Message, message_id, with_for_update=True)
    # A number that names another message is no proof: an earlier try of ours may have had another id.
    return named if named is not None and named.provider_id in (None, provider_id) else None
