from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text

from app import create_app
from app.config import Settings
from app.database import read_transaction, write_transaction
from app.extensions import db
from app.permissions import public, signed_webhook
from cases.models.staff import Attempt
from tests.app.doors import NOON
from tests.app.tables import make_tables

POSTS_EACH = 40


def add_counting_view(app: Flask) -> None:
    """Reads first, as a loader of users does, then writes twice with a commit between: as used to lock."""

    @app.post("/count")
    @signed_webhook
    def count() -> str:
        for _ in range(2):
            db.session.scalar(select(func.count()).select_from(Attempt))
            db.session.add(Attempt(purpose="test", bucket="x", at=NOON, succeeded=False))
            db.session.commit()
        return "counted"


def post_many(home: str, statuses: multiprocessing.Queue[int]) -> None:
    app = create_app(Settings.from_env({"SHIREHALL_HOME": home}))
    add_counting_view(app)
    client = app.test_client()
    for _ in range(POSTS_EACH):
        statuses.put(client.post("/count").status_code)


def test_processes_that_post_at_once_never_find_the_database_locked(settings: Settings) -> None:
    make_tables(settings)
    spawn = multiprocessing.get_context("spawn")
    statuses: multiprocessing.Queue[int] = spawn.Queue()
    processes = [spawn.Process(target=post_many, args=(str(settings.home), statuses)) for _ in range(2)]
    for process in processes:
        process.start()
    answers = [statuses.get(timeout=60) for _ in range(2 * POSTS_EACH)]
    for process in processes:
        process.join()
    assert answers == [200] * len(answers)


def test_threads_that_post_at_once_never_find_the_database_locked(app: Flask) -> None:
    add_counting_view(app)

    def post(_: int) -> int:
        return app.test_client().post("/count").status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, range(60))) == {200}
    with app.app_context(), read_transaction() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 120


@pytest.fixture
def begun(app: Flask) -> list[str]:
    """Every BEGIN that the application sends."""
    seen: list[str] = []
    with app.app_context():

        @event.listens_for(db.engine, "before_cursor_execute")
        def note(conn, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
            if statement.startswith("BEGIN"):
                seen.append(statement)

    return seen


def test_a_page_that_is_read_does_not_take_the_write_lock(app: Flask, begun: list[str]) -> None:
    @app.get("/read")
    @public
    def read() -> str:
        return str(db.session.scalar(text("select 1")))

    app.test_client().get("/read")
    assert begun == ["BEGIN DEFERRED"]


def test_a_form_that_is_sent_takes_the_write_lock_first_and_again_after_a_commit(app: Flask, begun: list[str]) -> None:
    add_counting_view(app)
    app.test_client().post("/count")
    assert begun == ["BEGIN IMMEDIATE"] * 2


def test_what_a_read_page_must_record_goes_into_a_short_write_of_its_own(app: Flask, begun: list[str]) -> None:
    @app.get("/seen")
    @public
    def seen() -> str:
        db.session.scalar(text("select 1"))
        with write_transaction() as session:
            session.add(Attempt(purpose="test", bucket="x", at=NOON, succeeded=False))
        return "noted"

    assert app.test_client().get("/seen").text == "noted"
    assert begun == ["BEGIN DEFERRED", "BEGIN IMMEDIATE"]


def test_a_write_inside_a_write_is_refused_at_once_instead_of_waiting_for_itself(app: Flask) -> None:
    with app.app_context():
        db.session.scalar(text("select 1"))
        with pytest.raises(RuntimeError, match="wait for itself"), write_transaction():
            pass


def test_a_failed_write_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), write_transaction() as session:
            session.add(Attempt(purpose="test", bucket="x", at=NOON, succeeded=False))
            session.flush()
            _ = 1 / 0
        with read_transaction() as session:
            assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_sqlite_keeps_a_write_ahead_log_and_foreign_keys(app: Flask) -> None:
    with app.app_context(), read_transaction() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 2


def test_a_locked_database_gives_a_page_that_says_to_wait(client: FlaskClient, app: Flask, settings: Settings) -> None:
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    add_counting_view(app)
    holder = sqlite3.connect(Path(settings.home) / "shirehall.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = client.post("/count")
    holder.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Wait a few seconds" in answer.text
