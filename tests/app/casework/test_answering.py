"""Councils answer hand-overs on the case page; the front desk's supervisors decide where they do not agree."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import read_transaction, write_transaction
from app.worker import ROUNDS
from cases.models.case import Case
from cases.models.handover import Arbitration
from cases.models.staff import Role
from tests.app.casework.conftest import ASHFIELD, COUNTY, Made, NewCase, SignedIn
from tests.app.casework.pages import fields_of, send
from tests.app.conftest import StandingClock

MANSFIELD = "E07000174"
YOURS = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "It is a car park of yours"}
NOT_OURS = {"reason": "not-our-area", "words": "The car park is private"}


@pytest.fixture
def case(new_case: NewCase, app: Flask) -> Made:
    made = new_case()
    with app.app_context(), write_transaction() as session:
        session.get_one(Case, made.id).is_urgent = False
    return made


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def refuse_twice(officer: SignedIn, case: Made) -> None:
    county = officer(name="Cal County")
    send(county, case.path, "/hand-over", f"{case.path}/hand-over", **YOURS)
    send(officer(ASHFIELD, name="Ben Officer"), case.path, "/refuse", f"{case.path}/refuse", **NOT_OURS)
    send(county, case.path, "/hand-over", f"{case.path}/hand-over", **YOURS | {"queue": "mansfield-streets"})
    send(officer(MANSFIELD, name="Mia Officer"), case.path, "/refuse", f"{case.path}/refuse", **NOT_OURS)


def test_the_receiver_sees_by_when_to_answer_and_accepts(officer: SignedIn, case: Made) -> None:
    send(officer(), case.path, "/hand-over", f"{case.path}/hand-over", **YOURS)
    ben = officer(ASHFIELD, name="Ben Officer")
    page = text_of(ben.get(case.path).text)
    assert "Handed over by Nottinghamshire County Council, not yet accepted" in page
    assert "23 November 2026 at 5pm" in page
    assert case.reference[:4] in ben.get("/staff/hand-overs").text
    assert "Hand-overs to accept or refuse (1)" in text_of(ben.get("/staff/").text)
    assert send(ben, case.path, "/accept").location.endswith(case.path)
    assert "not yet accepted" not in ben.get(case.path).text
    assert "Nothing waits for your answer" in ben.get("/staff/hand-overs").text


def test_a_refused_case_is_back_with_its_reason(officer: SignedIn, case: Made) -> None:
    county = officer()
    send(county, case.path, "/hand-over", f"{case.path}/hand-over", **YOURS)
    ben = officer(ASHFIELD, name="Ben Officer")
    answer = send(ben, case.path, "/refuse", f"{case.path}/refuse", **NOT_OURS)
    assert answer.location.endswith("/staff/queues/ashfield-streets")
    assert ben.get(case.path).status_code == 404
    page = text_of(county.get(case.path).text)
    assert "Refused by Ashfield District Council, and back with you" in page
    assert "the place is not in our area" in page
    assert "The car park is private" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [(NOT_OURS | {"reason": ""}, "Choose a reason"), (NOT_OURS | {"words": " "}, "Say why")],
    ids=["no reason", "no words"],
)
def test_a_refusal_needs_its_reason(officer: SignedIn, case: Made, typed: dict[str, str], says: str) -> None:
    send(officer(), case.path, "/hand-over", f"{case.path}/hand-over", **YOURS)
    ben = officer(ASHFIELD, name="Ben Officer")
    answer = send(ben, case.path, "/refuse", f"{case.path}/refuse", **typed)
    assert answer.status_code == 422
    assert says in answer.text


def test_two_who_answer_at_once_are_told(officer: SignedIn, case: Made) -> None:
    send(officer(), case.path, "/hand-over", f"{case.path}/hand-over", **YOURS)
    ben, bea = officer(ASHFIELD, name="Ben Officer"), officer(ASHFIELD, name="Bea Officer")
    opened = ben.get(f"{case.path}/refuse")
    send(bea, case.path, "/accept")
    answer = ben.post(f"{case.path}/refuse", data=fields_of(opened, "/refuse") | NOT_OURS)
    assert answer.status_code == 409
    assert "Accepted" in answer.text
    assert "The car park is private" in answer.text


def test_after_two_refusals_a_supervisor_of_the_front_desk_names_the_council(officer: SignedIn, case: Made) -> None:
    refuse_twice(officer, case)
    grace = officer(None, role=Role.SUPERVISOR, name="Grace Desk")
    assert "Hand-overs for you to decide (1)" in text_of(grace.get("/staff/").text)
    assert "Refused twice" in grace.get("/staff/hand-overs").text
    page = grace.get(case.path)
    assert "Decide who has it" in page.text
    assert "Take this case" not in page.text and 'name="note"' not in page.text
    typed = {"queue": "mansfield-streets", "words": "The council owns it"}
    answer = send(grace, case.path, "/decide", f"{case.path}/decide", **typed)
    assert answer.location.endswith("/staff/hand-overs")
    assert grace.get(case.path).status_code == 404
    mia = officer(MANSFIELD, name="Mia Second").get(case.path).text
    assert "The council owns it" in mia
    assert "Refuse</a>" not in mia
    again = grace.post(f"{case.path}/decide", data=typed | {"csrf_token": "x"})
    assert again.status_code in (302, 400)


def test_an_agent_of_the_front_desk_decides_nothing(officer: SignedIn, case: Made) -> None:
    refuse_twice(officer, case)
    agent = officer(None, role=Role.AGENT, name="Dee Desk")
    assert agent.get(f"{case.path}/decide").status_code == 404
    assert agent.get(case.path).status_code == 404


def test_what_is_not_answered_in_time_is_flagged_once_and_shown_to_both_supervisors(
    app: Flask, officer: SignedIn, case: Made, clock: StandingClock
) -> None:
    send(officer(), case.path, "/hand-over", f"{case.path}/hand-over", **YOURS)
    clock.advance(days=4)
    for _ in range(2):
        with app.app_context(), write_transaction() as session:
            ROUNDS["flag-unanswered"][1](session, clock.now())
    with app.app_context(), read_transaction() as session:
        assert len(session.scalars(select(Arbitration)).all()) == 1
    for gss, name in ((COUNTY, "Sue County"), (ASHFIELD, "Sam Ashfield")):
        page = officer(gss, role=Role.SUPERVISOR, name=name).get("/staff/hand-overs").text
        assert "Not answered in time" in page
    grace = officer(None, role=Role.SUPERVISOR, name="Grace Desk")
    assert case.path + "/decide" in grace.get("/staff/hand-overs").text
    ben = officer(ASHFIELD, name="Ben Officer")
    assert "It can still accept the case by taking it" in text_of(ben.get(case.path).text)
    send(ben, case.path, "/take")
    assert "Not answered in time" not in grace.get("/staff/hand-overs").text


def test_the_laws_clock_stands_beside_the_promise_and_starts_at_each_council(
    officer: SignedIn, new_case: NewCase, clock: StandingClock
) -> None:
    case, county = new_case("freedom-of-information", council=COUNTY, place=None), officer()
    page = text_of(county.get(case.path).text)
    assert "Freedom of information: answer by 21 December 2026" in page
    clock.advance(hours=1)
    typed = YOURS | {"queue": "ashfield-information-governance"}
    refused = send(county, case.path, "/hand-over", f"{case.path}/hand-over", **typed)
    assert refused.status_code == 422
    assert "what the customer said" in refused.text
    asked = typed | {"customer_view": "told-may-object"}
    assert send(county, case.path, "/hand-over", f"{case.path}/hand-over", **asked).status_code == 302
    received = text_of(officer(ASHFIELD, name="Ben Officer").get(case.path).text)
    assert "The law’s time for Ashfield District Council, from 20 November 2026" in received
    assert "Nottinghamshire County Council from 20 November 2026: passed on" in received
    assert "they have been told, and that they may object" in received
