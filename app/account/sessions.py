"""Who is signed in: read from the session cookie, and checked against the staff table on every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from flask_login import UserMixin, login_user, logout_user

from app.clock import now
from app.extensions import db, login_manager
from cases.models.staff import StaffUser

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
NOTE_EVERY = timedelta(minutes=1)

View = TypeVar("View", bound=Callable[..., Any])
_ASKED_BY_THE_PAGE = "_shirehall_asked_by_the_page"


def asked_by_the_page(view: View) -> View:
    """Marks what an open page asks again and again by itself: it must not keep a session alive that nobody uses."""
    setattr(view, _ASKED_BY_THE_PAGE, True)
    return view


class SignedIn(UserMixin):
    """What Flask-Login keeps of a member of staff; the model itself knows nothing of sessions."""

    def __init__(self, staff: StaffUser) -> None:
        self.staff = staff

    def get_id(self) -> str:
        return f"{self.staff.id}:{self.staff.session_epoch}"


def init_sessions(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.user_loader(load_signed_in)


def begin_session(staff: StaffUser) -> None:
    """A new session: nothing of the one before survives."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(staff))
    session["signed_in_at"] = session["seen_at"] = now().timestamp()


def end_sessions(staff: StaffUser) -> None:
    """Signs the person out everywhere: a cookie that was copied is worth nothing from here on."""
    staff.session_epoch += 1
    logout_user()
    session.clear()


def load_signed_in(session_id: str) -> SignedIn | None:
    staff_id, _, epoch = session_id.partition(":")
    if not staff_id.isdigit() or not epoch.isdigit() or not _is_fresh(now()):
        return None
    staff = db.session.get(StaffUser, int(staff_id))
    if staff is None or not staff.active or staff.session_epoch != int(epoch):
        return None
    return SignedIn(staff)


def _is_fresh(moment: datetime) -> bool:
    signed_in_at, seen_at = session.get("signed_in_at", 0.0), session.get("seen_at", 0.0)
    time = moment.timestamp()
    if time - signed_in_at > LONGEST.total_seconds() or time - seen_at > IDLE.total_seconds():
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    if time - seen_at > NOTE_EVERY.total_seconds() and not getattr(view, _ASKED_BY_THE_PAGE, False):
        session["seen_at"] = time
    return True
