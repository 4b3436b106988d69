"""The web door: finding the right service, filling in its form, and the page that says it was sent."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("citizen", __name__)

from app.citizen import (  # noqa: E402, F401  (each adds its pages to the blueprint)
    contact_pages,
    council_page,
    councils,
    deciding_pages,
    front,
    place_pages,
    question_pages,
    searching,
    sending,
    starting,
)
