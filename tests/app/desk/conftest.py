"""Staff at the desk, signed in, and what they fill in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.config import Settings
from app.database import write_transaction
from app.wiring import after_upgrade
from cases.models.staff import Appointment, Role, StaffUser
from tests.app.desk.form import Desk
from tests.app.doors import NOON, sign_in

Hire = Callable[..., Desk]


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    """With the councils and their queues, as ``db upgrade`` leaves them."""
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)
    return app


@pytest.fixture
def hire(app: Flask, password_hash: str) -> Hire:
    """``hire(Role.AGENT)``: somebody at the front desk (or of one council), signed in at a browser of their own."""

    def hire(role: Role = Role.AGENT, email: str = "ada@example.org", **post: Any) -> Desk:
        with app.app_context(), write_transaction() as session:
            staff = StaffUser(
                email=email, name="Ada Example", password_hash=password_hash, created_at=NOON, session_epoch=0
            )
            staff.appointments = [Appointment(role=role, starts_on=date(2026, 1, 1), **post)]
            session.add(staff)
            session.flush()
            staff_id = staff.id
        client = app.test_client()
        sign_in(client, email=email)
        return Desk(app, client, staff_id)

    return hire


@pytest.fixture
def agent(hire: Hire) -> Desk:
    return hire()
