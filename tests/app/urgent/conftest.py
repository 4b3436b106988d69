"""Staff of the desk and of councils, each at a browser of their own, and the clock on the wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.database import write_transaction
from app.wiring import the_kit
from cases.actions.urgent import escalate_urgent
from cases.local_day import LONDON
from cases.models.staff import Role
from cases.models.urgent import UrgentHandover
from tests.app.conftest import StandingClock
from tests.app.desk.conftest import Hire, app, hire
from tests.app.desk.form import Desk

__all__ = ["app", "hire"]


@pytest.fixture
def agent(hire: Hire) -> Desk:
    return hire()


def at_mansfield(hire: Hire) -> Desk:
    desk = hire(Role.COUNTER, email="winston@example.org", office_slug="mansfield-civic-centre")
    desk.path = "/staff/counter"
    return desk


@pytest.fixture
def counter(hire: Hire) -> Desk:
    return at_mansfield(hire)


@pytest.fixture
def set_clock(clock: StandingClock) -> Callable[[str], None]:
    """``set_clock("2026-11-20T16:45")``: London's time. Before anybody signs in."""

    def at(text: str) -> None:
        clock.time = datetime.fromisoformat(text).replace(tzinfo=LONDON)

    return at


@pytest.fixture
def sweep(app: Flask, clock: StandingClock) -> Callable[[float], int]:
    """Minutes go by, and the worker's round runs."""

    def sweep(minutes: float) -> int:
        clock.advance(minutes=minutes)
        with app.app_context(), write_transaction() as session:
            return escalate_urgent(session, the_kit(), clock.now())

    return sweep


def handover_of(desk: Desk) -> UrgentHandover:
    with desk.reading() as session:
        found = session.query(UrgentHandover).one()
        _ = (found.case.reference, found.words)
        session.expunge_all()
        return found
