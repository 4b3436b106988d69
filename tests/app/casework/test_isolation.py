"""Another authority's case is as absent as one that never was: by every way to it."""

from __future__ import annotations

import random
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.database import read_transaction
from cases.models.case import Case, Event
from cases.models.staff import Role
from cases.references import new_reference
from tests.app.casework.conftest import ASHFIELD, NewCase, SignedIn
from tests.app.casework.pages import send
from tests.app.doors import token

PAGES = ("", "/close", "/hand-over", "/refuse", "/decide")
CHANGES = {
    "/take": {},
    "/release": {},
    "/note": {"note": "Mine now"},
    "/message": {"message": "Mine now"},
    "/status": {"status": "waiting"},
    "/close": {"outcome": "done", "reason": "Mine now"},
    "/reopen": {},
    "/settle": {"where": "NG15 7QL"},
    "/accept": {},
    "/refuse": {"reason": "not-our-service", "words": "Mine now"},
    "/decide": {"queue": "ashfield-streets", "words": "Mine now"},
    "/hand-over": {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "Mine now"},
}


def without_token(answer: TestResponse) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=|nonce=)"[^"]*"', r"\1", answer.text)


def same_as_absent(client: FlaskClient, reference: str, path: str, typed: dict[str, str] | None) -> bool:
    absent = new_reference(random.Random(9))
    answers = []
    for each in (reference, absent):
        where = f"/staff/cases/{each}{path}"
        answers.append(client.get(where) if typed is None else client.post(where, data=typed))
    mine, none = answers
    return mine.status_code == none.status_code == 404 and without_token(mine) == without_token(none)


def test_every_route_of_a_case_is_tried_here(app: Flask) -> None:
    routes = {
        (str(rule).removeprefix("/staff/cases/<reference>"), method)
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/staff/cases/<reference>")
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    assert routes == {(page, "GET") for page in PAGES} | {(change, "POST") for change in CHANGES}


@pytest.mark.parametrize("stranger", ["district officer", "front desk", "agent of the district"])
def test_another_authoritys_case_is_absent_by_every_route(
    app: Flask, officer: SignedIn, new_case: NewCase, stranger: str
) -> None:
    case = new_case()
    who = {
        "district officer": (ASHFIELD, Role.OFFICER),
        "front desk": (None, Role.AGENT),
        "agent of the district": (ASHFIELD, Role.AGENT),
    }
    gss, role = who[stranger]
    client = officer(gss, role=role)
    csrf = {"csrf_token": token(client.get("/staff/"))}
    seen = [path for path in PAGES if not same_as_absent(client, case.reference, path, None)]
    seen += [path for path, typed in CHANGES.items() if not same_as_absent(client, case.reference, path, csrf | typed)]
    assert seen == []
    with app.app_context(), read_transaction() as session:
        kept = session.get_one(Case, case.id)
        assert (kept.owner_id, kept.version_id) == (None, session.get_one(Case, case.id).version_id)
        assert session.scalar(select(func.count()).where(Event.case_id == case.id)) == kept.last_event_seq


def test_another_authoritys_queue_is_absent(officer: SignedIn, new_case: NewCase) -> None:
    new_case()
    client = officer(ASHFIELD)
    theirs, none = client.get("/staff/queues/nottinghamshire-highways"), client.get("/staff/queues/no-such-queue")
    assert theirs.status_code == none.status_code == 404
    assert without_token(theirs) == without_token(none)
    assert "Nottinghamshire County: Highways" not in client.get("/staff/queues").text


@pytest.mark.parametrize("text", ["Mary Example", "07700 900123", "NG15 7QL", "reference"])
def test_another_authoritys_case_is_not_found(officer: SignedIn, new_case: NewCase, text: str) -> None:
    case = new_case()
    shown = case.reference if text == "reference" else text
    page = officer(ASHFIELD).get("/staff/find", query_string={"q": shown})
    assert page.status_code == 200
    assert "Nothing found" in page.text
    own = officer(name="Cal County").get("/staff/find", query_string={"q": shown}, follow_redirects=True)
    assert "Pothole" in own.text


def test_the_desk_may_tell_how_a_case_stands_but_not_open_it(officer: SignedIn, new_case: NewCase) -> None:
    case = new_case()
    page = officer(None, role=Role.AGENT).get("/staff/find?q=07700900123").text
    assert "Pothole" in page
    assert case.path not in page
    assert f'href="/staff/desk/cases/{case.reference}"' in page


def test_a_sensitive_case_is_found_by_its_own_council_only(officer: SignedIn, new_case: NewCase) -> None:
    new_case("homelessness", text="He hurts me")
    desk = officer(None, role=Role.AGENT, name="Dee Desk").get("/staff/find?q=07700900123").text
    assert "Nothing found" in desk
    own = officer(ASHFIELD).get("/staff/find?q=07700900123").text
    assert "Homeless" in own


def test_a_sensitive_case_at_the_front_desk_shows_no_title_in_lists(officer: SignedIn, new_case: NewCase) -> None:
    case = new_case("homelessness", text="He hurts me", council=None, place=None)
    client = officer(None, role=Role.AGENT)
    page = client.get("/staff/queues/front-desk").text
    assert "Sensitive enquiry" in page
    assert "Homeless" not in page
    assert client.get(case.path).status_code == 200


def test_who_handed_a_case_over_knows_reference_receiver_state_and_date_only(
    officer: SignedIn, new_case: NewCase
) -> None:
    case, county = new_case(), officer()
    typed = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "It is your car park"}
    send(county, case.path, "/hand-over", f"{case.path}/hand-over", **typed)
    county.get("/staff/")  # takes the banner that says it was done
    for path in PAGES:
        assert same_as_absent(county, case.reference, path, None), path
    stubs = county.get("/staff/handed-over").text
    table = stubs[stubs.index("<tbody") : stubs.index("</tbody>")]
    words = re.sub(r"<[^>]+>", " ", table).split()
    assert " ".join(words[1:]) == "Ashfield District Council 20 November 2026 New"
    assert "Handed over" in county.get("/staff/find", query_string={"q": case.reference}).text
    colleague = officer(ASHFIELD, name="Ben Officer")
    assert case.reference[:4] not in colleague.get("/staff/handed-over").text


def test_what_was_being_typed_survives_a_hand_over_by_a_colleague(officer: SignedIn, new_case: NewCase) -> None:
    case, ada, cal = new_case(), officer(), officer(name="Cal County")
    opened = cal.get(case.path)
    typed = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "Yours"}
    send(ada, case.path, "/hand-over", f"{case.path}/hand-over", **typed)
    data = {"csrf_token": token(opened), "version": "1.1", "message": "We will come on Friday"}
    answer = cal.post(f"{case.path}/message", data=data)
    assert answer.status_code == 404
    assert "We will come on Friday" in answer.text
    assert "Ashfield District Council" in answer.text
