from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.outgoing import put_in_outbox
from cases.models.contact import Channel
from cases.models.messages import Message, MessageReceipt, MessageState
from channels.delivery.receipts import keep_receipt
from channels.twilio.statuses import read_state
from tests.cases.places import NOON

SID = "SM" + "9" * 32


def in_hand(session: Session, state: MessageState, provider_id: str | None = SID) -> Message:
    message = put_in_outbox(session, Channel.SMS, "+447700900123", "status", "Hello", "key-1", NOON)
    message.state, message.provider_id = state, provider_id
    session.flush()
    return message


def report(session: Session, word: str, code: str | None = None, message_id: int | None = None, sid: str = SID) -> None:
    keep_receipt(session, sid, message_id, word, read_state(word), code, NOON)


@pytest.mark.parametrize("order", list(permutations(["queued", "sending", "sent", "delivered"])), ids="-".join)
def test_four_reports_in_any_order_end_as_delivered(session: Session, order: tuple[str, ...]) -> None:
    message = in_hand(session, MessageState.SENT)
    for word in order:
        report(session, word)
    assert message.state is MessageState.DELIVERED
    assert session.scalar(select(func.count()).select_from(MessageReceipt)) == 4


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "undelivered"])), ids="-".join)
def test_a_failure_in_any_order_stays_one_with_its_code(session: Session, order: tuple[str, ...]) -> None:
    message = in_hand(session, MessageState.SENT)
    for word in order:
        report(session, word, "30003" if word == "undelivered" else None)
    assert (message.state, message.error_code) == (MessageState.FAILED, "30003")


@pytest.mark.parametrize("first", ["delivered", "failed"])
def test_the_first_end_holds(session: Session, first: str) -> None:
    message = in_hand(session, MessageState.SENT)
    for word in (first, "delivered", "failed", "sent", "canceled"):
        report(session, word)
    assert message.state is read_state(first)


def test_a_report_that_overtakes_our_commit_finds_its_message_by_our_own_id(session: Session) -> None:
    message = in_hand(session, MessageState.SENDING, None)
    report(session, "delivered", message_id=message.id)
    assert (message.state, message.provider_id) == (MessageState.DELIVERED, SID)


def test_a_report_settles_what_was_uncertain(session: Session) -> None:
    message = in_hand(session, MessageState.UNCERTAIN, None)
    report(session, "sent", message_id=message.id)
    assert message.state is MessageState.SENT


def test_a_report_of_another_message_moves_nothing(session: Session) -> None:
    message = in_hand(session, MessageState.SENT)
    report(session, "failed", message_id=message.id, sid="SM" + "8" * 32)
    assert message.state is MessageState.SENT


@pytest.mark.parametrize("word", ["levitating", "received", ""])
def test_a_word_that_moves_nothing_is_kept(session: Session, word: str) -> None:
    message = in_hand(session, MessageState.SENT)
    report(session, word)
    assert message.state is MessageState.SENT
    assert session.scalars(select(MessageReceipt)).one().message_id == message.id


def test_what_was_suppressed_stays_so(session: Session) -> None:
    message = in_hand(session, MessageState.SUPPRESSED, None)
    report(session, "delivered", message_id=message.id)
    assert message.state is MessageState.SUPPRESSED
