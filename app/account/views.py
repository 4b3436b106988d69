"""The sign-in and sign-out pages and the first page after signing in."""

from __future__ import annotations

import math
import unicodedata

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField, SubmitField
from wtforms.validators import InputRequired, Length

from app.account.demonstration import find_demo_person, people_to_try
from app.account.passwords import LONGEST, hash_password, is_password, needs_new_hash
from app.account.sessions import begin_session, end_sessions
from app.casework.lists import render_home
from app.clock import now
from app.config import Settings
from app.demo.staff import PASSWORD as DEMO_PASSWORD
from app.extensions import db
from app.permissions import Permission, public, requires
from app.safe_next import safe_next
from app.security import client_address
from cases.attempts import Limit, bucket_of, check_attempts, record_attempt
from cases.errors import TooManyAttemptsError
from cases.models.staff import Attempt, StaffUser

blueprint = Blueprint("account", __name__, url_prefix="/staff")

# Colleagues share their council's address, so the second limit is a loose one.
PERSON_LIMIT = Limit("sign-in", free_tries=5)
ADDRESS_LIMIT = Limit("sign-in-address", free_tries=40, longest_wait=10)

WRONG = "The email address or password is not right. Check both and try again."


class SignInForm(FlaskForm):
    email = EmailField(
        "Email address",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address"), Length(max=200, message="Enter a shorter address")],
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter your password"), Length(max=LONGEST, message="Enter a shorter password")],
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    target = safe_next(request.args.get("next"), url_for("account.home"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target)
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        staff = _find_staff(form.email.data or "", form.password.data or "")
    except TooManyAttemptsError as error:
        form.password.errors = [f"Too many tries. Wait {_seconds(error.retry_after)}, then try again."]
        return _page(form), 429, {"Retry-After": str(error.retry_after)}
    if staff is None:
        form.password.errors = [WRONG]
        return _page(form), 422
    begin_session(staff)
    return redirect(target)


@blueprint.post("/sign-in/demonstration")
@public
def sign_in_to_demonstration() -> Response:
    staff = find_demo_person(request.form.get("email", ""))
    begin_session(staff)
    staff.last_signed_in_at = now()
    db.session.commit()
    return redirect(safe_next(request.form.get("next"), url_for("account.home")))


def _page(form: SignInForm) -> str:
    people = people_to_try()
    password = DEMO_PASSWORD if people else None
    return render_template("account/sign_in.html", form=form, people=people, demo_password=password)


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    if current_user.is_authenticated:
        end_sessions(current_user.staff)
        db.session.commit()
    return redirect(url_for("account.sign_in"))


@blueprint.get("/")
@requires(Permission.USE_STAFF_PAGES)
def home() -> str:
    return render_home()


def _find_staff(email: str, password: str) -> StaffUser | None:
    """The member of staff whose email and password these are. Raises ``TooManyAttemptsError``."""
    email = email.strip().lower()
    attempts = _record_attempts(email)
    db.session.commit()  # the try counts before the slow check, which then holds no lock
    staff = db.session.scalar(select(StaffUser).where(StaffUser.email == email, StaffUser.active))
    password_hash = staff.password_hash if staff else None
    db.session.rollback()
    fits = is_password(password, password_hash) and not _is_everybodys(password)
    if not fits or staff is None:
        return None
    if password_hash and needs_new_hash(password_hash):
        staff.password_hash = hash_password(password)
    for attempt in attempts:
        attempt.succeeded = True
    staff.last_signed_in_at = now()
    db.session.commit()
    return staff


def _is_everybodys(password: str) -> bool:
    """The demonstration's, which its pages show: it opens nothing once its database has come to be production's."""
    settings: Settings = current_app.extensions["settings"]
    return settings.is_production and unicodedata.normalize("NFKC", password) == DEMO_PASSWORD


def _record_attempts(email: str) -> list[Attempt]:
    key: str = current_app.config["SECRET_KEY"]
    address = client_address()
    limits = ((PERSON_LIMIT, bucket_of(key, email, address)), (ADDRESS_LIMIT, bucket_of(key, address)))
    for limit, bucket in limits:
        check_attempts(db.session, limit, bucket, now=now())
    return [record_attempt(db.session, limit, bucket, now=now()) for limit, bucket in limits]


def _seconds(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole} second{'' if whole == 1 else 's'}"
