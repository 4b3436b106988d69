"""A signed-in administrator of the front desk or of one council."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import write_transaction
from app.wiring import after_upgrade
from cases.models.staff import Appointment, Role, StaffUser
from tests.app.doors import NOON, sign_in

Administrator = Callable[..., FlaskClient]


@pytest.fixture
def administrator(app: Flask, password_hash: str) -> Administrator:
    """``administrator(gss)``: None is the front desk."""
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)

    def make(gss: str | None = None, *, name: str = "Ada Admin", role: Role = Role.ADMINISTRATOR) -> FlaskClient:
        email = name.lower().replace(" ", ".") + "@example.org"
        with app.app_context(), write_transaction() as session:
            staff = StaffUser(email=email, name=name, password_hash=password_hash, created_at=NOON, session_epoch=0)
            staff.appointments = [Appointment(role=role, authority_gss=gss, starts_on=date(2026, 1, 1))]
            session.add(staff)
        client = app.test_client()
        assert sign_in(client, email=email).status_code == 302
        return client

    return make
