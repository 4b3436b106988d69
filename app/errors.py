"""Every error becomes an answer here, once: a page that says what happened and what to do next."""

from __future__ import annotations

import math

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from app.csrf import is_from_elsewhere
from app.database import SAFE_METHODS
from app.extensions import db
from app.permissions import Permission, mark_of
from cases.errors import ConflictError, NotAllowedError, NotFoundError, RuleError, ShirehallError, TooManyAttemptsError

RETRY_AFTER_SECONDS = 10
NEVER_SHOWN_AGAIN = ("csrf_token", "password", "pin", "code")

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})
_STATUS: dict[type[ShirehallError], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
    RuleError: 422,
    TooManyAttemptsError: 429,
}


def init_errors(app: Flask) -> None:
    app.register_error_handler(ShirehallError, domain_error)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(StaleDataError, stale_data)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(PoolTimeoutError, database_busy)


def domain_error(error: ShirehallError) -> Response:
    """A domain error that no view dealt with itself."""
    _leave_transaction()
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 422)
    # What is forbidden must look exactly like what is absent: no message of its own.
    response = _page(status, None if status == 404 else error.message)
    if isinstance(error, TooManyAttemptsError):
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return response


def stale_data(error: StaleDataError) -> Response:
    return domain_error(ConflictError())


def http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    code = error.code or 500
    if code == 401 and request.method not in SAFE_METHODS:
        return keep_what_was_typed(must_sign_in=True)
    if code >= 500:
        g.database_unavailable = True  # its page must not depend on what may just have failed
    response = _page(code if code in PAGES else 400 if code < 500 else 500, status=code)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def form_expired(error: CSRFError) -> Response:
    """The form's token does not fit, mostly because the session has ended."""
    asked = mark_of(current_app.view_functions[request.endpoint or ""])
    return keep_what_was_typed(must_sign_in=isinstance(asked, Permission) and not current_user.is_authenticated)


def keep_what_was_typed(*, must_sign_in: bool) -> Response:
    """A form that could not be taken: show what was typed, and offer to send it."""
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not _is_secret(name)
    ]
    had_secrets = len(typed) < len([name for name in request.form if name != "csrf_token"])
    may_resend = not is_from_elsewhere() and not request.files and not had_secrets
    page = _render(
        "errors/form_expired.html",
        typed=typed,
        may_resend=may_resend,
        must_sign_in=must_sign_in,
        action=request.full_path,
    )
    return make_response(page, 401 if must_sign_in else 400)


def _is_secret(name: str) -> bool:
    """By the whole name: a postcode is no code, and shopping has no PIN."""
    return name.lower() in NEVER_SHOWN_AGAIN or "password" in name.lower()


def database_error(error: DBAPIError) -> Response:
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return database_busy(error)
    raise error


def database_busy(error: Exception) -> Response:
    """Locked or away: nothing was saved, and the same request may well succeed in a moment."""
    _leave_transaction()
    current_app.logger.error("database unavailable", exc_info=error)
    g.database_unavailable = True
    response = _page(503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _leave_transaction() -> None:
    try:
        db.session.rollback()
    except Exception as error:  # the database is away: the page below must still be shown
        current_app.logger.error("rollback failed", exc_info=error)


def _page(page: int, message: str | None = None, status: int | None = None) -> Response:
    status = status or page
    if _wants_json():
        return make_response({"error": message or _plain_name(status)}, status)
    return make_response(_render(f"errors/{page}.html", message=message), status)


def _render(template: str, **parts: object) -> str:
    """In the frame of the pages that were being used."""
    for_staff = request.path.startswith("/staff/")
    layout, start = ("staff/layout.html", "/staff/") if for_staff else ("layout.html", "/")
    return render_template(template, layout=layout, start=start, for_staff=for_staff, **parts)


def _plain_name(status: int) -> str:
    return HTTP_STATUS_CODES.get(status, "Error")


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return accepted.best == "application/json" and not accepted.accept_html
