"""The releases' own migrations, on each database, with rows in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, func, inspect, select, text
from sqlalchemy.pool import NullPool

from app import create_app, migration, wiring
from app.config import Settings
from app.database import write_transaction
from app.extensions import db
from cases.orm import Base


@pytest.fixture
def settings(tmp_path: Path, empty_database_url: str) -> Settings:
    return Settings.from_env({"SHIREHALL_HOME": str(tmp_path), "DATABASE_URL": empty_database_url})


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = create_engine(settings.database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


def fill(settings: Settings) -> None:
    """Rows as ``db upgrade`` leaves them: councils, queues and offices."""
    app = create_app(settings)
    with app.app_context():
        with write_transaction() as session:
            wiring.after_upgrade(session)
        db.engine.dispose()


def count_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        counts = {
            name: connection.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
    return {name: count for name, count in counts.items() if count}


def revisions() -> list[str]:
    """Oldest first."""
    script = ScriptDirectory.from_config(migration.alembic_config())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def test_models_and_migrations_say_the_same(settings: Settings, engine: Engine) -> None:
    migration.upgrade(settings)
    with engine.connect() as connection:
        command.check(migration.alembic_config(connection))


def test_each_migration_can_be_undone_and_done_again_with_rows_in_the_tables(
    settings: Settings, engine: Engine
) -> None:
    migration.upgrade(settings)
    fill(settings)
    before = count_rows(engine)
    assert before["authorities"] == 9
    for earlier in revisions()[-2::-1]:  # every step but the first, which makes the tables
        migration.downgrade(settings, earlier)
        migration.upgrade(settings)
        assert count_rows(engine) == before


def test_going_back_to_nothing_leaves_nothing(settings: Settings, engine: Engine) -> None:
    migration.upgrade(settings)
    fill(settings)
    migration.downgrade(settings, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migration.upgrade(settings)
    with engine.connect() as connection:
        assert migration.current_revision(connection) == migration.head_revision()


def test_upgrading_twice_changes_nothing(settings: Settings, engine: Engine) -> None:
    migration.upgrade(settings)
    fill(settings)
    before = count_rows(engine)
    migration.upgrade(settings)
    fill(settings)
    assert count_rows(engine) == before


def test_the_jobs_own_tables_are_left_alone(settings: Settings, engine: Engine) -> None:
    migration.upgrade(settings)
    with engine.begin() as connection:
        connection.execute(text("create table huey_kv (queue varchar(9), key varchar(9))"))
    with engine.connect() as connection:
        command.check(migration.alembic_config(connection))


def test_a_revision_is_named_like_its_file() -> None:
    script = ScriptDirectory.from_config(migration.alembic_config())
    for revision in script.walk_revisions():
        assert Path(revision.path).stem == revision.revision
        assert revision.doc.strip(), "a migration says why"


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(migration.alembic_config()).get_heads()) == 1
