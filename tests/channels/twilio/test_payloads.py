from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models.messages import MessageState
from cases.text_cleaning import clean
from channels.twilio import payloads
from channels.twilio.statuses import plain_words
from channels.twilio.voice import greeting, nothing

FORM = {
    "MessageSid": "SM1",
    "SmsSid": "SM1",
    "AccountSid": "AC1",
    "From": "+447700900123",
    "To": "+441154960000",
    "Body": "Pothole",
    "NumMedia": "2",
}


def test_a_text_is_read_in_our_words() -> None:
    text = payloads.inbound_text(FORM)
    assert (text.provider_id, text.their_number, text.our_number) == ("SM1", "+447700900123", "+441154960000")
    assert (text.body, text.media_count, text.help_is_answered) == ("Pothole", 2, False)


@pytest.mark.parametrize("missing", list(FORM))
def test_no_missing_field_is_an_error(missing: str) -> None:
    text = payloads.inbound_text({name: value for name, value in FORM.items() if name != missing})
    assert text.provider_id


def test_without_an_id_the_same_content_has_the_same_one() -> None:
    one, same, other = ({"Body": "a"}, {"Body": "a"}, {"Body": "b"})
    assert payloads.inbound_text(one).provider_id == payloads.inbound_text(same).provider_id
    assert payloads.inbound_text(one).provider_id != payloads.inbound_text(other).provider_id


@pytest.mark.parametrize(("count", "read"), [("", 0), ("x", 0), ("-1", 0), ("٣", 0), ("10", 10), ("99999999999", 0)])
def test_a_strange_number_of_pictures_is_none(count: str, read: int) -> None:
    assert payloads.inbound_text({**FORM, "NumMedia": count}).media_count == read


def test_help_that_the_carrier_has_answered_is_known() -> None:
    assert payloads.inbound_text({**FORM, "OptOutType": "HELP"}).help_is_answered


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.text(max_size=30))
def test_what_the_inbox_keeps_reads_back_as_it_came(body: str, number: str) -> None:
    form = {"MessageSid": "SM1", "From": number, "Body": body}
    kept = payloads.read_bytes(payloads.to_bytes(form.items()))
    assert kept.provider_id == "SM1"
    assert kept.body == clean(body)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("accepted", MessageState.SENT),
        ("scheduled", MessageState.SENT),
        ("queued", MessageState.SENT),
        ("sending", MessageState.SENT),
        ("sent", MessageState.SENT),
        ("partially_delivered", MessageState.SENT),
        ("delivered", MessageState.DELIVERED),
        ("read", MessageState.DELIVERED),
        ("undelivered", MessageState.FAILED),
        ("failed", MessageState.FAILED),
        ("canceled", MessageState.FAILED),
        ("receiving", None),
        ("received", None),
        ("something-new", None),
        ("", None),
    ],
)
def test_each_status_has_one_meaning(word: str, state: MessageState | None) -> None:
    report = payloads.status_report({"MessageSid": "SM1", "MessageStatus": word})
    assert report is not None
    assert report.state is state


def test_a_report_about_nothing_is_none() -> None:
    assert payloads.status_report({"MessageStatus": "sent"}) is None


@pytest.mark.parametrize(("code", "read"), [("30003", "30003"), ("", None), ("0", None)])
def test_the_error_code_is_kept_as_text(code: str, read: str | None) -> None:
    report = payloads.status_report({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": code})
    assert report is not None
    assert report.error_code == read


def test_every_code_has_plain_words() -> None:
    assert "stop texting" in plain_words("21610")
    assert plain_words("12345") == plain_words(None)


def test_a_caller_hears_who_it_is_and_what_to_do_in_danger() -> None:
    root = ElementTree.fromstring(greeting('Bodger & "Sons" <Council>', "https://help.example.org/"))
    said = [element.text or "" for element in root.iter("Say")]
    assert 'Bodger & "Sons" <Council>' in said[0]
    assert "9 9 9" in said[1]
    assert any("help dot example dot org" in sentence for sentence in said)
    assert root[-1].tag == "Hangup"


def test_nothing_is_an_empty_answer() -> None:
    root = ElementTree.fromstring(nothing())
    assert root.tag == "Response"
    assert len(root) == 0
