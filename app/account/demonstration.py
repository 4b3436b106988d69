"""Signing in with one button, as one of the demonstration's people. Only where everything is made up."""

from __future__ import annotations

from flask import abort, current_app
from sqlalchemy import select

from app.config import Settings
from app.demo.staff import DemoPost, signing_in
from app.demonstration import is_demonstration
from app.extensions import db
from cases.models.staff import StaffUser


def people_to_try() -> list[DemoPost]:
    """Whom the sign-in page offers; nobody outside a demonstration and nobody on production settings."""
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production or not is_demonstration():
        return []
    return signing_in(current_app.extensions["register"])


def find_demo_person(email: str) -> StaffUser:
    """One of those, by address; anybody else is not found."""
    if email not in {post.email for post in people_to_try()}:
        abort(404)
    staff = db.session.scalar(select(StaffUser).where(StaffUser.email == email, StaffUser.active))
    if staff is None:
        abort(404)
    return staff
