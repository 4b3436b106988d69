"""The pages on which administrators see and change who does what."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("administration", __name__, url_prefix="/staff")

from app.administration import plans, plans_changing  # noqa: E402, F401 (they add their views to it)
