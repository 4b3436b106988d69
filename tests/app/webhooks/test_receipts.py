from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.database import read_transaction, write_transaction
from cases.models.messages import Message, MessageReceipt, MessageState
from tests.app.webhooks.conftest import Twilio

SID = "SM" + "9" * 32


def only_message(twilio: Twilio) -> Message:
    with twilio.app.app_context(), read_transaction() as session:
        message = session.scalars(select(Message)).one()
        session.expunge(message)
        return message


def in_hand(twilio: Twilio, state: MessageState, provider_id: str | None) -> int:
    """A message as it stands once a worker has it; its id."""
    twilio.text("hello")
    with twilio.app.app_context(), write_transaction() as session:
        session.execute(update(Message).values(state=state, provider_id=provider_id))
    return only_message(twilio).id


def receipts(twilio: Twilio) -> int:
    with twilio.app.app_context(), read_transaction() as session:
        return session.scalar(select(func.count()).select_from(MessageReceipt)) or 0


@pytest.fixture
def database_kind() -> str:
    """Orders are the same on both; the races are in the delivery's tests."""
    return "sqlite"


def test_reports_in_the_wrong_order_and_twice_end_as_delivered(twilio: Twilio) -> None:
    in_hand(twilio, MessageState.SENT, SID)
    for word in ("sending", "delivered", "sent", "delivered", "queued"):
        assert twilio.report(SID, word).status_code == 204
    assert only_message(twilio).state is MessageState.DELIVERED
    assert receipts(twilio) == 5


def test_a_report_that_overtakes_our_commit_finds_its_message_by_our_own_id(twilio: Twilio) -> None:
    message_id = in_hand(twilio, MessageState.SENDING, None)
    twilio.report(SID, "delivered", message=message_id)
    message = only_message(twilio)
    assert (message.state, message.provider_id) == (MessageState.DELIVERED, SID)


def test_a_report_of_nothing_we_know_and_a_strange_one_are_no_error(twilio: Twilio) -> None:
    for message in (None, 10**9):
        assert twilio.report(SID, "delivered", message=message).status_code == 204
    for form in ({}, {"MessageSid": ""}, {"MessageSid": SID}, {"MessageSid": "x" * 500, "MessageStatus": "y" * 500}):
        assert twilio.post("/webhooks/twilio/sms/status", form).status_code == 204
    for own_id in ("x", "-1", "9" * 30, "%00"):
        path = f"/webhooks/twilio/sms/status?message={own_id}"
        assert twilio.post(path, {"MessageSid": SID, "MessageStatus": "sent"}).status_code == 204
