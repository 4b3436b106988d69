"""The telephone and counter doors for staff: one form, from the first words to the reference that is read out."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/staff")

from app.desk import cases, live, saved, views, words  # noqa: E402, F401  (each adds its pages to the blueprint)
