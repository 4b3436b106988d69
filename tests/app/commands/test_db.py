from __future__ import annotations

from flask import Flask

from app.database import read_transaction
from cases.models.authority import Authority
from tests.app.commands.running import run


def test_tables_go_up_down_and_up_again(fresh: Flask) -> None:
    for words in (["upgrade"], ["upgrade"], ["downgrade", "base"], ["upgrade"]):
        assert run(fresh, "db", *words).exit_code == 0, words
    assert "up to date" in run(fresh, "db", "current").output


def test_an_empty_database_is_told_what_to_run(fresh: Flask) -> None:
    assert "Run: flask db upgrade" in run(fresh, "db", "current").output


def test_upgrading_fills_in_the_councils(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    with fresh.app_context(), read_transaction() as session:
        assert session.get_one(Authority, "E07000170").slug == "ashfield"
