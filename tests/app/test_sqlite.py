"""How transactions begin on SQLite, which has one writer at a time."""

from __future__ import annotations

import sqlite3

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.config import Settings
from app.database import only_reads, read_transaction, write_transaction
from app.extensions import db
from app.permissions import public, signed_webhook
from tests.app.test_database import add_counting_view, an_attempt


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


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


def test_a_look_up_by_post_does_not_take_the_write_lock_when_it_says_so(app: Flask, begun: list[str]) -> None:
    @app.post("/look-up")
    @signed_webhook
    @only_reads
    def look_up() -> str:
        return str(db.session.scalar(text("select 1")))

    app.test_client().post("/look-up")
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
            session.add(an_attempt())
        return "noted"

    assert app.test_client().get("/seen").text == "noted"
    assert begun == ["BEGIN DEFERRED", "BEGIN IMMEDIATE"]


def test_there_is_a_write_ahead_log_and_foreign_keys_are_kept(app: Flask) -> None:
    with app.app_context(), read_transaction() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 2


def test_a_locked_database_gives_a_page_that_says_to_wait(app: Flask, settings: Settings) -> None:
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    add_counting_view(app)
    holder = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = app.test_client().post("/count")
    holder.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Wait a few seconds" in answer.text
