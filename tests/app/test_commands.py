from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.account.passwords import is_password
from app.config import Settings
from app.database import read_transaction
from cases.models.staff import Role, StaffUser
from tests.app.doors import PASSWORD


def run(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)


@pytest.fixture
def fresh(settings: Settings) -> Flask:
    return create_app(settings)


def add(app: Flask, *more: str, email: str = "Sam@Example.org", typed: str = PASSWORD) -> Result:
    return run(app, "users", "add", "--email", email, "--name", "Sam Example", *more, typed=typed + "\n")


def test_tables_go_up_down_and_up_again(fresh: Flask) -> None:
    for words in (["upgrade"], ["upgrade"], ["downgrade", "base"], ["upgrade"]):
        assert run(fresh, "db", *words).exit_code == 0, words
    assert "up to date" in run(fresh, "db", "current").output


def test_an_empty_database_is_told_what_to_run(fresh: Flask) -> None:
    assert "Run: flask db upgrade" in run(fresh, "db", "current").output


def test_upgrading_fills_in_the_councils(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    assert add(fresh, "--role", "officer", "--authority", "ashfield").exit_code == 0


@pytest.mark.parametrize("authority", ["ashfield", "E07000170", "e07000170"])
def test_a_member_of_staff_is_added_with_a_hashed_password(fresh: Flask, authority: str) -> None:
    run(fresh, "db", "upgrade")
    result = add(fresh, "--role", "officer", "--authority", authority)
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    with fresh.app_context(), read_transaction() as session:
        staff = session.scalars(select(StaffUser)).one()
        assert staff.email == "sam@example.org"
        assert is_password(PASSWORD, staff.password_hash)
        assert [(a.role, a.authority_gss) for a in staff.appointments] == [(Role.OFFICER, "E07000170")]


def test_front_desk_staff_belong_to_no_council(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    assert add(fresh, "--role", "agent", "--authority", "front-desk").exit_code == 0
    with fresh.app_context(), read_transaction() as session:
        assert session.scalars(select(StaffUser)).one().appointments[0].authority_gss is None


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["--role", "agent", "--authority", "rutland"], PASSWORD, "There is no council rutland"),
        (["--role", "officer", "--authority", "front-desk"], PASSWORD, "works for a council"),
        (["--role", "agent", "--authority", "front-desk"], "short", "Use at least 12 characters"),
        (["--role", "wizard", "--authority", "front-desk"], PASSWORD, "wizard"),
        (["--role", "counter", "--authority", "ashfield", "--office", "nowhere"], PASSWORD, "no office nowhere"),
    ],
)
def test_a_mistake_is_named_and_nobody_is_added(fresh: Flask, words: list[str], typed: str, said: str) -> None:
    run(fresh, "db", "upgrade")
    result = add(fresh, *words, typed=typed)
    assert result.exit_code != 0
    assert said in result.output
    with fresh.app_context(), read_transaction() as session:
        assert session.scalars(select(StaffUser)).all() == []


def test_the_same_address_cannot_be_added_twice(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    add(fresh, "--role", "agent", "--authority", "front-desk")
    again = add(fresh, "--role", "agent", "--authority", "front-desk", email="sam@example.ORG")
    assert again.exit_code == 1
    assert "already a member of staff" in again.output


def test_every_command_module_offers_a_command() -> None:
    folder = Path(__file__).parents[2] / "app" / "commands"
    for path in folder.glob("[a-z]*.py"):
        assert "\ncli" in path.read_text() or "\ndef cli" in path.read_text(), path.name
