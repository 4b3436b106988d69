"""From the call to the name of who took it, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.account.sessions import IDLE
from cases.models.staff import Role
from tests.app.conftest import StandingClock
from tests.app.desk.conftest import Hire
from tests.app.desk.form import HUCKNALL, JO, POTHOLE, Desk, complaints
from tests.app.doors import token
from tests.app.urgent.conftest import at_mansfield, handover_of

SetClock, Sweep = Callable[[str], None], Callable[[float], int]
ASHFIELD, COUNTY, MANSFIELD = "E07000170", "E10000024", "E07000174"
HOMELESS = {"m1-text": "Homeless with kids, nowhere to sleep tonight"}
CHILD = {"m1-text": "A child is being hit next door", "m1-place": "NG18 1NG"}
WALL = {"m1-text": "A wall is about to fall on the pavement", "m1-place": "NG18 1NG"}


def take(client: FlaskClient, page: TestResponse, **typed: str) -> TestResponse:
    data = {"csrf_token": token(page), **typed}
    return client.post(page.request.path, data=data, follow_redirects=True)


def text_of(page: TestResponse) -> str:
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def numbers(page: TestResponse) -> list[str]:
    return re.findall(r'href="tel:(\d+)"', page.text)


@pytest.mark.parametrize(
    ("at", "what", "number", "words"),
    [
        pytest.param("2026-11-20T16:45", HOMELESS, "01623463121", "until 17:00, then ring", id="homeless at 16:45"),
        pytest.param("2026-11-20T17:05", HOMELESS, "01154960323", "Out of hours", id="homeless at 17:05"),
        pytest.param("2026-11-20T16:45", CHILD, "03005008090", "the safeguarding hub", id="child at 16:45"),
        pytest.param("2026-11-20T17:05", CHILD, "03004564546", "Out of hours", id="child at 17:05"),
        pytest.param("2026-11-20T16:15", WALL, "01623463463", "until 16:30, then ring", id="wall at 16:15"),
        pytest.param("2026-11-20T17:05", WALL, "01154960324", "the surveyor on call", id="wall at 17:05"),
    ],
)
def test_urgent_at_a_mansfield_counter_shows_the_right_number_and_ends_with_a_name(
    at: str, what: dict[str, object], number: str, words: str, set_clock: SetClock, hire: Hire, sweep: Sweep
) -> None:
    set_clock(at)
    counter = at_mansfield(hire)
    page = counter.save(what, office="mansfield-civic-centre")
    assert page.request.path == f"/staff/urgent/{handover_of(counter).id}", "the one who took it is led there at once"
    assert numbers(page) == [number]
    assert words in text_of(page)
    page = take(counter.client, page, taken_by="Pat Duty", promise="Sees them at the desk", by_when="17:30")
    assert page.request.path.startswith("/staff/counter/saved/"), "then the reference is read out"
    taken = handover_of(counter)
    assert (taken.taken_by, taken.accepted_at) == ("Pat Duty", taken.opened_at)
    assert taken.words is not None
    assert taken.words.text == "Taken by Pat Duty. Promised: Sees them at the desk\nBy: 17:30"
    assert "Taken by Pat Duty." in text_of(page)
    assert sweep(600) == 0


def test_nothing_that_is_missing_or_odd_holds_up_an_urgent_call(agent: Desk) -> None:
    page = agent.save(
        {"m1-service": "pothole", "m1-about": "Pothole or broken road surface", "m1-place": "NG99 9ZZ"},
        {"m1-text": "Cars are swerving round it", "m1-join": "1234", "m1-queue": "no such queue"},
        {"name": "N" * 300, "phone": "12", "email": "not an address", "openness": "whatever", "needs": "n" * 300},
    )
    assert complaints(page) == []
    assert page.request.path == f"/staff/urgent/{handover_of(agent).id}"
    [case] = agent.cases()
    assert case.is_urgent


def test_urgent_visit_is_saved_without_an_office(counter: Desk) -> None:
    assert complaints(counter.save(HOMELESS, office="")) == []
    assert handover_of(counter).group_slug == "homelessness"


def test_sensitive_urgent_call_is_saved_before_anybody_asked_what_is_safe_and_nothing_is_sent(agent: Desk) -> None:
    page = agent.save({"m1-text": "My husband hits me, domestic violence", "m1-place": HUCKNALL}, JO)
    assert complaints(page) == []
    assert handover_of(agent).group_slug == "abuse"
    assert agent.messages == 0


def test_ordinary_call_still_needs_its_answers(agent: Desk) -> None:
    page = agent.save({"m1-service": "pothole", "m1-about": "Pothole or broken road surface"})
    assert complaints(page)


@pytest.mark.parametrize("text", ["I can smell gas", "I want to kill myself", "The house is on fire"])
def test_another_bodys_danger_gives_its_advice_first_and_ends_with_a_name(agent: Desk, text: str) -> None:
    live = agent.ask("answer", {"m1-text": text})
    assert live.text.index("Danger.") < live.text.index("Urgent.")
    page = agent.save({"m1-text": text})
    assert "must know as well" in text_of(page)
    assert text_of(page).index("Tell the customer first:") < text_of(page).index("Ring now")
    page = take(agent.client, page, taken_by="Supervisor Grace")
    assert "How to reach it" in text_of(page)


def test_only_the_name_is_asked_for(agent: Desk) -> None:
    page = agent.save(CHILD)
    page = take(agent.client, page, taken_by=" ", promise="Goes there now")
    assert page.status_code == 422
    assert complaints(page) == ["Enter the name of the person who took it"]
    assert "Goes there now" in page.text, "what was typed is still there"
    assert handover_of(agent).taken_by is None


def test_second_to_save_is_told_who_has_it_and_keeps_what_was_typed(agent: Desk, hire: Hire) -> None:
    page = agent.save(WALL)
    grace = hire(Role.SUPERVISOR, email="grace@example.org").client
    same = grace.get(page.request.path)
    take(agent.client, page, taken_by="Pat Duty")
    late = take(grace, same, taken_by="Sam Late", promise="Would have gone")
    assert late.status_code == 409
    assert "Pat Duty took it at 12:00" in text_of(late)
    assert "Would have gone" in late.text
    assert handover_of(agent).taken_by == "Pat Duty"


# --- red until somebody has it ----------------------------------------------------------------------------------------


def strip(client: FlaskClient, path: str = "/staff/") -> str:
    found = re.search(r'<div id="urgent-strip".*?(?=<main|</body>)', client.get(path).text, re.DOTALL)
    return text_of_html(found[0]) if found else ""


def text_of_html(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_it_is_red_at_the_agent_then_at_the_supervisor_until_taken(
    agent: Desk, hire: Hire, sweep: Callable[[float], int]
) -> None:
    grace = hire(Role.SUPERVISOR, email="grace@example.org").client
    page = agent.save(WALL)
    for path in ("/staff/", "/staff/queues", "/staff/telephone", "/staff/find"):
        assert "Urgent, and nobody has taken it: A dangerous building or wall" in strip(agent.client, path)
    assert "Urgent, and" not in strip(grace)
    sweep(10)
    assert "Urgent, and nobody has taken it" in strip(grace)
    assert "Urgent, and nobody has taken it" in strip(agent.client)
    take(grace, grace.get(page.request.path), taken_by="Pat Duty")
    assert "Urgent, and" not in strip(grace) + strip(agent.client)


def test_what_has_not_changed_is_not_put_in_again(agent: Desk) -> None:
    empty = agent.client.get("/staff/urgent/strip?shown=")
    assert empty.status_code == 204
    page = agent.save(WALL)
    news = agent.client.get("/staff/urgent/strip?shown=")
    assert news.status_code == 200
    assert 'role="alert"' in news.text
    shown = re.search(r'hx-get="([^"]+)"', news.text)
    assert shown is not None
    assert agent.client.get(shown[1]).status_code == 204
    take(agent.client, page, taken_by="Pat")
    gone = agent.client.get(shown[1])
    assert (gone.status_code, 'role="alert"' in gone.text) == (200, False)


def test_strip_tells_nothing_of_a_confidential_matter(agent: Desk) -> None:
    agent.save(CHILD)
    shown = strip(agent.client)
    assert "Urgent, and nobody has taken it: Something confidential" in shown
    assert "child" not in shown.lower()
    assert handover_of(agent).case.reference not in shown.replace("-", "")


def test_page_that_asks_by_itself_keeps_nobody_signed_in(agent: Desk, clock: StandingClock) -> None:
    agent.client.get("/staff/")
    for _ in range(5):
        clock.advance(seconds=IDLE.total_seconds() / 4 - 10)
        answer = agent.client.get("/staff/urgent/strip?shown=", headers={"HX-Request": "true"})
    assert answer.status_code == 401


# --- who may see it ---------------------------------------------------------------------------------------------------


def test_only_those_whom_it_concerns_may_open_it(agent: Desk, hire: Hire) -> None:
    path = agent.save(CHILD).request.path
    sees = {
        "agent": agent.client,
        "supervisor": hire(Role.SUPERVISOR, email="grace@example.org").client,
        "team": hire(Role.OFFICER, "a@example.org", authority_gss=COUNTY, team="childrens-social-care").client,
        "head": hire(Role.SUPERVISOR, "b@example.org", authority_gss=COUNTY).client,
    }
    others = {
        "other agent": hire(Role.AGENT, "c@example.org").client,
        "other team": hire(Role.OFFICER, "d@example.org", authority_gss=COUNTY, team="highways").client,
        "other council": hire(Role.OFFICER, "e@example.org", authority_gss=MANSFIELD).client,
        "other head": hire(Role.SUPERVISOR, "f@example.org", authority_gss=ASHFIELD).client,
    }
    assert {name: client.get(path).status_code for name, client in sees.items()} == dict.fromkeys(sees, 200)
    assert {name: client.get(path).status_code for name, client in others.items()} == dict.fromkeys(others, 404)
    assert all("Urgent, and" not in strip(client) for client in others.values())
    listed = {name for name, client in {**sees, **others}.items() if path in client.get("/staff/urgent").text}
    assert listed == set(sees)
    assert hire(Role.ADMINISTRATOR, "g@example.org").client.get(path).status_code == 403


def test_confidential_words_are_read_by_the_councils_team_alone(agent: Desk, hire: Hire) -> None:
    path = agent.save(CHILD).request.path
    team = hire(Role.OFFICER, "a@example.org", authority_gss=COUNTY, team="childrens-social-care").client
    assert "being hit next door" in team.get(path).text
    grace = hire(Role.SUPERVISOR, email="grace@example.org").client.get(path)
    assert "being hit next door" not in grace.text
    assert numbers(grace) == ["03005008090"], "but the number is there"


def test_case_page_says_that_nobody_has_taken_it_and_then_who_has(agent: Desk, hire: Hire) -> None:
    page = agent.save(WALL)
    officer = hire(Role.OFFICER, "a@example.org", authority_gss=MANSFIELD).client
    path = f"/staff/cases/{handover_of(agent).case.reference}"
    assert "nobody has taken it by name" in officer.get(path).text
    take(agent.client, page, taken_by="Pat Duty", promise="Crew by six")
    shown = text_of(officer.get(path))
    assert "Pat Duty took it" in shown
    assert "Crew by six" in shown
    assert "Urgent: somebody must take it by name" in shown, "in what has happened"


def test_case_without_danger_shows_no_strip(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    assert "Urgent, and" not in strip(agent.client)
