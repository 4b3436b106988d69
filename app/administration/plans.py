"""The pages on which administrators rehearse a reorganisation of councils, give it its day and undo it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("plans", __name__, url_prefix="/staff/plans")

from app.administration import plans_changing, plans_pages  # noqa: E402, F401 (they add their views to it)
