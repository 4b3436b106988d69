"""The tables of a throw-away database."""

from __future__ import annotations

from app import migration
from app.config import Settings


def make_tables(settings: Settings) -> None:
    migration.upgrade(settings)
    from sqlalchemy import create_engine

    import cases.models  # noqa: F401
    from cases.orm import Base

    Base.metadata.create_all(create_engine(settings.database_url))
