"""The front desk finds out whose job a case is."""

from __future__ import annotations

import pytest

from cases.models.staff import Role
from tests.app.casework.conftest import NewCase, SignedIn
from tests.app.casework.pages import send


@pytest.fixture
def desk(officer: SignedIn):  # type: ignore[no-untyped-def]
    return officer(None, role=Role.AGENT, name="Dee Desk")


def test_the_missing_place_settles_it(desk, officer: SignedIn, new_case: NewCase) -> None:  # type: ignore[no-untyped-def]
    case = new_case(council=None, place=None)
    page = desk.get(case.path)
    assert "One question would settle it" in page.text
    assert "Where is the pothole?" in page.text
    answer = send(desk, case.path, "/settle", where="NG15 7QL")
    assert answer.location.endswith("/staff/queues/front-desk")
    assert "Nottinghamshire County Council has the case now" in desk.get(answer.location).text
    assert desk.get(case.path).status_code == 404
    received = officer().get(case.path).text
    assert "Where: NG15 7QL" in received
    assert "Dee Desk" in received
    assert "Mary Example" in received


def test_choosing_the_service_settles_what_the_words_did_not(desk, new_case: NewCase) -> None:  # type: ignore[no-untyped-def]
    case = new_case(None, text="blorple has quendor", council=None)
    page = desk.get(case.path).text
    assert "blorple has quendor" in desk.get("/staff/queues/front-desk").text
    assert "What is it about?" in page
    answer = send(desk, case.path, "/settle", service="pothole", where="Hucknall")
    assert "has the case now" in desk.get(answer.location).text


def test_what_settles_nothing_asks_again_and_is_kept(desk, new_case: NewCase) -> None:  # type: ignore[no-untyped-def]
    case = new_case(council=None, place=None)
    answer = send(desk, case.path, "/settle", where="by the tree")
    assert answer.location.endswith(case.path)
    page = desk.get(answer.location).text
    assert "Not settled yet" in page
    assert "by the tree" in page


def test_no_answer_at_all_is_refused(desk, new_case: NewCase) -> None:  # type: ignore[no-untyped-def]
    case = new_case(council=None, place=None)
    answer = send(desk, case.path, "/settle", where=" ")
    assert answer.status_code == 422
    assert "Give at least one answer" in answer.text


def test_a_place_elsewhere_says_whose_it_is(desk, new_case: NewCase) -> None:  # type: ignore[no-untyped-def]
    case = new_case(council=None, place=None)
    answer = send(desk, case.path, "/settle", where="SW1A 1AA")
    assert "Westminster" in desk.get(answer.location).text
