from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.account.passwords import is_password
from app.database import read_transaction
from cases.models.staff import Role, StaffUser
from tests.app.commands.running import run
from tests.app.doors import PASSWORD, sign_in


def add(app: Flask, *more: str, email: str = "Sam@Example.org", typed: str = PASSWORD) -> Result:
    return run(app, "users", "add", "--email", email, "--name", "Sam Example", *more, typed=typed + "\n")


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


def test_a_new_password_replaces_the_old_one_and_ends_sessions(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    add(fresh, "--role", "agent", "--authority", "front-desk")
    result = run(fresh, "users", "password", "--email", "sam@example.org", typed="nine yellow teapots\n")
    assert result.exit_code == 0, result.output
    assert "teapots" not in result.output
    with fresh.app_context(), read_transaction() as session:
        staff = session.scalars(select(StaffUser)).one()
        assert is_password("nine yellow teapots", staff.password_hash)
        assert staff.session_epoch == 1


def test_a_closed_account_cannot_be_used(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    add(fresh, "--role", "agent", "--authority", "front-desk")
    assert run(fresh, "users", "close", "--email", "sam@example.org").exit_code == 0
    assert sign_in(fresh.test_client(), email="sam@example.org").status_code == 422


def test_an_unknown_address_is_named(fresh: Flask) -> None:
    run(fresh, "db", "upgrade")
    assert "is not a member of staff" in run(fresh, "users", "close", "--email", "ghost@example.org").output
