from __future__ import annotations

from itertools import permutations

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


@pytest.mark.parametrize("order", list(permutations(["queued", "sending", "sent", "delivered"])), ids="-".join)
def test_four_reports_in_any_order_end_as_delivered(twilio: Twilio, order: tuple[str, ...]) -> None:
    in_hand(twilio, MessageState.SENT, SID)
    for word in order:
        assert twilio.report(SID, word).status_code == 204
    assert only_message(twilio).state is MessageState.DELIVERED
    assert receipts(twilio) == 4


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "undelivered"])), ids="-".join)
def test_a_failure_in_any_order_stays_one_with_its_code(twilio: Twilio, order: tuple[str, ...]) -> None:
    in_hand(twilio, MessageState.SENT, SID)
    for word in order:
        twilio.report(SID, word, **({"ErrorCode": "30003"} if word == "undelivered" else {}))
    message = only_message(twilio)
    assert (message.state, message.error_code) == (MessageState.FAILED, "30003")


def test_a_repeated_report_changes_nothing(twilio: Twilio) -> None:
    in_hand(twilio, MessageState.SENT, SID)
    for _ in range(3):
        assert twilio.report(SID, "delivered").status_code == 204
    assert only_message(twilio).state is MessageState.DELIVERED


def test_the_first_end_holds(twilio: Twilio) -> None:
    in_hand(twilio, MessageState.SENT, SID)
    twilio.report(SID, "delivered")
    twilio.report(SID, "failed", ErrorCode="30008")
    message = only_message(twilio)
    assert (message.state, message.error_code) == (MessageState.DELIVERED, None)


def test_a_report_that_overtakes_our_commit_finds_its_message_by_our_own_id(twilio: Twilio) -> None:
    message_id = in_hand(twilio, MessageState.SENDING, None)
    twilio.report(SID, "delivered", message=message_id)
    message = only_message(twilio)
    assert (message.state, message.provider_id) == (MessageState.DELIVERED, SID)


def test_a_report_settles_what_was_uncertain(twilio: Twilio) -> None:
    message_id = in_hand(twilio, MessageState.UNCERTAIN, None)
    twilio.report(SID, "sent", message=message_id)
    assert only_message(twilio).state is MessageState.SENT


def test_a_report_of_another_message_moves_nothing(twilio: Twilio) -> None:
    message_id = in_hand(twilio, MessageState.SENT, SID)
    twilio.report("SM" + "8" * 32, "failed", message=message_id)
    assert only_message(twilio).state is MessageState.SENT
    assert receipts(twilio) == 1


@pytest.mark.parametrize("message", [None, 10**9])
def test_a_report_of_nothing_we_know_is_kept(twilio: Twilio, message: int | None) -> None:
    assert twilio.report(SID, "delivered", message=message).status_code == 204
    assert receipts(twilio) == 1


def test_a_word_we_do_not_know_is_kept_and_moves_nothing(twilio: Twilio) -> None:
    in_hand(twilio, MessageState.SENT, SID)
    assert twilio.report(SID, "levitating").status_code == 204
    assert only_message(twilio).state is MessageState.SENT


@pytest.mark.parametrize(
    "form", [{}, {"MessageSid": ""}, {"MessageSid": SID}, {"MessageSid": "x" * 500, "MessageStatus": "y" * 500}]
)
def test_a_report_with_holes_is_no_error(twilio: Twilio, form: dict[str, str]) -> None:
    assert twilio.post("/webhooks/twilio/sms/status", form).status_code == 204


@pytest.mark.parametrize("own_id", ["x", "-1", "9" * 30, "%00"])
def test_a_strange_id_in_the_address_is_no_error(twilio: Twilio, own_id: str) -> None:
    path = f"/webhooks/twilio/sms/status?message={own_id}"
    assert twilio.post(path, {"MessageSid": SID, "MessageStatus": "sent"}).status_code == 204
