from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app import texts
from app.config import Settings
from app.database import read_transaction
from app.jobs import retry_inbox
from cases.models.case import Case
from cases.models.contact import Contact
from cases.models.messages import InboxItem, InboxState, Message
from tests.app.conftest import StandingClock
from tests.app.webhooks.conftest import OURS, THEIRS, TOKEN, Twilio

PLACE = "NG15 7AA"  # Hucknall


def count(twilio: Twilio, table: type) -> int:
    with twilio.app.app_context(), read_transaction() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_signed_text_opens_a_case_and_its_answer_waits_in_the_outbox(twilio: Twilio) -> None:
    answer = twilio.text(f"pothole on Portland Road {PLACE}")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "<Response" in answer.text
    assert "<Message" not in answer.text
    assert count(twilio, Case) == 1
    assert twilio.answers()[0].startswith("Nottinghamshire County Council: we have your report")
    with twilio.app.app_context(), read_transaction() as session:
        message = session.scalars(select(Message)).one()
        assert (message.to_value, message.from_value) == (THEIRS, OURS)


def test_a_wrong_signature_is_refused_and_nothing_is_kept(twilio: Twilio) -> None:
    forged = replace(twilio, token="54321")
    for door in ("sms", "sms/status", "voice", "voice/status"):
        path = f"/webhooks/twilio/{door}"
        assert forged.post(path, {"MessageSid": "SM1", "Body": "pothole", "From": THEIRS}).status_code == 403
        assert twilio.client.post(path, data={"Body": "pothole"}).status_code == 403
    assert count(twilio, InboxItem) == 0


def test_a_signature_over_another_address_is_refused(twilio: Twilio) -> None:
    assert replace(twilio, base="http://evil.example.org").text("pothole").status_code == 403


@pytest.mark.parametrize("base", ["http://help.example.org:80", "http://help.example.org:8080"])
def test_a_port_that_a_proxy_adds_does_not_matter(twilio: Twilio, base: str) -> None:
    validated = replace(twilio, base=base).text("pothole")
    assert validated.status_code == (200 if base.endswith(":80") else 403)


def test_what_the_request_claims_about_itself_does_not_matter(twilio: Twilio) -> None:
    claims = {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org", "X-Forwarded-Proto": "https"}
    assert replace(twilio, headers=claims).text("pothole").status_code == 200


def test_the_newer_algorithm_is_accepted_and_an_unknown_one_refused(twilio: Twilio) -> None:
    form = {"MessageSid": "SM1", "From": THEIRS, "To": OURS, "Body": "pothole"}
    newer = replace(twilio, headers={"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"})
    unknown = replace(twilio, headers={"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_MD5"})
    assert newer.post("/webhooks/twilio/sms", form, "HMAC_SHA256").status_code == 200
    assert unknown.post("/webhooks/twilio/sms", form).status_code == 403


def test_without_a_token_every_webhook_is_refused(settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
    app = make_app(replace(settings, twilio_auth_token=None))
    assert Twilio(app, app.test_client(), settings.public_base_url, token="").text("pothole").status_code == 403


def test_a_second_delivery_changes_nothing(twilio: Twilio) -> None:
    for _ in range(2):
        assert twilio.text(f"pothole {PLACE}", sid="SM7").status_code == 200
    assert (count(twilio, Case), count(twilio, Contact), count(twilio, Message), count(twilio, InboxItem)) == (
        1,
        1,
        1,
        1,
    )


def test_twenty_deliveries_at_once_are_one_contact_and_one_answer(twilio: Twilio) -> None:
    def deliver(_: int) -> int:
        return Twilio(twilio.app, twilio.app.test_client(), twilio.base).text(f"pothole {PLACE}", sid="SM8").status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(deliver, range(20))) == {200}
    assert (count(twilio, Contact), count(twilio, Case), count(twilio, Message)) == (1, 1, 1)


def test_many_numbers_at_once_all_get_their_case(twilio: Twilio) -> None:
    def deliver(n: int) -> int:
        one = Twilio(twilio.app, twilio.app.test_client(), twilio.base)
        return one.text(f"pothole {PLACE}", From=f"+447700900{n:03d}").status_code

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(deliver, range(20))) == {200}
    assert (count(twilio, Case), count(twilio, Message)) == (20, 20)


def test_a_fault_of_ours_delays_a_text_and_never_loses_it(
    twilio: Twilio, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    answer_text = texts.answer_text

    def broken(*args: object) -> None:
        answer_text(*args)  # type: ignore[arg-type]
        raise RuntimeError("a bug, after everything was written")

    monkeypatch.setattr(texts, "answer_text", broken)
    assert twilio.text(f"pothole {PLACE}").status_code == 200
    assert (count(twilio, Case), count(twilio, Message)) == (0, 0)
    with twilio.app.app_context(), read_transaction() as session:
        item = session.scalars(select(InboxItem)).one()
        assert (item.state, item.attempts, item.error_code) == (InboxState.PENDING, 1, "RuntimeError")
        assert item.next_try_at is not None
        assert item.next_try_at > clock.now()
    monkeypatch.setattr(texts, "answer_text", answer_text)
    with twilio.app.app_context():
        assert retry_inbox() == 0
        clock.advance(seconds=6)
        assert retry_inbox() == 1
    assert (count(twilio, Case), count(twilio, Message)) == (1, 1)


def test_a_process_that_is_ended_while_it_acts_loses_no_text(
    twilio: Twilio, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    answer_text = texts.answer_text

    def ended(*args: object) -> None:
        raise SystemExit

    monkeypatch.setattr(texts, "answer_text", ended)
    with pytest.raises(SystemExit):
        twilio.text(f"pothole {PLACE}")
    monkeypatch.setattr(texts, "answer_text", answer_text)
    with twilio.app.app_context():
        assert retry_inbox() == 0
        clock.advance(seconds=31)
        assert retry_inbox() == 1
    assert (count(twilio, Case), count(twilio, Message)) == (1, 1)


def test_a_text_that_fails_again_and_again_is_left_to_a_person(
    twilio: Twilio, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(texts, "answer_text", broken)
    twilio.text("pothole")
    with twilio.app.app_context():
        for _ in range(20):
            clock.advance(hours=2)
            retry_inbox()
        with read_transaction() as session:
            item = session.scalars(select(InboxItem)).one()
            assert (item.state, item.attempts) == (InboxState.FAILED, 10)
            assert item.payload


def test_a_missing_field_is_no_error(twilio: Twilio) -> None:
    form = {"MessageSid": "SM1", "From": THEIRS, "To": OURS, "Body": "pothole", "NumMedia": "0"}
    for missing in form:
        rest = {name: value for name, value in form.items() if name != missing}
        assert twilio.post("/webhooks/twilio/sms", rest | {"MessageSid": f"without-{missing}"}).status_code == 200
    assert twilio.post("/webhooks/twilio/sms", {"Body": "pothole"}).status_code == 200
    assert count(twilio, InboxItem) == 6


def test_fields_that_come_twice_and_fields_we_do_not_know_are_no_error(twilio: Twilio) -> None:
    form = MultiDict([("MessageSid", "SM1"), ("Body", "a"), ("Body", "b"), ("From", THEIRS), ("New", "x")])
    assert twilio.post("/webhooks/twilio/sms", form).status_code == 200


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(body=st.text(max_size=400), number=st.text(max_size=20), media=st.text(max_size=4))
def test_whatever_is_texted_is_kept_and_answered_with_success(
    twilio: Twilio, body: str, number: str, media: str
) -> None:
    before = count(twilio, InboxItem)
    clean = [text.encode("utf-8", "replace").decode() for text in (body, number, media)]
    answer = twilio.text(clean[0], From=clean[1], NumMedia=clean[2])
    assert answer.status_code == 200
    assert count(twilio, InboxItem) == before + 1
    with twilio.app.app_context(), read_transaction() as session:
        assert not session.scalars(select(InboxItem).where(InboxItem.state != InboxState.DONE)).all()


def test_strange_texts_are_kept(twilio: Twilio) -> None:
    for body in ("pot\x00hole", "😀" * 700, "a" * 10_000, "\u202e", "\r\n\r\n"):
        assert twilio.text(body).status_code == 200
    assert count(twilio, InboxItem) == 5


def test_bytes_that_are_no_text_are_no_error_of_ours(twilio: Twilio) -> None:
    answer = twilio.client.post(
        "/webhooks/twilio/sms",
        data=b"MessageSid=SM1&Body=%ff%fe&From=%ed%a0%80",
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": TOKEN},
    )
    assert answer.status_code == 403


def test_the_conversation_of_the_front_page(twilio: Twilio) -> None:
    twilio.text("bin not emptied")
    twilio.text(PLACE)
    twilio.text("STATUS")
    question, settled, status = twilio.answers()
    assert "Which property is it about?" in question
    assert "Ashfield District Council aims to deal with it by" in settled
    assert "Missed bin" in status


def test_a_caller_hears_what_the_number_is_for(twilio: Twilio) -> None:
    answer = twilio.post("/webhooks/twilio/voice", {"CallSid": "CA1", "From": "+266696687", "To": OURS})
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "Nottinghamshire Councils" in answer.text
    assert answer.text.endswith("<Hangup /></Response>")
    assert twilio.post("/webhooks/twilio/voice/status", {"CallSid": "CA1"}).status_code == 204
