"""``flask db``: the database's tables."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app import migration, wiring
from app.config import Settings
from app.database import write_transaction
from app.extensions import db

cli = AppGroup("db", help="The database's tables.")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@cli.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to this release (or to REVISION). May be run at any time, also twice."""
    migration.upgrade(_settings(), revision)
    if revision == "head":
        with write_transaction() as session:
            wiring.after_upgrade(session)
    _say_where()


@cli.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the tables back to REVISION (-1: one step; base: nothing left)."""
    migration.downgrade(_settings(), revision)
    _say_where()


@cli.command()
def current() -> None:
    """Say which revision the tables have, and which this release wants."""
    _say_where()


def _say_where() -> None:
    with db.engine.connect() as connection:
        here = migration.current_revision(connection)
    head = migration.head_revision()
    if here == head:
        click.echo(f"The database is up to date: {here or 'no tables yet'}.")
    else:
        click.echo(f"The database is at {here or 'nothing'}; this release wants {head}. Run: flask db upgrade")
