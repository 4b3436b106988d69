"""A practice phone: both sides of a text conversation on one machine. Only when ``SMS_PROVIDER`` is ``handset``."""

from __future__ import annotations

import re
import secrets

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.config import Settings
from app.extensions import db
from app.handset.conversation import emails_written, texts_between
from app.permissions import public
from app.texts import HANDSET, take_in
from cases.phones import find_phone, show_phone
from channels.sms.inbound import InboundText, to_bytes

blueprint = Blueprint("handset", __name__)

FIRST_NUMBER = "+447700900123"
# Ofcom keeps these mobile numbers for drama: they are nobody's.
_PRACTICE_NUMBER = re.compile(r"\+447700900\d{3}")
_NUMBERS = tuple(f"+447700900{n}" for n in (123, 456, 789))
OWN_NUMBER = "+441154960000"
LONGEST_TEXT = 10_000


class TextForm(FlaskForm):
    body = TextAreaField(
        "Your message",
        widget=GovTextArea(),
        validators=[
            InputRequired("Type a message"),
            Length(max=LONGEST_TEXT, message="A message can have 10,000 characters at most"),
        ],
    )


class NumberForm(FlaskForm):
    class Meta:
        csrf = False  # only looks something up

    number = StringField("Phone number", widget=GovTextInput())


@blueprint.before_request
def _only_for_practice() -> None:
    if _settings().sms_provider != "handset":
        abort(404)


@blueprint.route("/handset", methods=["GET", "POST"])
@public
def show_phone_page() -> Response | str | tuple[str, int]:
    number, number_form = _number()
    form = TextForm()
    if request.method == "POST" and not number_form.errors and form.validate():
        text = InboundText(
            provider_id=f"handset-{secrets.token_hex(12)}",
            their_number=number,
            our_number=_our_number(),
            body=str(form.body.data),
        )
        take_in(HANDSET, text, to_bytes(text))
        return redirect(url_for(".show_phone_page", number=_plain(number)))
    faulty = number_form if number_form.errors else form
    page = render_template(
        "handset/phone.html",
        form=faulty if faulty.errors else None,
        text_form=form,
        number_form=number_form,
        number=number,
        numbers=_NUMBERS,
        our_number=_our_number(),
        lines=texts_between(db.session, number),
        emails=emails_written(db.session) if not _settings().smtp_url else [],
        has_mail_server=bool(_settings().smtp_url),
        plain=_plain,
        show_number=show_phone,
    )
    return (page, 422) if faulty.errors else page


@blueprint.get("/handset/messages")
@public
def show_messages() -> str:
    """The screen alone, for the page to fetch again and again."""
    number, _ = _number()
    return render_template("handset/_texts.html", lines=texts_between(db.session, number))


def _number() -> tuple[str, NumberForm]:
    """The number asked for, or the first one beside the reason why not."""
    form = NumberForm(request.args)
    asked = request.args.get("number", "").strip()
    if not asked:
        form.number.data = show_phone(FIRST_NUMBER)
        return FIRST_NUMBER, form
    phone = find_phone(asked)
    if phone is None or not _PRACTICE_NUMBER.fullmatch(phone.e164):
        form.number.errors = ["Enter a practice number, from 07700 900000 to 07700 900999"]
        return FIRST_NUMBER, form
    form.number.data = show_phone(phone.e164)
    return phone.e164, form


def _plain(number: str) -> str:
    return "0" + number.removeprefix("+44")


def _our_number() -> str:
    return _settings().twilio_number or OWN_NUMBER


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
