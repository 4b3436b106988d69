"""Urgent hand-overs for staff: the red strip, whom to ring, who took it, and who is on duty when."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("urgent", __name__, url_prefix="/staff")

from app.urgent import rota, strip, views, words  # noqa: E402, F401  (each adds its pages to the blueprint)
