"""The front desk settles one case after another, each by one key press."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import read_transaction
from cases.models.case import Case, Outcome, TriageDecision
from cases.models.staff import Role
from tests.app.casework.conftest import ASHFIELD, Made, NewCase, SignedIn
from tests.app.casework.pages import fields_of

PAGE = "/staff/queues/front-desk/settle"
VAGUE, OTHER = "blorple has quendor", "that thing we spoke of happened once more"


@pytest.fixture
def desk(officer: SignedIn) -> FlaskClient:
    return officer(None, role=Role.AGENT, name="Dee Desk")


def unclear(new_case: NewCase, text: str = VAGUE, **given: object) -> Made:
    return new_case(None, text=text, council=None, **given)


def press(client: FlaskClient, choice: str, page: TestResponse | None = None) -> TestResponse:
    return client.post(PAGE, data=fields_of(page or client.get(PAGE), "/settle") | {"choice": choice})


def choices(page: TestResponse) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)" data-key="[1-5]"', page.text)


def read(app: Flask, case: Made) -> tuple[str | None, str, Outcome | None]:
    """Its service, queue and outcome."""
    with app.app_context(), read_transaction() as session:
        kept = session.get_one(Case, case.id)
        return kept.service_slug, kept.queue.slug, kept.outcome


def test_it_shows_what_was_said_the_choices_how_sure_and_who_would_get_it(
    desk: FlaskClient, new_case: NewCase
) -> None:
    unclear(new_case)
    page = desk.get(PAGE)
    assert VAGUE in page.text
    assert 1 <= len(choices(page)) <= 5
    words = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert re.search(r"(guess|sure) \(\d+%\)", words)
    assert "Goes to" in words or "Stays here" in words or "A job for" in words
    assert 'data-key="n"' in page.text and 'data-key="l"' in page.text


def test_one_press_settles_it_and_the_next_oldest_follows(app: Flask, desk: FlaskClient, new_case: NewCase) -> None:
    first, second = unclear(new_case), unclear(new_case, OTHER)
    answer = press(desk, "pothole")
    assert answer.location.endswith(PAGE)
    following = desk.get(answer.location).text
    assert "Nottinghamshire County Council has the case now" in following
    assert OTHER in following
    assert read(app, first) == ("pothole", "nottinghamshire-highways", None)
    assert read(app, second) == (None, "front-desk", None)
    with app.app_context(), read_transaction() as session:
        row = session.scalars(select(TriageDecision).order_by(TriageDecision.id.desc())).first()
        assert row is not None and row.decided_by_id is not None
        assert (row.case_id, row.correction_code, row.service_slug) == (first.id, "settled", "pothole")


def test_what_still_lacks_a_place_waits_with_its_question_and_is_not_shown_again(
    app: Flask, desk: FlaskClient, new_case: NewCase
) -> None:
    case = unclear(new_case, OTHER, place=None)
    answer = press(desk, "pothole")
    assert "Where is the pothole?" in desk.get(answer.location).text
    assert read(app, case) == ("pothole", "front-desk", None)
    assert "Nothing is left to settle" in desk.get(PAGE).text


def test_n_closes_what_asks_for_nothing_without_a_word(app: Flask, desk: FlaskClient, new_case: NewCase) -> None:
    case = unclear(new_case)
    press(desk, "nothing")
    assert read(app, case)[2] is Outcome.NO_ACTION


def test_another_bodys_work_closes_it_as_not_ours(app: Flask, desk: FlaskClient, new_case: NewCase) -> None:
    case = unclear(new_case)
    agency = next(iter(app.extensions["kit"].catalogue.agencies))
    press(desk, agency)
    assert read(app, case)[2] is Outcome.NOT_OURS


def test_two_at_once_settle_it_once_and_the_second_gets_the_next(
    app: Flask, desk: FlaskClient, officer: SignedIn, new_case: NewCase
) -> None:
    case, _ = unclear(new_case), unclear(new_case, OTHER)
    other = officer(None, role=Role.AGENT, name="Dan Desk")
    mine, theirs = desk.get(PAGE), other.get(PAGE)
    assert press(other, "pothole", theirs).status_code == 302
    late = press(desk, "missed-bin", mine)
    assert late.status_code == 409
    assert "Somebody else has settled that case" in late.text
    assert OTHER in late.text
    assert read(app, case)[0] == "pothole"


def test_later_shows_the_one_behind_it(desk: FlaskClient, new_case: NewCase) -> None:
    unclear(new_case)
    unclear(new_case, OTHER)
    page = desk.get(PAGE).text
    later = re.search(r'href="([^"]+settle\?after=\d+)"', page)
    assert later
    assert OTHER in desk.get(later[1]).text


def test_what_is_no_choice_is_refused(desk: FlaskClient, new_case: NewCase) -> None:
    unclear(new_case)
    assert press(desk, "no-such-thing").status_code == 422


def test_it_is_the_front_desks_alone(officer: SignedIn, new_case: NewCase) -> None:
    unclear(new_case)
    ben = officer(ASHFIELD)
    assert ben.get(PAGE).status_code == 404
