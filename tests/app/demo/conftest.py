"""One demonstration for each kind of database, loaded once: the tests of it only look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.config import Settings
from app.database import read_transaction
from app.extensions import db
from tests.app.conftest import StandingClock
from tests.conftest import DATABASES
from tests.servers.databases import Databases


@pytest.fixture(scope="session", params=DATABASES)
def demonstration(
    request: pytest.FixtureRequest,
    databases: Callable[[str], Databases],
    tmp_path_factory: pytest.TempPathFactory,
    quick_hashes: None,
) -> Iterator[Flask]:
    with databases(request.param).migrated() as url:
        app = loaded_app(url, tmp_path_factory.mktemp("demonstration"))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def demo_session(demonstration: Flask) -> Iterator[Session]:
    with demonstration.app_context(), read_transaction() as session:
        yield session


def loaded_app(url: str, home: Path, partnership: str = "nottinghamshire") -> Flask:
    settings = {"SHIREHALL_HOME": str(home), "DATABASE_URL": url, "PARTNERSHIP": partnership}
    app = create_app(Settings.from_env(settings), clock=StandingClock())
    app.testing = True
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output
    return app
