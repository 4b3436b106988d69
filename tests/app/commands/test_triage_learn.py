"""``flask triage-learn`` from end to end, with one real training: learn, compare, adopt, restart, go back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.config import Settings
from app.database import write_transaction
from app.wiring import after_upgrade, the_kit
from cases.actions.given import NewContact, NewMatter
from cases.actions.record_contact import record_contact
from cases.actions.settle_by_key import settle_by_key
from cases.models.contact import Channel
from cases.models.staff import Role
from cases.triage.decision import Enquiry
from tests.app.commands.running import run
from tests.app.doors import NOON

SAID = ("our blorple has quendor", "blorple quendor here once more", "blorple has quendor by us")
ASKED = "blorple quendor at ours"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)
    return app


def settle(app: Flask, staff_id: int, *texts: str) -> None:
    """Somebody at the front desk says that each of them is about an allotment."""
    with app.app_context(), write_transaction() as session:
        for text in texts:
            contact = NewContact(channel=Channel.WEB, matters=(NewMatter(text=text),), received_at=NOON)
            (result,) = record_contact(session, the_kit(), contact, now=NOON).results
            assert result.case is not None
            settle_by_key(session, the_kit(), result.case, staff_id, "allotments", NOON)


def understood(app: Flask) -> tuple[str, str]:
    """What the words mean first, and the version that says so."""
    with app.app_context():
        triage = the_kit().triage
        decision = triage.best(Enquiry(on=date(2026, 11, 20), text=ASKED))
        return triage.understanding.read(ASKED).candidates[0].slug, decision.data_version


def test_there_is_nothing_to_learn_from_what_one_person_said_once(app: Flask, add_staff: Callable[..., int]) -> None:
    assert "nothing to learn" in run(app, "triage-learn").output
    settle(app, add_staff(role=Role.AGENT), SAID[0])
    result = run(app, "triage-learn", "--adopt")
    assert (result.exit_code, "nothing to learn" in result.output) == (0, True)
    assert "nothing to go back from" in run(app, "triage-learn", "--roll-back").output


def test_it_learns_shows_the_change_is_adopted_at_the_next_start_and_rolled_back(
    app: Flask, settings: Settings, make_app: Callable[[Settings], Flask], add_staff: Callable[..., int]
) -> None:
    before = understood(app)
    settle(app, add_staff(role=Role.AGENT), *SAID)
    result = run(app, "triage-learn", "--adopt")
    assert result.exit_code == 0, result.output
    assert "allotments: 3 corrections" in result.output
    assert result.output.index("Before:") < result.output.index("After:") < result.output.index("Adopted")
    assert result.output.count("service at 1") == 2
    assert understood(app) == before, "a running process goes on as it was"

    restarted = understood(make_app(settings))
    assert restarted[0] == "allotments"
    assert restarted[1] != before[1], "each decision names what understood it"

    assert "Gone back" in run(app, "triage-learn", "--roll-back").output
    assert understood(make_app(settings)) == before
