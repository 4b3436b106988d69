"""Queues and the first page: what they show, how they page, and how many questions they ask the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.database import read_transaction
from app.extensions import db
from cases.access import Actor, Post
from cases.models.staff import Role
from cases.queries.queues import ListSort, ListState, get_queue_for, list_queue
from tests.app.casework.conftest import ASHFIELD, COUNTY, NewCase, SignedIn
from tests.app.casework.pages import send
from tests.app.conftest import StandingClock

QUEUE = "/staff/queues/nottinghamshire-highways"


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(conn, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def references(page: str) -> list[str]:
    return re.findall(r"/staff/cases/(\d{10})\"", page)


def how_many(app: Flask, client: FlaskClient, path: str) -> int:
    client.get(path)
    with counted_queries(app) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_queue_marks_what_is_new_urgent_and_late(officer: SignedIn, new_case: NewCase, clock: StandingClock) -> None:
    late = new_case()
    clock.advance(days=30)
    urgent = new_case(answers={"pothole-depth": "very-deep"})
    page = officer().get(QUEUE).text
    assert references(page) == [late.reference, urgent.reference], "soonest due first"
    assert "Overdue" in page
    assert "Urgent" in page
    assert "days late" in page
    assert "High Street, Hucknall" in page


@pytest.mark.parametrize("state", list(ListState))
@pytest.mark.parametrize("sort", list(ListSort))
def test_every_list_can_be_opened(officer: SignedIn, new_case: NewCase, state: ListState, sort: ListSort) -> None:
    new_case()
    assert officer().get(f"{QUEUE}?state={state}&sort={sort}").status_code == 200


def test_lists_show_what_they_say(officer: SignedIn, new_case: NewCase, clock: StandingClock) -> None:
    taken, closed, late = new_case(), new_case(), new_case()
    ada = officer()
    send(ada, taken.path, "/take")
    send(ada, closed.path, "/close", f"{closed.path}/close", outcome="done", reason="")

    def listed(state: str) -> set[str]:
        return set(references(ada.get(f"{QUEUE}?state={state}").text))

    assert listed("open") == {taken.reference, late.reference}
    assert listed("mine") == {taken.reference}
    assert listed("untaken") == {late.reference}
    assert listed("closed") == {closed.reference}
    assert listed("overdue") == set()
    clock.advance(days=30)
    ada = officer(name="Ada Later")
    assert listed("overdue") == {taken.reference, late.reference}


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense&sort=nonsense",
        "after=x",
        "after=1-1-1",
        "after=99999999999999999-1",
        "before=-",
        "after=9999999999999999-1",
        "after=%00",
    ],
)
def test_a_mistyped_address_still_gives_its_list(officer: SignedIn, new_case: NewCase, query: str) -> None:
    new_case()
    assert officer().get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize("sort", list(ListSort))
def test_paging_meets_each_case_once_both_ways(
    app: Flask, new_case: NewCase, clock: StandingClock, sort: ListSort
) -> None:
    made = {new_case().id for _ in range(4)}
    clock.advance(days=1)
    made |= {new_case().id for _ in range(3)}
    actor = Actor(1, "Ada", (Post(Role.OFFICER, COUNTY),))
    with app.app_context(), read_transaction() as session:
        queue = get_queue_for(session, actor, "nottinghamshire-highways")

        def page(**key: str | None):  # type: ignore[no-untyped-def]
            return list_queue(session, actor, queue, clock.now(), sort=sort, size=2, **key)

        pages = [page()]
        while pages[-1].older:
            pages.append(page(after=pages[-1].older))
        forwards = [[line.id for line in each.lines] for each in pages]
        backwards = [forwards[-1]]
        last = pages[-1]
        while last.newer:
            last = page(before=last.newer)
            backwards.insert(0, [line.id for line in last.lines])
    assert sorted(case_id for ids in forwards for case_id in ids) == sorted(made)
    assert backwards == forwards


def test_a_longer_list_asks_the_database_no_more(app: Flask, officer: SignedIn, new_case: NewCase) -> None:
    ada = officer()
    send(ada, new_case().path, "/take")
    few = {path: how_many(app, ada, path) for path in ("/staff/", "/staff/queues", QUEUE, "/staff/find?q=mary")}
    for n in range(8):
        case = new_case(text=f"Another pothole, number {n}")
        send(ada, case.path, "/take")
    many = {path: how_many(app, ada, path) for path in few}
    assert many == few
    assert max(few.values()) <= 8


def test_a_longer_history_asks_the_database_no_more(app: Flask, officer: SignedIn, new_case: NewCase) -> None:
    case, ada = new_case(answers={"pothole-near": "the shop"}), officer()
    send(ada, case.path, "/take")
    few = how_many(app, ada, case.path)
    for n in range(4):
        send(ada, case.path, "/note", note=f"Note {n}")
        send(ada, case.path, "/message", message=f"Message {n}")
        new_case(text=f"Still there, day {n}", join_case_id=case.id)
    assert how_many(app, ada, case.path) == few
    assert few <= 18


def test_the_first_page_counts_what_waits(officer: SignedIn, new_case: NewCase) -> None:
    case, ada = new_case(), officer()
    new_case()
    send(ada, case.path, "/take")
    page = ada.get("/staff/").text
    assert references(page) == [case.reference]
    figures = re.findall(r"count__number[^>]*>(\d+)</span>\s*(\w+)", page)
    assert figures == [("2", "open"), ("1", "new"), ("1", "untaken"), ("0", "urgent"), ("0", "overdue")]


@pytest.mark.parametrize(
    "text", ["{}", "{:.4} {}", "07700 900123", "+44 7700 900 123", "MARY@example.org", "ng157ql", "example mar"]
)
def test_a_case_is_found_however_it_is_typed(officer: SignedIn, new_case: NewCase, text: str) -> None:
    from tests.app.casework.conftest import person_given

    case = new_case(person=person_given(email="Mary@Example.org"))
    shown = case.reference if text == "{}" else f"{case.reference[:4]} {case.reference[4:]}" if "{" in text else text
    page = officer().get("/staff/find", query_string={"q": shown}, follow_redirects=True).text
    assert "Pothole" in page


@pytest.mark.parametrize("text", ["%", "_", "\\", "4719036258", "x", "\x00", "' or 1=1", "🙂", "a" * 5000])
def test_what_finds_nothing_says_so(officer: SignedIn, new_case: NewCase, text: str) -> None:
    new_case()
    answer = officer(ASHFIELD).get("/staff/find", query_string={"q": text})
    assert answer.status_code == 200
    assert "Nothing found" in answer.text
