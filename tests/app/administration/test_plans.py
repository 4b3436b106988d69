"""An administrator rehearses a plan, gives it its day, and undoes it; old references and links go on working."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.config import Settings
from app.database import read_transaction, write_transaction
from app.worker import Worker
from cases.models.audit import AuditEntry
from cases.models.case import Case
from cases.models.staff import Role
from tests.app.casework.conftest import ASHFIELD, Made, NewCase, SignedIn, app, new_case, officer
from tests.app.conftest import StandingClock
from tests.app.doors import token

PLAN = "/staff/plans/nottinghamshire-1e"
MIDNIGHT = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)  # the first of April in London
SHERWOOD = "E06000912"
__all__ = ["app", "new_case", "officer"]


@pytest.fixture
def chief(officer: SignedIn) -> FlaskClient:
    """An administrator of the whole partnership."""
    return officer(None, role=Role.ADMINISTRATOR, name="Chief Example")


def give_day(client: FlaskClient, day: str = "1 4 2027", **typed: str) -> TestResponse:
    data = {"csrf_token": token(client.get(PLAN)), "day": day.split(), "reason": "The order was made", "confirmed": "y"}
    return client.post(f"{PLAN}/day", data=data | typed)


def send(client: FlaskClient, action: str, reason: str) -> TestResponse:
    return client.post(f"{PLAN}/{action}", data={"csrf_token": token(client.get(PLAN)), "reason": reason})


def sweep(app: Flask, clock: StandingClock, at: datetime) -> None:
    worker = Worker(app)
    for step in range(3):
        clock.time = at + timedelta(seconds=10 * step)
        worker.sweep()


def council_of(app: Flask, case: Made) -> str | None:
    with app.app_context(), read_transaction() as session:
        return session.get_one(Case, case.id).authority_gss


def signed_in_again(client: FlaskClient, email: str = "chief.example@example.org") -> FlaskClient:
    """Months later the session has ended."""
    from tests.app.doors import sign_in

    assert sign_in(client, email=email).status_code == 302
    return client


def test_the_list_says_how_each_plan_stands(chief: FlaskClient) -> None:
    page = chief.get("/staff/plans").text
    assert "proposal 1e" in page and "Rehearsal only" in page and "Marked as a rehearsal" in page


def test_a_rehearsal_says_what_would_move_where_and_what_cannot_be_told(
    app: Flask, chief: FlaskClient, new_case: NewCase
) -> None:
    pothole, lost = new_case(), new_case(text="Another")
    with app.app_context(), write_transaction() as session:
        session.get_one(Case, lost.id).place_id = None
    page = chief.get(PLAN).text
    assert "2 of 2 would move" in page
    assert "Nottinghamshire County Council" in page and "Sherwood Forest Council" in page
    reference = pothole.reference
    assert f"{reference[:4]}-{reference[4:8]}-{reference[8:]}" in page
    assert "For 1 case it cannot be told" in page
    assert "provisional code E06000912" in page
    assert council_of(app, pothole) == "E10000024"


def test_what_was_typed_wrongly_comes_back_with_its_field(chief: FlaskClient) -> None:
    answer = give_day(chief, "20 11 2026")
    assert answer.status_code == 422
    assert "Choose a day after today" in answer.text
    assert "The order was made" in answer.text
    assert "Say why" in give_day(chief, reason="").text
    unconfirmed = chief.post(
        f"{PLAN}/day", data={"csrf_token": token(chief.get(PLAN)), "day": ["1", "4", "2027"], "reason": "Decided"}
    )
    assert (unconfirmed.status_code, "Confirm that you have checked" in unconfirmed.text) == (422, True)


@pytest.mark.parametrize("day", ["31 2 2027", "", "x y z", "1 4 99999"])
def test_a_day_that_is_none_is_refused(chief: FlaskClient, day: str) -> None:
    assert give_day(chief, day).status_code == 422


def test_from_its_day_to_its_undoing(
    app: Flask, client: FlaskClient, clock: StandingClock, chief: FlaskClient, new_case: NewCase
) -> None:
    case = new_case("missed-bin", council=None)
    assert council_of(app, case) == ASHFIELD
    assert client.get("/councils/sherwood-forest").status_code == 404
    assert give_day(chief).status_code == 303
    assert "Planned for 1 April 2027" in chief.get("/staff/plans").text
    assert "ended on" not in client.get("/councils/ashfield").text

    sweep(app, clock, MIDNIGHT - timedelta(seconds=21))
    assert council_of(app, case) == ASHFIELD
    sweep(app, clock, MIDNIGHT)
    assert council_of(app, case) == SHERWOOD

    page = client.get("/track")
    data = {"csrf_token": token(page), "reference": case.reference, "pin": case.pin or ""}
    assert client.post("/track", data=data).location == "/track/case"
    tracked = client.get("/track/case").text
    assert "Councils changed: Sherwood Forest Council has it now" in tracked

    old = client.get("/councils/ashfield").text
    assert "It is now part of" in old and 'href="/councils/sherwood-forest"' in old
    assert client.get("/councils/sherwood-forest").status_code == 200
    county = client.get("/councils/nottinghamshire").text
    assert "Greater Nottingham Council" in county and "Find your council by postcode" in county
    front = client.get("/find-your-council?postcode=NG15 7QL").text
    assert "One council does everything" in front and "Sherwood Forest Council" in front

    signed_in_again(chief)
    plan = chief.get(PLAN).text
    assert "In force" in plan and "Open cases under the old names and the new" in plan
    assert send(chief, "undo", "A court has quashed it").status_code == 303
    sweep(app, clock, MIDNIGHT + timedelta(minutes=1))
    assert council_of(app, case) == ASHFIELD
    assert "It is now part of" not in client.get("/councils/ashfield").text
    after = chief.get(PLAN).text
    assert "Undone" in after and "A court has quashed it" in after
    with app.app_context(), read_transaction() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_kind == "reorganisation-plan").order_by(AuditEntry.id)
        ).all()
    assert actions == ["plan-reorganisation", "begin-reorganisation", "undone"]


def test_another_process_knows_of_the_plan_at_once(
    chief: FlaskClient, settings: Settings, make_app: Callable[[Settings], Flask], clock: StandingClock
) -> None:
    other = make_app(settings).test_client()
    assert other.get("/councils/ashfield").status_code == 200
    give_day(chief)
    clock.time = MIDNIGHT
    assert "It is now part of" in other.get("/councils/ashfield").text


def test_it_can_be_called_off_before_its_day_only(app: Flask, chief: FlaskClient, clock: StandingClock) -> None:
    give_day(chief)
    assert "Undo it" not in chief.get(PLAN).text
    assert send(chief, "undo", "Too early").status_code == 409
    assert send(chief, "call-off", "It was not made after all").status_code == 303
    assert "Rehearsal only" in chief.get("/staff/plans").text
    assert send(chief, "call-off", "Again").status_code == 409
    assert give_day(chief, "2 4 2027").status_code == 303


def test_a_council_s_administrator_sees_its_own_cases_and_changes_nothing(
    officer: SignedIn, new_case: NewCase, app: Flask
) -> None:
    new_case()  # the county's
    new_case("missed-bin", council=None)
    ashfield = officer(ASHFIELD, role=Role.ADMINISTRATOR, name="Own Example")
    page = ashfield.get(PLAN).text
    assert "1 of 1 would move" in page and "Give it its day" not in page
    data = {"csrf_token": token(ashfield.get(PLAN)), "day": ["1", "4", "2027"], "reason": "Mine", "confirmed": "y"}
    assert ashfield.post(f"{PLAN}/day", data=data).status_code == 403


def test_an_officer_has_no_business_there(officer: SignedIn) -> None:
    assert officer().get("/staff/plans").status_code == 403


@pytest.mark.parametrize("path", ["/staff/plans/no-such-plan", "/staff/plans/%20"])
def test_a_plan_that_is_none_is_not_found(chief: FlaskClient, path: str) -> None:
    assert chief.get(path).status_code == 404
