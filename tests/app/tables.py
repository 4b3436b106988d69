"""The tables of a throw-away database, made as an operator makes them."""

from __future__ import annotations

from app import migration
from app.config import Settings


def make_tables(settings: Settings) -> None:
    migration.upgrade(settings)
