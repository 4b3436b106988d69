"""Following a case by reference and PIN, or with a code texted to the number that was verified.

Every refusal is one and the same, whether the reference is unknown, the proof wrong or the case one that cannot be
followed: otherwise the page would tell a stranger which references exist and which are sensitive.
"""

from __future__ import annotations

import math

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.clock import now
from app.config import Settings
from app.extensions import db
from app.permissions import public
from app.security import client_address
from app.tracking import permit
from app.tracking.forms import CodeForm, PinForm, ReferenceForm
from app.tracking.why import why_of
from app.tracking.wording import status_of, text_of, title_of
from app.wiring import the_kit
from cases.actions.tracking import (
    open_with_code,
    open_with_pin,
    record_tracking_attempt,
    settle_tracking_attempt,
    text_code,
)
from cases.errors import TooManyAttemptsError
from cases.models.case import Case
from cases.models.staff import Attempt
from cases.phones import show_phone
from cases.queries.tracking import find_tracked_case
from cases.references import show_reference

blueprint = Blueprint("tracking", __name__, url_prefix="/track")

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
WRONG_PIN = "We cannot show a case with this reference and PIN. Check both and try again."
WRONG_CODE = "This code is not right, or it is too old. Check it, or ask for another."


@blueprint.route("", methods=["GET", "POST"])
@public
def find_case() -> Answer:
    if request.method == "GET" and permit.followed_reference():
        return redirect(url_for("tracking.show_case"))
    form = PinForm()
    if not form.validate_on_submit():
        return render_template("tracking/find_case.html", form=form), 422 if form.errors else 200
    reference, pin = form.digits(), form.pin_digits()
    try:
        attempts = _record_try(reference)
    except TooManyAttemptsError as error:
        form.pin.errors = [_wait(error)]
        return _too_many("tracking/find_case.html", form, error)
    if _settle(open_with_pin(db.session, the_kit(), reference, pin), attempts):
        permit.let_in(reference)
        return redirect(url_for("tracking.show_case"))
    form.pin.errors = [WRONG_PIN]
    return render_template("tracking/find_case.html", form=form), 422


@blueprint.route("/text-me-a-code", methods=["GET", "POST"])
@public
def ask_code() -> Answer:
    form = ReferenceForm()
    if not form.validate_on_submit():
        return render_template("tracking/ask_code.html", form=form), 422 if form.errors else 200
    reference = form.digits()
    try:
        record_tracking_attempt(db.session, the_kit(), reference, client_address(), now(), asks_for_code=True)
    except TooManyAttemptsError as error:
        form.reference.errors = [_wait(error)]
        return _too_many("tracking/ask_code.html", form, error)
    text_code(db.session, the_kit(), reference, now())
    db.session.commit()
    permit.ask_code_for(reference)
    return redirect(url_for("tracking.enter_code"))


@blueprint.route("/code", methods=["GET", "POST"])
@public
def enter_code() -> Answer:
    reference = permit.asked_reference()
    if reference is None:
        return redirect(url_for("tracking.ask_code"))
    form = CodeForm()
    shown = show_reference(reference)
    if not form.validate_on_submit():
        return render_template("tracking/enter_code.html", form=form, reference=shown), 422 if form.errors else 200
    try:
        attempts = _record_try(reference)
    except TooManyAttemptsError as error:
        form.code.errors = [_wait(error)]
        return _too_many("tracking/enter_code.html", form, error, reference=shown)
    if _settle(open_with_code(db.session, the_kit(), reference, form.code_digits(), now()), attempts):
        permit.let_in(reference)
        return redirect(url_for("tracking.show_case"))
    form.code.errors = [WRONG_CODE]
    return render_template("tracking/enter_code.html", form=form, reference=shown), 422


@blueprint.get("/case")
@public
def show_case() -> Answer:
    reference = permit.followed_reference()
    case = find_tracked_case(db.session, the_kit(), reference) if reference else None
    if case is None:
        permit.leave()
        flash("Enter your reference and PIN to see how it stands.", "important")
        return redirect(url_for("tracking.find_case"))
    settings: Settings = current_app.extensions["settings"]
    state, sentence = status_of(case)
    return render_template(
        "tracking/show_case.html",
        case=case,
        reference=show_reference(case.reference),
        council=the_kit().authority_name(case.authority_gss),
        state=state,
        sentence=sentence,
        why=why_of(case),
        steps=[(title_of(step), text_of(step), step) for step in case.steps],
        text_number=show_phone(settings.twilio_number) if settings.twilio_number else None,
        handset=settings.sms_provider == "handset",
        asked_at=now(),
        desk_phone=the_kit().register.partnership.phone,
    )


@blueprint.post("/leave")
@public
def leave() -> Response:
    permit.leave()
    flash("You have left. Nothing about your case stays on this device.", "success")
    return redirect(url_for("tracking.find_case"))


def _record_try(reference: str) -> list[Attempt]:
    attempts = record_tracking_attempt(db.session, the_kit(), reference, client_address(), now())
    db.session.commit()  # the try counts before it is checked: tries at the same moment see each other
    return attempts


def _settle(case: Case | None, attempts: list[Attempt]) -> bool:
    if case is None:
        db.session.rollback()
        return False
    settle_tracking_attempt(db.session, attempts)
    db.session.commit()
    return True


def _too_many(template: str, form: ReferenceForm | CodeForm, error: TooManyAttemptsError, **shown: str) -> Answer:
    db.session.rollback()
    return render_template(template, form=form, **shown), 429, {"Retry-After": str(error.retry_after)}


def _wait(error: TooManyAttemptsError) -> str:
    if error.retry_after < 60:
        whole = math.ceil(error.retry_after)
        return f"Too many tries. Wait {whole} second{'' if whole == 1 else 's'}, then try again."
    minutes = math.ceil(error.retry_after / 60)
    return f"Too many tries. Wait {minutes} minute{'' if minutes == 1 else 's'}, then try again."
