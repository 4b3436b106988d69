"""Nudges are quick and may be lost; the worker's sweep makes up for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.database import read_transaction, write_transaction
from app.jobs import make_huey
from app.worker import Worker
from cases.actions.outgoing import put_in_outbox
from cases.models.contact import Channel
from cases.models.messages import Lease, Message, MessageState
from channels.delivery.leases import HEARTBEAT
from tests.app.conftest import StandingClock
from tests.app.doors import NOON
from tests.servers.parts import free_port

ROOT = Path(__file__).parents[2]
MakeApp = Callable[[Settings], Flask]


def write(app: Flask, key: str = "key") -> None:
    with app.app_context(), write_transaction() as session:
        put_in_outbox(session, Channel.SMS, "+447700900123", "status", "Hello", key, app.extensions["clock"].now())


def states(app: Flask) -> list[MessageState]:
    with app.app_context(), read_transaction() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))


def waiting(app: Flask) -> int:
    huey = app.extensions["huey"]
    if hasattr(huey.storage, "initialize_schema"):
        huey.storage.initialize_schema()
    return int(huey.pending_count())


@pytest.fixture(params=["sqlite", "redis", "postgresql"])
def broker(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The same installation with each place that jobs can be queued in."""
    if request.param == "redis":
        return replace(settings, redis_url=request.getfixturevalue("redis_url"))
    if request.param == "postgresql":
        server = request.getfixturevalue("databases")("postgresql")
        jobs = request.getfixturevalue("stack").enter_context(server.empty())
        return replace(settings, jobs_database_url=jobs.replace("postgresql+psycopg://", "postgresql://"))
    return settings


@pytest.fixture
def stack() -> Iterator[object]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield stack


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_what_is_committed_nudges_the_worker_once(broker: Settings, make_app: MakeApp) -> None:
    app = make_app(broker)
    waiting(app)
    with app.app_context(), write_transaction() as session:
        for key in ("a", "b"):
            put_in_outbox(session, Channel.SMS, "+447700900123", "status", "Hello", key, NOON)
        with session.begin_nested():
            put_in_outbox(session, Channel.SMS, "+447700900123", "status", "Hello", "c", NOON)
        assert waiting(app) == 0
    assert waiting(app) == 1
    task = app.extensions["huey"].dequeue()
    app.extensions["huey"].execute(task)
    assert states(app) == [MessageState.DELIVERED] * 3
    app.extensions["huey"].storage.close() if hasattr(app.extensions["huey"].storage, "close") else None


def test_what_is_rolled_back_nudges_nobody(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError), write_transaction() as session:
        put_in_outbox(session, Channel.SMS, "+447700900123", "status", "Hello", "a", NOON)
        raise RuntimeError
    assert waiting(app) == 0


@pytest.mark.parametrize("kind", ["redis", "postgresql"])
def test_a_broker_that_is_down_costs_nothing_but_time(settings: Settings, make_app: MakeApp, kind: str) -> None:
    where = f"127.0.0.1:{free_port()}"
    down = {"redis_url": f"redis://{where}/0"} if kind == "redis" else {"jobs_database_url": f"postgresql://{where}/x"}
    app = make_app(replace(settings, **down))  # type: ignore[arg-type]
    write(app)
    assert states(app) == [MessageState.QUEUED]
    Worker(app).sweep()
    assert states(app) == [MessageState.DELIVERED]


def test_a_broker_keeps_no_results(broker: Settings) -> None:
    assert make_huey(broker).results is False


def test_a_sweep_beats_and_readiness_follows_it(app: Flask, clock: StandingClock) -> None:
    client = app.test_client()
    assert client.get("/readyz").json["checks"]["jobs"] == "ok"
    Worker(app).sweep()
    with app.app_context(), read_transaction() as session:
        lease = session.get_one(Lease, HEARTBEAT)
        assert lease.until == NOON + timedelta(seconds=30)
    assert client.get("/readyz").json["checks"]["jobs"] == "ok"
    clock.advance(seconds=31)
    assert client.get("/readyz").json["checks"]["jobs"] == "failed"


def test_messages_that_wait_for_a_worker_nobody_started_make_it_not_ready(app: Flask, clock: StandingClock) -> None:
    write(app)
    clock.advance(minutes=2)
    assert app.test_client().get("/readyz").status_code == 503


def test_one_part_that_fails_does_not_stop_the_sweep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError("a bug")

    monkeypatch.setattr("app.worker.retry_inbox", broken)
    write(app)
    Worker(app).sweep()
    assert states(app) == [MessageState.DELIVERED]


@contextmanager
def running(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "SHIREHALL_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(done: Callable[[], bool], seconds: float = 30) -> float:
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - began


def has_beaten(app: Flask) -> bool:
    with app.app_context(), read_transaction() as session:
        return session.get(Lease, HEARTBEAT) is not None


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sends_at_once_and_ends_cleanly(settings: Settings, app: Flask, stop: signal.Signals) -> None:
    with running(settings) as process:
        wait_until(lambda: has_beaten(app))
        write(app, "first")
        wait_until(lambda: states(app) == [MessageState.DELIVERED])
        write(app, "second")
        assert wait_until(lambda: states(app) == [MessageState.DELIVERED] * 2) < 2
        process.send_signal(stop)
        assert process.wait(30) == 0


def test_a_worker_run_once_ends_by_itself(settings: Settings, app: Flask) -> None:
    write(app)
    with running(settings, "--once") as process:
        assert process.wait(60) == 0
    assert states(app) == [MessageState.DELIVERED]
