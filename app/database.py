"""How transactions begin. On SQLite whatever may write takes the write lock before it reads anything.

A transaction that reads first and writes later fails at once with "database is
locked" when another has written in between, and no time-out helps. So a
transaction begins IMMEDIATE everywhere but in a request with a safe method,
where IMMEDIATE would make pages wait behind writers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from app.config import Settings
from app.extensions import db

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
SQLITE_WAIT_SECONDS = 15

View = TypeVar("View", bound=Callable[..., Any])
_ONLY_READS = "_shirehall_only_reads"


def init_database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(settings.database_url)}
    db.init_app(app)
    # We have no asynchronous engine, and closing its sessions would begin an event loop after each request (1.5 ms).
    app.teardown_appcontext_funcs[:] = [f for f in app.teardown_appcontext_funcs if not iscoroutinefunction(f)]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    """What ``create_engine`` takes for this database, the address included."""
    if url.startswith("sqlite"):
        # Whoever holds the write lock may need a second connection, to read the rules in force. It must not wait for
        # one of those who wait for its lock.
        return {
            "url": url,
            "connect_args": {"timeout": SQLITE_WAIT_SECONDS},
            "max_overflow": -1,
            "hide_parameters": True,
        }
    return {
        "url": url,
        "hide_parameters": True,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 10,
        "pool_recycle": 1800,
        "pool_pre_ping": True,
        # Prepared statements do not survive PgBouncer's transaction mode.
        "connect_args": {"prepare_threshold": None, "connect_timeout": 5},
    }


def prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin") or _begin_mode()
        connection.exec_driver_sql(f"BEGIN {mode}")


def only_reads(view: View) -> View:
    """Marks a view that is sent a form but changes nothing: what is typed stays out of addresses, and writers go on."""
    setattr(view, _ONLY_READS, True)
    return view


def _begin_mode() -> str:
    if not has_request_context():
        return "IMMEDIATE"
    view = current_app.view_functions.get(request.endpoint or "")
    return "DEFERRED" if request.method in SAFE_METHODS or getattr(view, _ONLY_READS, False) else "IMMEDIATE"


@contextmanager
def write_transaction() -> Iterator[Session]:
    """A short transaction of its own that may write, committed on leaving: in a GET, a job or a command.

    Not while the request's own session may hold the write lock: it would wait for itself.
    """
    with _own_transaction("IMMEDIATE") as session:
        yield session


@contextmanager
def read_transaction() -> Iterator[Session]:
    """A transaction of its own that only reads, for jobs and commands that must not hold writers up."""
    with _own_transaction("DEFERRED") as session:
        yield session


@contextmanager
def _own_transaction(mode: str) -> Iterator[Session]:
    if mode == "IMMEDIATE" and _request_session_may_hold_lock():
        raise RuntimeError("write_transaction() inside a writing transaction of db.session would wait for itself")
    with db.sessionmaker() as session:
        session.connection(execution_options={"sqlite_begin": mode})
        yield session
        session.commit()


def _request_session_may_hold_lock() -> bool:
    sessions: dict[str, Session] = g.get("_sqlalchemy_sessions", {})
    return _begin_mode() == "IMMEDIATE" and any(s.in_transaction() for s in sessions.values())
