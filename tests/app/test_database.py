from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app import create_app
from app.config import Settings
from app.database import read_transaction, write_transaction
from app.extensions import db
from app.permissions import signed_webhook
from cases.models.staff import Attempt
from tests.app.doors import NOON

POSTS_EACH = 40


def add_counting_view(app: Flask) -> None:
    """Reads first, as a loader of users does, then writes twice with a commit between, as used to lock."""

    @app.post("/count")
    @signed_webhook
    def count() -> str:
        for _ in range(2):
            db.session.scalar(select(func.count()).select_from(Attempt))
            db.session.add(an_attempt())
            db.session.commit()
        return "counted"


def an_attempt() -> Attempt:
    return Attempt(purpose="test", bucket="x", at=NOON, succeeded=False)


def count_attempts(app: Flask) -> int:
    with app.app_context(), read_transaction() as session:
        return session.scalar(select(func.count()).select_from(Attempt)) or 0


def post_many(home: str, database_url: str, statuses: multiprocessing.Queue[int]) -> None:
    app = create_app(Settings.from_env({"SHIREHALL_HOME": home, "DATABASE_URL": database_url}))
    add_counting_view(app)
    client = app.test_client()
    for _ in range(POSTS_EACH):
        statuses.put(client.post("/count").status_code)


def test_processes_that_post_at_once_never_find_the_database_locked(settings: Settings, app: Flask) -> None:
    spawn = multiprocessing.get_context("spawn")
    statuses: multiprocessing.Queue[int] = spawn.Queue()
    given = (str(settings.home), settings.database_url, statuses)
    processes = [spawn.Process(target=post_many, args=given) for _ in range(2)]
    for process in processes:
        process.start()
    answers = [statuses.get(timeout=60) for _ in range(2 * POSTS_EACH)]
    for process in processes:
        process.join()
    assert answers == [200] * len(answers)
    assert count_attempts(app) == 2 * len(answers)


def test_threads_that_post_at_once_never_find_the_database_locked(app: Flask) -> None:
    add_counting_view(app)

    def post(_: int) -> int:
        return app.test_client().post("/count").status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, range(60))) == {200}
    assert count_attempts(app) == 120


def test_a_write_inside_a_write_is_refused_at_once_instead_of_waiting_for_itself(app: Flask) -> None:
    with app.app_context():
        db.session.scalar(text("select 1"))
        with pytest.raises(RuntimeError, match="wait for itself"), write_transaction():
            pass


def test_a_failed_write_leaves_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), write_transaction() as session:
        session.add(an_attempt())
        session.flush()
        _ = 1 / 0
    assert count_attempts(app) == 0
