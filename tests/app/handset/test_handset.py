from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from app.database import write_transaction
from app.jobs import the_delivery
from app.wiring import after_upgrade
from cases.actions.outgoing import put_in_outbox
from cases.models.contact import Channel
from tests.app.doors import NOON, token

PLACE = "NG15 7AA"  # Hucknall


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)
    return app


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def send(client: FlaskClient, body: str, number: str = "07700900123") -> TestResponse:
    path = f"/handset?number={number}"
    page = client.get(path)
    return client.post(path, data={"csrf_token": token(page), "body": body})


def test_both_sides_of_a_conversation_are_shown(client: FlaskClient, app: Flask) -> None:
    assert send(client, f"pothole {PLACE}").status_code == 302
    page = client.get("/handset?number=07700900123").text
    assert f"pothole {PLACE}" in page
    assert "Nottinghamshire County Council: we have your report" in page
    assert "Waiting to be sent" in page
    with app.app_context():
        the_delivery().deliver_due()
    assert "Delivered" in client.get("/handset/messages?number=07700900123").text


def test_another_number_sees_another_conversation(client: FlaskClient) -> None:
    send(client, f"pothole {PLACE}")
    assert PLACE not in client.get("/handset/messages?number=07700900456").text


@pytest.mark.parametrize("number", ["0115 496 0123", "07911 123456", "x", "+33612345678", "07700900123" * 20])
def test_only_practice_numbers_are_taken(client: FlaskClient, number: str) -> None:
    page = client.get("/handset", query_string={"number": number})
    assert page.status_code == 422
    assert "Enter a practice number" in page.text


def test_an_empty_message_gets_a_plain_sentence(client: FlaskClient) -> None:
    page = send(client, "")
    assert page.status_code == 422
    assert "Type a message" in page.text


def test_a_message_that_is_too_long_loses_nothing_typed(client: FlaskClient) -> None:
    page = send(client, "a" * 10_001)
    assert page.status_code == 422
    assert "a" * 10_001 in page.text
    assert send(client, "a" * 10_000).status_code == 302


def test_what_was_typed_is_shown_and_not_run(client: FlaskClient) -> None:
    send(client, "<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/handset?number=07700900123").text


def test_emails_are_shown_where_no_mail_server_is_set_up(client: FlaskClient, app: Flask) -> None:
    with app.app_context(), write_transaction() as session:
        put_in_outbox(session, Channel.EMAIL, "jo@example.org", "acknowledgement", "We have your report.", "k", NOON)
    page = client.get("/handset").text
    assert "jo@example.org" in page
    assert "No mail server is set up" in page


@pytest.mark.parametrize("path", ["/handset", "/handset/messages"])
def test_with_a_real_provider_there_is_no_practice_phone(
    settings: Settings, make_app: Callable[[Settings], Flask], path: str
) -> None:
    real = replace(
        settings, sms_provider="twilio", twilio_account_sid="AC1", twilio_auth_token="x", twilio_number="+44"
    )
    assert make_app(real).test_client().get(path).status_code == 404
