"""A rule put in force is applied by every process from its next request on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.config import Settings
from app.database import write_transaction
from app.extensions import db
from app.wiring import the_kit
from cases.models.rules import RuleChange, RuleState, RuleSubject
from cases.triage import Enquiry
from tests.app.conftest import StandingClock
from tests.app.doors import NOON
from tests.cases.places import ASHFIELD, COUNTY

AddStaff = Callable[..., int]
TODAY = NOON.date()
DISTRICT_POTHOLES = {"tier": "district"}


@pytest.fixture
def put_in_force(app: Flask, add_staff: AddStaff) -> Callable[..., None]:
    staff_id = add_staff()

    def put(number: int, slug: str, after: dict[str, Any], starts_on: date = date(2026, 1, 1)) -> None:
        with app.app_context(), write_transaction() as session:
            session.add(
                RuleChange(
                    subject=RuleSubject.SERVICE,
                    subject_slug=slug,
                    state=RuleState.IN_FORCE,
                    number=number,
                    after=after,
                    starts_on=starts_on,
                    drafted_by_id=staff_id,
                    drafted_at=NOON,
                    updated_at=NOON,
                )
            )

    return put


def decided(app: Flask, service: str = "pothole", on: date = TODAY, text: str = "") -> tuple[str | None, str]:
    """Whose job it is in Ashfield, and the version of the rules."""
    with app.app_context():
        decision = the_kit().triage.best(Enquiry(on=on, service=service or None, text=text, district=ASHFIELD))
        return decision.authority.gss if decision.authority else None, decision.data_version


def test_a_change_in_force_is_applied_from_the_next_request_on(app: Flask, put_in_force: Callable[..., None]) -> None:
    before, files = decided(app)
    put_in_force(7, "pothole", DISTRICT_POTHOLES)
    assert before == COUNTY
    assert decided(app) == (ASHFIELD, f"{files}.r7")


def test_another_process_sees_it_too(
    app: Flask, settings: Settings, make_app: Callable[[Settings], Flask], put_in_force: Callable[..., None]
) -> None:
    other = make_app(settings)
    decided(other)
    put_in_force(1, "pothole", DISTRICT_POTHOLES)
    assert decided(other)[0] == ASHFIELD


def test_a_change_begins_on_its_day_and_leaves_the_days_before_alone(
    app: Flask, clock: StandingClock, put_in_force: Callable[..., None]
) -> None:
    day = TODAY.replace(year=TODAY.year + 1)
    put_in_force(1, "pothole", DISTRICT_POTHOLES, day)
    assert decided(app)[0] == COUNTY
    assert decided(app, on=day)[0] == ASHFIELD
    clock.advance(days=366)
    with app.app_context():
        assert the_kit().catalogue.services["pothole"].tier == "district"
    assert decided(app)[0] == COUNTY


def test_words_taught_by_hand_are_understood_at_once(app: Flask, put_in_force: Callable[..., None]) -> None:
    words = "wibbly jitty"
    with app.app_context():
        assert the_kit().triage.best(Enquiry(on=TODAY, text=words)).service is None
    put_in_force(1, "pothole", {"words": [words]})
    assert decided(app, "", text=words)[0] == COUNTY


@pytest.mark.parametrize("words", ["xkcdq", "My bin is full of snow", "compliment the crew"])
def test_words_taught_by_hand_win_over_what_was_learned(
    app: Flask, put_in_force: Callable[..., None], words: str
) -> None:
    put_in_force(1, "pothole", {"words": [words.lower()]})
    with app.app_context():
        [decision] = the_kit().triage.decide(Enquiry(on=TODAY, text=f"{words}!", district=ASHFIELD))
    assert decision.service and decision.service.slug == "pothole"


def test_words_taught_for_two_services_are_asked_about(app: Flask, put_in_force: Callable[..., None]) -> None:
    for number, slug in enumerate(("pothole", "missed-bin"), 1):
        put_in_force(number, slug, {"words": ["wibbly jitty"]})
    with app.app_context():
        decision = the_kit().triage.best(Enquiry(on=TODAY, text="wibbly jitty", district=ASHFIELD))
    assert decision.needs == ("service",)
    assert {c.slug for c in decision.candidates[:2]} == {"pothole", "missed-bin"}


def test_without_its_database_the_site_goes_on_by_the_rules_of_the_files(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    app = make_app(settings)
    with app.app_context():
        db.engine.dispose()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE rule_changes")
    assert decided(app)[0] == COUNTY
