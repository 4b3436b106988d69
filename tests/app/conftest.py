"""An application of its own for each test that asks for one, with tables and no rows, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.account.passwords import hash_password, set_cost
from app.config import Settings
from app.database import write_transaction
from app.extensions import db
from cases.models.staff import Appointment, Role, StaffUser
from tests.app.doors import NOON, PASSWORD


class StandingClock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    def advance(self, **parts: float) -> None:
        self.time += timedelta(**parts)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings.from_env({"SHIREHALL_HOME": str(tmp_path), "DATABASE_URL": database_url})


@pytest.fixture
def make_app(clock: StandingClock) -> Iterator[Callable[[Settings], Flask]]:
    """Makes applications whose connections are closed afterwards."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        made.append(create_app(settings, clock=clock))
        made[-1].testing = True
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    set_cost(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    yield
    set_cost(PasswordHasher())


@pytest.fixture(scope="session")
def password_hash(quick_hashes: None) -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def add_staff(app: Flask, password_hash: str) -> Callable[..., int]:
    def add(email: str = "ada@example.org", role: Role = Role.AGENT, **fields: object) -> int:
        with app.app_context(), write_transaction() as session:
            staff = StaffUser(
                email=email, name="Ada Example", password_hash=password_hash, created_at=NOON, session_epoch=0, **fields
            )
            staff.appointments = [Appointment(role=role, authority_gss=None, starts_on=date(2026, 1, 1))]
            session.add(staff)
            session.flush()
            return staff.id

    return add
