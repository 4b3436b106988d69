"""Delivering the outbox: claim one message, send it with no transaction open, note what became of it.

A claim marks the row ``sending`` under a lease. Whoever finds a lapsed lease knows that a worker died with the message
in hand: it may have gone, so it becomes ``uncertain``, unless its sender cannot send it twice anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from cases.actions.outgoing import why_not_send
from cases.models.case import Case
from cases.models.contact import Channel
from cases.models.messages import Message, MessageState
from cases.models.person import ContactPoint
from channels.delivery.receipts import apply_receipts, move_forward
from channels.delivery.senders import Fate, Outgoing, Sender, SendError, Sent
from channels.sms.opting import is_opted_out, opt_out

LEASE = timedelta(seconds=30)
GIVE_UP_AFTER = timedelta(hours=12)
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 900.0
_NOT_CERTAIN = "worker-stopped"
_BLOCKED_BY_RECIPIENT = frozenset({"21610"})

Transaction = Callable[[], AbstractContextManager[Session]]


class Random(Protocol):
    def random(self) -> float: ...


@dataclass(frozen=True)
class Delivery:
    """What delivering needs. ``transaction`` opens a short one of its own that commits on leaving."""

    transaction: Transaction
    senders: Mapping[Channel, Sender]
    random: Random
    new_token: Callable[[], str]
    clock: Callable[[], datetime]

    def deliver_due(self, most: int = 500) -> int:
        """Send what is due, one after the other; how many were tried."""
        tried = 0
        while tried < most and self.deliver_one():
            tried += 1
        return tried

    def deliver_one(self) -> bool:
        """False when nothing is due."""
        token = self.new_token()
        with self.transaction() as session:
            claimed = claim(session, token, self.clock())
            if claimed is None:
                return False
            outgoing = _outgoing(session, claimed, self.clock())
        if outgoing is None:
            return True
        try:
            sent: Sent | SendError = self.senders[outgoing.channel].send(outgoing)
        except SendError as error:
            sent = error
        except Exception as error:  # an edge: a sender's bug must not stop the others, and the message may have gone
            sent = SendError(Fate.UNCERTAIN, type(error).__name__)
        with self.transaction() as session:
            settle(session, claimed, token, sent, self.clock(), self.random)
        return True

    def mend_lapsed(self) -> int:
        """Deal with what a worker had in hand when it died; how many there were."""
        repeatable = [channel for channel, sender in self.senders.items() if sender.is_repeatable]
        with self.transaction() as session:
            return mend_lapsed(session, repeatable, self.clock())


def claim(session: Session, token: str, now: datetime) -> int | None:
    """Take the next due message, in one statement that both databases run alone. The id, or None.

    One number's messages go in the order they were written: none overtakes another that is still on its way.
    """
    earlier = aliased(Message)
    on_its_way = exists().where(
        earlier.to_value == Message.to_value,
        earlier.channel == Message.channel,
        earlier.id < Message.id,
        earlier.state.in_((MessageState.QUEUED, MessageState.SENDING)),
    )
    due = (
        select(Message.id)
        .where(_is_due(now), ~on_its_way)
        .order_by(Message.not_before, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
        .scalar_subquery()
    )
    taken = session.execute(
        update(Message)
        .where(Message.id == due, _is_due(now))
        .values(
            state=MessageState.SENDING,
            lease_until=now + LEASE,
            lease_token=token,
            attempts=Message.attempts + 1,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return taken


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Message.state == MessageState.QUEUED, Message.not_before <= now)


def _outgoing(session: Session, message_id: int, now: datetime) -> Outgoing | None:
    """None, and the row settled, when what was safe at the time of writing is not safe any more."""
    message = session.get_one(Message, message_id, populate_existing=True)
    reason = _why_not_any_more(session, message)
    if reason is None:
        return Outgoing(
            message.id,
            message.channel,
            message.to_value or "",
            message.from_value,
            message.purpose,
            message.words.text or "",
        )
    message.state, message.error_code, message.settled_at = MessageState.SUPPRESSED, reason, now
    message.lease_until = message.lease_token = None
    return None


def _why_not_any_more(session: Session, message: Message) -> str | None:
    if not message.to_value or not message.words.text:
        return "blanked"
    case = session.get(Case, message.case_id) if message.case_id else None
    if case is not None and case.is_sensitive and message.written_by_id is None:
        return "sensitive"
    if message.channel is Channel.SMS and message.purpose != "opted-out" and is_opted_out(session, message.to_value):
        return "opted-out"
    point = session.get(ContactPoint, message.contact_point_id) if message.contact_point_id else None
    if point is None or message.purpose == "opted-out":
        return None
    return why_not_send(case, point, message.channel, by_person=message.written_by_id is not None)


def settle(
    session: Session, message_id: int, token: str, sent: Sent | SendError, now: datetime, random: Random
) -> None:
    """Note the result of one try. A receipt may have come first, or a sweep may have given us up: forward only."""
    message = session.get_one(Message, message_id, with_for_update=True)
    if message.lease_token != token:
        return
    if isinstance(sent, Sent):
        message.provider_id = message.provider_id or sent.provider_id
        message.error_code = None if message.state is MessageState.SENDING else message.error_code
        move_forward(message, MessageState.SENT, None, now)
        if sent.is_delivered:
            move_forward(message, MessageState.DELIVERED, None, now)
        apply_receipts(session, message, now)
    elif message.state is MessageState.SENDING:
        _settle_failure(session, message, sent, now, random)
    message.lease_until = None


def _settle_failure(session: Session, message: Message, error: SendError, now: datetime, random: Random) -> None:
    message.error_code = error.code
    if error.fate is Fate.TEMPORARY and now - message.created_at < GIVE_UP_AFTER:
        message.state = MessageState.QUEUED
        message.not_before = now + timedelta(seconds=seconds_until_next_try(message.attempts, error, random))
        message.lease_token = None
        return
    if error.fate is Fate.UNCERTAIN:
        message.state = MessageState.UNCERTAIN
        return
    move_forward(message, MessageState.FAILED, error.code, now)
    if error.code in _BLOCKED_BY_RECIPIENT and message.to_value:
        opt_out(session, message.to_value, now)


def seconds_until_next_try(attempts: int, error: SendError, random: Random) -> float:
    """Doubling from five seconds to a quarter of an hour, spread so that what fails together does not meet again."""
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(max(attempts - 1, 0), 12))
    spread = wait * (0.5 + random.random() / 2)
    if error.retry_after is not None:
        return max(error.retry_after, 0.0) + random.random() * max(1.0, error.retry_after * 0.1)
    return spread


def mend_lapsed(session: Session, repeatable: list[Channel], now: datetime) -> int:
    lapsed = and_(Message.state == MessageState.SENDING, or_(Message.lease_until < now, Message.lease_until.is_(None)))
    again = session.execute(
        update(Message)
        .where(lapsed, Message.channel.in_(repeatable))
        .values(state=MessageState.QUEUED, not_before=now, lease_until=None, lease_token=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    doubtful = session.execute(
        update(Message)
        .where(lapsed, Message.channel.not_in(repeatable))
        .values(state=MessageState.UNCERTAIN, error_code=_NOT_CERTAIN, lease_until=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(again) + len(doubtful)
