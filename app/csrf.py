"""Forms are protected unless the view checks its sender's signature instead."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError

from app.database import SAFE_METHODS
from app.extensions import csrf
from app.permissions import Open, mark_of


def init_csrf(app: Flask) -> None:
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # the hook below decides by the view's mark
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # asks for a Referer, which privacy tools strip; Sec-Fetch-Site says it better
    )
    csrf.init_app(app)
    app.before_request(_protect)


def is_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site")


def _protect() -> None:
    if request.endpoint is None or request.method in SAFE_METHODS:
        return
    if mark_of(current_app.view_functions[request.endpoint]) is Open.SIGNED_WEBHOOK:
        return
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    if is_from_elsewhere():
        raise CSRFError("The form was sent from another site.")
    csrf.protect()
