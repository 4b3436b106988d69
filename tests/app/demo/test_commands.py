from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.database import read_transaction, write_transaction
from app.demo.loading import FACT
from cases.models.case import Case
from cases.models.messages import Fact
from cases.models.staff import StaffUser


@pytest.fixture(params=["sqlite"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """What the commands refuse is the same on both; that they load on both is tested beside."""
    return str(request.param)


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["demo", *args])
    return result.exit_code, result.output


def everything(app: Flask) -> list[tuple[str, str | None, str, str]]:
    with app.app_context(), read_transaction() as session:
        found = session.scalars(select(Case).order_by(Case.id))
        return [(c.reference, c.service_slug, c.status.value, c.received_at.isoformat()) for c in found]


def test_loading_twice_says_so_and_resetting_on_the_same_day_gives_the_same(app: Flask, quick_hashes: None) -> None:
    assert run(app, "load")[0] == 0
    first = everything(app)
    code, said = run(app, "load")
    assert code == 0 and "loaded already" in said
    assert everything(app) == first
    assert run(app, "reset", "--yes")[0] == 0
    assert everything(app) == first


def test_reset_asks_first(app: Flask) -> None:
    with app.app_context(), write_transaction() as session:
        session.add(Fact(name=FACT, value={"cases": 0}))
    result = app.test_cli_runner().invoke(args=["demo", "reset"], input="n\n")
    assert result.exit_code == 1
    with app.app_context(), read_transaction() as session:
        assert session.get(Fact, FACT) is not None


@pytest.fixture
def app_with_a_real_case(app: Flask) -> Iterator[Flask]:
    from cases.actions.given import NewContact, NewMatter
    from cases.actions.record_contact import record_contact
    from cases.actions.sync_register import sync_register
    from cases.models.contact import Channel
    from tests.app.doors import NOON

    with app.app_context(), write_transaction() as session:
        kit = app.extensions["kit"]
        sync_register(session, kit.register, kit.catalogue)
        record_contact(session, kit, NewContact(Channel.WEB, (NewMatter("A hole", "pothole"),), NOON), now=NOON)
    yield app


@pytest.mark.parametrize("command", [("load",), ("reset", "--yes")])
def test_cases_that_may_be_real_are_never_touched(app_with_a_real_case: Flask, command: tuple[str, ...]) -> None:
    before = everything(app_with_a_real_case)
    code, said = run(app_with_a_real_case, *command)
    assert code == 1 and "nothing was" in said
    assert everything(app_with_a_real_case) == before != []


def test_staff_who_may_be_real_are_not_deleted(app: Flask, add_staff: Callable[..., int]) -> None:
    add_staff()
    code, said = run(app, "reset", "--yes")
    assert code == 1 and "nothing was deleted" in said
    with app.app_context(), read_transaction() as session:
        assert session.scalars(select(StaffUser.email)).all() == ["ada@example.org"]


@pytest.mark.parametrize("command", [("load",), ("reset", "--yes")])
def test_production_settings_refuse_it(
    make_app: Callable[[Settings], Flask], tmp_path: Path, database_url: str, command: tuple[str, ...]
) -> None:
    app = make_app(production(tmp_path, database_url))
    code, said = run(app, *command)
    assert code == 1 and "production" in said


def production(home: Path, url: str) -> Settings:
    return Settings.from_env(
        {
            "SHIREHALL_HOME": str(home),
            "DATABASE_URL": url,
            "PUBLIC_BASE_URL": "https://help.example.org",
            "SECRET_KEY": "k" * 40,
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": "AC0",
            "TWILIO_AUTH_TOKEN": "t",
            "TWILIO_NUMBER": "+441154960000",
        }
    )


def test_whom_to_sign_in_as_is_said(app: Flask) -> None:
    code, said = run(app, "sign-ins")
    assert code == 0 and "megan@demo.example.org" in said and "front-door-demo" in said
