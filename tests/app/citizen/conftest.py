"""The web door with the register's rows in its tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app import wiring
from app.config import Settings
from app.database import write_transaction
from tests.app.citizen.visiting import Visitor


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        wiring.after_upgrade(session)
    return app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)
