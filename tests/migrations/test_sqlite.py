"""SQLite changes a table by making it anew; its children must not fall with the old one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from app.database import prepare_sqlite
from app.migration import alembic_config, current_revision

HEAD = """
import sqlalchemy as sa
from alembic import op
revision = "{name}"
down_revision = {before!r}
def upgrade():
    {upgrade}
"""
FIRST = """
    op.execute("create table parents (id integer primary key, name text)")
    op.execute("create table children (parent_id integer not null references parents (id) on delete cascade)")
    op.execute("insert into parents values (1, 'a')")
    op.execute("insert into children values (1)")
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/x.sqlite3", poolclass=NullPool)
    prepare_sqlite(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def upgrade(tmp_path: Path, engine: Engine) -> Callable[[str], None]:
    """Runs the first migration, then one with this body, through the project's own ``env.py``."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    shutil.copy(Path(__file__).parents[2] / "migrations" / "env.py", folder)

    def run(body: str) -> None:
        steps = {"0001": HEAD.format(name="0001", before=None, upgrade=FIRST.strip())}
        steps["0002"] = HEAD.format(name="0002", before="0001", upgrade=body)
        for name, step in steps.items():
            (folder / "versions" / f"{name}.py").write_text(step)
            with engine.connect() as connection:
                config = alembic_config(connection)
                config.set_main_option("script_location", str(folder))
                command.upgrade(config, name)

    return run


def count_children(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from children")) or 0


def test_a_parent_table_made_anew_keeps_its_children(engine: Engine, upgrade: Callable[[str], None]) -> None:
    upgrade("with op.batch_alter_table('parents', recreate='always') as t: t.add_column(sa.Column('age', sa.Integer))")
    assert count_children(engine) == 1


def test_a_migration_that_leaves_orphans_is_undone(engine: Engine, upgrade: Callable[[str], None]) -> None:
    with pytest.raises(RuntimeError, match="point nowhere, in: children"):
        upgrade("op.execute('delete from parents')")
    with engine.connect() as connection:
        assert current_revision(connection) == "0001"
        assert connection.scalar(text("select count(*) from parents")) == 1


def test_a_migration_that_fails_half_way_leaves_nothing(engine: Engine, upgrade: Callable[[str], None]) -> None:
    with pytest.raises(ZeroDivisionError):
        upgrade("op.execute('create table half (id integer)'); 1 / 0")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from sqlite_master where name = 'half'")) == 0
        assert current_revision(connection) == "0001"
