"""Sending over a real socket to a stand-in that misbehaves."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from random import Random

import pytest

from cases.models.contact import Channel
from channels.delivery.senders import Fate, Outgoing, SendError
from channels.twilio.client import TwilioSender
from tests.servers.fake_twilio import ACCOUNT, TOKEN, FakeTwilio, Misdeed, running_fake_twilio
from tests.servers.parts import free_port

OUTGOING = Outgoing(7, Channel.SMS, "+447700900123", "+441154960000", "status", "Your case is open.")


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with running_fake_twilio() as fake:
        yield fake


def sender(url: str, **options: object) -> TwilioSender:
    given: dict[str, object] = {"number": "+441154960001", "api_base": url, "timeout": 0.5, **options}
    return TwilioSender(ACCOUNT, TOKEN, "https://help.example.org", **given)  # type: ignore[arg-type]


def failure(fake: FakeTwilio, misdeed: Misdeed) -> SendError:
    fake.misdeeds.append(misdeed)
    with pytest.raises(SendError) as caught:
        sender(fake.url).send(OUTGOING)
    return caught.value


def test_a_message_is_sent_with_our_rows_id_in_the_address_for_its_reports(fake: FakeTwilio) -> None:
    sent = sender(fake.url).send(OUTGOING)
    assert sent.provider_id == f"SM{1:032d}"
    assert not sent.is_delivered
    assert fake.sent == [
        {
            "To": "+447700900123",
            "From": "+441154960000",
            "Body": "Your case is open.",
            "StatusCallback": "https://help.example.org/webhooks/twilio/sms/status?message=7",
        }
    ]
    method, path, authorization = fake.requests[0]
    assert (method, path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{ACCOUNT}:{TOKEN}"


def test_a_messaging_service_goes_before_a_number(fake: FakeTwilio) -> None:
    sender(fake.url, messaging_service_sid="MG" + "1" * 32).send(OUTGOING)
    assert fake.sent[0]["MessagingServiceSid"] == "MG" + "1" * 32
    assert "From" not in fake.sent[0]


def test_without_a_number_texted_the_configured_one_sends(fake: FakeTwilio) -> None:
    sender(fake.url).send(Outgoing(7, Channel.SMS, "+447700900123", None, "closed", "Closed."))
    assert fake.sent[0]["From"] == "+441154960001"


@pytest.mark.parametrize(
    ("misdeed", "fate", "code"),
    [
        (Misdeed(400, 21610), Fate.PERMANENT, "21610"),
        (Misdeed(400, 21211), Fate.PERMANENT, "21211"),
        (Misdeed(400, 99999), Fate.PERMANENT, "99999"),
        (Misdeed(400, 21611), Fate.TEMPORARY, "21611"),
        (Misdeed(429, 20429), Fate.TEMPORARY, "20429"),
        (Misdeed(401, 20003), Fate.TEMPORARY, "20003"),
        (Misdeed(500, 20500), Fate.TEMPORARY, "http-500"),
        (Misdeed(503), Fate.TEMPORARY, "http-503"),
        (Misdeed(502), Fate.UNCERTAIN, "http-502"),
        (Misdeed(504), Fate.UNCERTAIN, "http-504"),
        (Misdeed(cuts=True), Fate.UNCERTAIN, "provider-cut-off"),
        (Misdeed(cuts=True, took_it=True), Fate.UNCERTAIN, "provider-cut-off"),
        (Misdeed(hangs=True), Fate.UNCERTAIN, "provider-cut-off"),
        (Misdeed(body="<html>"), Fate.UNCERTAIN, "answer-not-understood"),
        (Misdeed(body="{}"), Fate.UNCERTAIN, "answer-not-understood"),
        (Misdeed(400, body="no json"), Fate.PERMANENT, "http-400"),
    ],
    ids=str,
)
def test_each_failure_has_its_fate(fake: FakeTwilio, misdeed: Misdeed, fate: Fate, code: str) -> None:
    error = failure(fake, misdeed)
    assert (error.fate, error.code) == (fate, code)


def test_the_time_the_provider_names_is_kept(fake: FakeTwilio) -> None:
    assert failure(fake, Misdeed(429, 20429, {"Retry-After": "17"})).retry_after == 17
    assert failure(fake, Misdeed(429, 20429, {"Retry-After": "soon"})).retry_after is None


def test_a_wrong_account_is_not_asked_every_few_seconds(fake: FakeTwilio) -> None:
    assert (failure(fake, Misdeed(401, 20003)).retry_after or 0) >= 60


def test_a_provider_that_cannot_be_reached_leaves_no_doubt() -> None:
    with pytest.raises(SendError) as caught:
        sender(f"http://127.0.0.1:{free_port()}").send(OUTGOING)
    assert caught.value.fate is Fate.TEMPORARY


def test_a_name_that_is_not_found_leaves_no_doubt() -> None:
    with pytest.raises(SendError) as caught:
        sender("http://twilio.invalid").send(OUTGOING)
    assert caught.value.fate is Fate.TEMPORARY


def test_each_message_has_a_connection_of_its_own(fake: FakeTwilio) -> None:
    one = sender(fake.url)
    for _ in range(Random(1).randrange(3, 5)):
        one.send(OUTGOING)
    assert len(fake.sent) >= 3


def test_neither_numbers_nor_words_are_logged(fake: FakeTwilio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sender(fake.url).send(OUTGOING)
    failure(fake, Misdeed(400, 21211))
    assert "447700900123" not in caplog.text
    assert "Your case is open" not in caplog.text
