"""What Twilio calls. Each view checks the signature before it reads anything else."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, request

from app.clock import now
from app.config import Settings
from app.extensions import db
from app.permissions import signed_webhook
from app.requests import CleanRequest
from app.texts import take_in
from cases.row_ids import read_row_id
from channels.delivery.receipts import keep_receipt
from channels.twilio import payloads
from channels.twilio.signature import is_signed, public_url
from channels.twilio.voice import greeting, nothing

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")


@blueprint.post("/sms")
@signed_webhook
def receive_text() -> Response:
    sent = _signed_request()
    take_in(payloads.PROVIDER, payloads.inbound_text(sent.form), payloads.to_bytes(sent.form_as_sent.items(multi=True)))
    return _twiml(nothing())


@blueprint.post("/sms/status")
@signed_webhook
def receive_status() -> tuple[str, int]:
    sent = _signed_request()
    report = payloads.status_report(sent.form)
    if report is not None:
        keep_receipt(
            db.session,
            report.provider_id,
            read_row_id(sent.args.get("message", "")),
            report.word,
            report.state,
            report.error_code,
            now(),
        )
        db.session.commit()
    return "", 204


@blueprint.post("/voice")
@signed_webhook
def answer_call() -> Response:
    _signed_request()
    settings = _settings()
    return _twiml(greeting(current_app.extensions["register"].partnership.name, settings.public_base_url))


@blueprint.post("/voice/status")
@signed_webhook
def receive_call_status() -> tuple[str, int]:
    _signed_request()
    return "", 204


def _signed_request() -> CleanRequest:
    """The request, once it is proved to be the provider's; 403 otherwise, with nothing done."""
    sent = request
    assert isinstance(sent, CleanRequest)
    settings = _settings()
    url = public_url(settings.public_base_url, sent.path, sent.query_string.decode("latin-1"))
    if not is_signed(settings.twilio_auth_token or "", url, sent.form_as_sent, sent.headers.get):
        abort(403)
    return sent


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _twiml(words: str) -> Response:
    return Response(words, mimetype="text/xml")
