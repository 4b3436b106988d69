"""The site as Twilio sees it, with the councils and their queues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.config import Settings
from app.database import read_transaction, write_transaction
from app.jobs import the_delivery
from app.wiring import after_upgrade
from cases.models.messages import Message

TOKEN = "12345"
THEIRS, OURS = "+447700900123", "+441154960000"
_ids = count(1)


@dataclass
class Twilio:
    """Calls our webhooks, signed as the provider signs."""

    app: Flask
    client: FlaskClient
    base: str
    token: str = TOKEN
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, form: MultiDict[str, str] | dict[str, str], algorithm: str | None = None) -> TestResponse:
        signature = RequestValidator(self.token).compute_signature(f"{self.base}{path}", form, algorithm)
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature, **self.headers})

    def text(self, body: str, sid: str | None = None, **fields: str) -> TestResponse:
        form = {"MessageSid": sid or f"SM{next(_ids)}", "From": THEIRS, "To": OURS, "Body": body, "NumMedia": "0"}
        return self.post("/webhooks/twilio/sms", {**form, **fields})

    def report(self, sid: str, status: str, message: int | None = None, **fields: str) -> TestResponse:
        query = "" if message is None else f"?message={message}"
        return self.post(f"/webhooks/twilio/sms/status{query}", {"MessageSid": sid, "MessageStatus": status, **fields})

    def deliver(self) -> int:
        with self.app.app_context():
            return the_delivery().deliver_due()

    def answers(self) -> list[str]:
        with self.app.app_context(), read_transaction() as session:
            return [m.words.text or "" for m in session.scalars(select(Message).order_by(Message.id))]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, twilio_auth_token=TOKEN, public_base_url="http://help.example.org")


@pytest.fixture
def twilio(settings: Settings, make_app: Callable[[Settings], Flask]) -> Twilio:
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)
    return Twilio(app, app.test_client(), settings.public_base_url)
