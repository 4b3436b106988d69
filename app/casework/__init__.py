"""The pages on which officers and supervisors work cases."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("casework", __name__, url_prefix="/staff")

from app.casework import answering, case, handing_over, lists, settling_by_key, words  # noqa: E402, F401 (they add their views to it)
