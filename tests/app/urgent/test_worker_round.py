"""The worker passes on what nobody has taken, and its message leaves by the outbox."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.worker import Worker
from cases.models.messages import Message
from cases.models.staff import Role
from cases.models.urgent import UrgentStage, UrgentStep
from tests.app.conftest import StandingClock
from tests.app.desk.conftest import Hire
from tests.app.desk.form import Desk
from tests.app.urgent.conftest import handover_of


@pytest.fixture
def sweep_both(app: Flask, clock: StandingClock) -> Callable[[float], None]:
    """Minutes go by, and two workers sweep."""
    workers = [Worker(app), Worker(app)]

    def sweep(minutes: float) -> None:
        clock.advance(minutes=minutes)
        for worker in workers:
            worker.sweep()

    return sweep


def test_two_workers_pass_it_on_once_and_write_to_each_supervisor_once(
    agent: Desk, hire: Hire, sweep_both: Callable[[float], None]
) -> None:
    hire(Role.SUPERVISOR, email="grace@example.org")
    agent.save({"m1-text": "A wall is about to fall"})
    sweep_both(9)
    assert (handover_of(agent).stage, agent.count(UrgentStep)) == (UrgentStage.AGENT, 0)
    sweep_both(1)
    assert (handover_of(agent).stage, agent.count(UrgentStep)) == (UrgentStage.SUPERVISOR, 1)
    with agent.reading() as session:
        written = session.scalars(select(Message).where(Message.purpose == "urgent-duty")).all()
        assert [message.to_value for message in written] == ["grace@example.org"]
