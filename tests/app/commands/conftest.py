from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings


@pytest.fixture
def fresh(tmp_path: Path, empty_database_url: str, make_app: Callable[[Settings], Flask]) -> Flask:
    """An application whose database has no tables yet."""
    return make_app(Settings.from_env({"SHIREHALL_HOME": str(tmp_path), "DATABASE_URL": empty_database_url}))
