"""The parts of the form that are asked for while typing."""

from __future__ import annotations

import pytest

from cases.models.contact import Contact
from tests.app.desk.form import HUCKNALL, JO, POTHOLE, Desk

ON_EDGE = "NG15 8JL"  # Gedling, with Ashfield close by
PATHS = ("callers", "caller", "services", "answer", "matter")


def test_answer_names_the_council_why_and_what_to_say(agent: Desk) -> None:
    page = agent.ask("answer", POTHOLE).text
    for there in (
        "Nottinghamshire County Council",
        "Roads, pavements and street lights in Ashfield are looked after by",
        "goes to Highways",
        "I need the street and the nearest house number",
        "Where is the pothole?",
        "How big is it?",
        "Not checked",
    ):
        assert there in page


def test_answer_asks_the_one_thing_that_is_missing(agent: Desk) -> None:
    page = agent.ask("answer", {"m1-text": "pothole"}).text
    assert "<strong>Ask:</strong> Where is the pothole?" in page


def test_answer_to_unclear_words_offers_what_it_could_be(agent: Desk) -> None:
    page = agent.ask("answer", {"m1-text": "bin"}).text
    assert "pick-1-" in page


def test_danger_is_said_first(agent: Desk) -> None:
    page = agent.ask("answer", {"m1-text": "I can smell gas", "m1-place": HUCKNALL}).text
    assert page.index("Danger.") < page.index("How to reach it")
    assert "0800 111 999" in page


def test_another_body_is_named_with_how_to_reach_it(agent: Desk) -> None:
    page = agent.ask("answer", {"m1-about": "Severn Trent Water", "m1-text": "sewage in my garden"}).text
    assert "How to reach it" in page


def test_answer_that_ends_it_is_read_out(agent: Desk) -> None:
    page = agent.ask("answer", POTHOLE, {"m1-q-council-or-private": "yes"}).text
    assert "Say instead:" in page
    assert "The council cannot mend private land" in page


def test_motorway_goes_to_its_own_body(agent: Desk) -> None:
    page = agent.ask("answer", POTHOLE, {"m1-q-road-kind": "motorway"}).text
    assert "National Highways" in page


def test_open_report_at_the_same_place_is_offered(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    page = agent.ask("answer", POTHOLE).text
    assert "Already reported near there" in page
    assert 'data-join="' in page


def test_case_to_add_to_is_shown_instead(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    page = agent.ask("answer", {"m1-join": agent.cases()[0].reference}).text
    assert "Adds to" in page
    assert "No case to add to" in agent.ask("answer", {"m1-join": "4719-0362-59"}).text


def test_named_council_area_settles_a_place_in_words(agent: Desk) -> None:
    words = {"m1-text": "Pothole", "m1-place": "by the old oak"}
    assert "Which council’s area is it in?" in agent.ask("answer", words).text
    assert "Nottinghamshire County Council" in agent.ask("answer", words, {"m1-area": "E07000170"}).text


def test_postcode_on_a_boundary_names_the_likeliest_council_and_asks_which_it_is(agent: Desk) -> None:
    words = {"m1-text": "missed bin", "m1-about": "Missed bin collection", "m1-place": ON_EDGE}
    page = agent.ask("answer", words).text
    assert "Gedling Borough Council" in page
    assert "Is the place in Gedling or in Ashfield?" in page
    form = agent.ask("matter", words).text + page
    assert 'value="E07000170"' in form and 'value="E07000174"' not in form.split("m1-area")[1].split("</select>")[0]
    settled = agent.ask("answer", words, {"m1-area": "E07000170"}).text
    assert "Ashfield District Council" in settled
    assert "Is the place in" not in settled


def test_services_are_suggested_by_everyday_words(agent: Desk) -> None:
    assert 'data-value="pothole"' in agent.ask("services", words="hole in road").text
    assert 'data-value="pothole"' in agent.ask("services", words="poth").text
    assert "Other body" in agent.ask("services", words="severn trent").text
    assert agent.ask("services", words="").text.strip() == ""
    assert agent.ask("services", words="zzzzqqq").text.strip() == ""


def test_question_is_added_up_to_the_most(agent: Desk) -> None:
    assert 'data-matter="3"' in agent.ask("matter", n="3").text
    assert 'data-matter="8"' in agent.ask("matter", n="900").text


def test_answer_for_a_question_that_is_not_there_is_refused(agent: Desk) -> None:
    assert agent.ask("answer", POTHOLE, n="2").status_code == 400


@pytest.mark.parametrize("n", ["", "x", "-1", "0", "99999999999999999999"])
def test_strange_numbers_do_no_harm(agent: Desk, n: str) -> None:
    assert agent.ask("answer", POTHOLE, n=n).status_code in (200, 400)
    assert agent.ask("caller", person=n).status_code == 404


@pytest.mark.parametrize("what", PATHS)
def test_asking_changes_nothing(agent: Desk, what: str) -> None:
    agent.ask(what, POTHOLE, JO, find="jo", words="pothole", person="1")
    assert agent.cases() == []
    assert agent.count(Contact) == 0


@pytest.mark.parametrize("words", ["a\x00b", "🕳️" * 300, "x" * 10_000, "<script>alert(1)</script>"])
def test_strange_words_do_no_harm(agent: Desk, words: str) -> None:
    for what, field in (("services", "words"), ("callers", "find"), ("answer", "m1-text"), ("answer", "m1-place")):
        page = agent.ask(what, **{field: words})
        assert page.status_code == 200
        assert "<script>alert" not in page.text
