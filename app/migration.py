"""Moves the tables from one release's shape to another's, through Alembic, and says where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app.config import PROJECT, Settings
from app.database import engine_options, prepare_sqlite


def upgrade(settings: Settings, revision: str = "head") -> None:
    with _owner(settings) as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(settings: Settings, revision: str) -> None:
    with _owner(settings) as connection:
        command.downgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config


@cache
def head_revision() -> str | None:
    """The revision that this release of the code wants."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """The revision that the tables have; ``None`` for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _owner(settings: Settings) -> Iterator[Connection]:
    """A connection as the owner of the tables, kept for nothing else."""
    options = engine_options(settings.migration_database_url)
    for name in ("pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping"):
        options.pop(name, None)
    engine = create_engine(**options, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
