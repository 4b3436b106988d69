"""The pages on which administrators change who does what."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("administration", __name__, url_prefix="/staff/rules")

from app.administration import agreements, changes, lists, services  # noqa: E402, F401 (they add their views to it)
