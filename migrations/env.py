"""How Alembic reaches the database. ``flask db …`` hands its connection over; ``alembic -c setup.cfg`` makes one."""

from __future__ import annotations

import os
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, create_engine, text

import cases.models  # noqa: F401 (fills the metadata)
from app.config import Settings
from app.database import engine_options, prepare_sqlite
from cases.orm import Base, UtcDateTime

LOCK_TIMEOUT = "5s"  # rather fail and be run again than stand in front of everybody's queries
ONE_AT_A_TIME = 7_306_114  # any number: upgrades on several machines take turns by it


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """The job store's tables are its own, and so are the shadow tables of a full-text index."""
    return not (kind == "table" and name is not None and name.startswith(("huey_", "fts_")))


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Write our own column types as plain ones: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Rebuilding a parent table with this on would delete every child row. It cannot be changed in a transaction.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        render_item=render_item,
        render_as_batch=sqlite,
        transactional_ddl=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        if sqlite:
            context.run_migrations()
            _check_foreign_keys(connection)
        else:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
            context.run_migrations()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise RuntimeError(f"the migration would leave rows that point nowhere, in: {tables}")


def run_alone() -> None:
    engine = create_engine(**engine_options(Settings.from_env(os.environ).migration_database_url))
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    with engine.connect() as connection:
        run(connection)


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    run_alone()
