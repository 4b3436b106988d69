from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.references import find_references
from channels.sms.keywords import Keyword, asked_reference, read_keyword, without_references

REFERENCE = next(f"47190362{n:02d}" for n in range(100) if find_references(f"47190362{n:02d}"))


@pytest.mark.parametrize(
    "body",
    [
        "STATUS",
        "status",
        " Status ",
        "s t a t u s",
        "STATUS.",
        "Status?",
        "status please",
        "ＳＴＡＴＵＳ",
        "STATUS\n",
        "wheres my case",
        "Where's my case?",
        "where is my report",
        "WHERES MY CASE",
        "any news",
        "any update on my case?",
        "what is the status of my request",
        "hi whats happening with my report",
        "track my case",
        "update",
        f"STATUS {REFERENCE}",
        f"status of {REFERENCE[:4]}-{REFERENCE[4:8]}-{REFERENCE[8:]}",
        REFERENCE,
        f"ref {REFERENCE}",
        "STATUS 123",
        "status 9999999999",
        "where’s my case",
    ],
)
def test_every_way_of_asking_for_the_status_is_understood(body: str) -> None:
    assert read_keyword(body) is Keyword.STATUS


@pytest.mark.parametrize(
    "body",
    [
        "where is my bin",
        "",
        "pothole",
        "my case is lost",
        "train station",
        f"{REFERENCE} it has got deeper",
    ],
)
def test_other_words_are_no_question_for_the_status(body: str) -> None:
    assert read_keyword(body) is not Keyword.STATUS


@pytest.mark.parametrize(
    "body",
    [
        "STOP",
        "stop",
        " Stop. ",
        "S T O P",
        "stopall",
        "STOP ALL",
        "Unsubscribe",
        "end",
        "QUIT",
        "cancel!",
    ],
)
def test_every_way_of_stopping_is_understood(body: str) -> None:
    assert read_keyword(body) is Keyword.STOP


@pytest.mark.parametrize(
    "body",
    [
        "stop the noise next door",
        "please cancel my bulky collection",
        "end of the road",
        "help me",
        "starting",
    ],
)
def test_a_sentence_is_no_keyword(body: str) -> None:
    assert read_keyword(body) is None


@pytest.mark.parametrize(
    ("body", "keyword"), [("start", Keyword.START), ("UNSTOP", Keyword.START), ("Yes", Keyword.YES)]
)
def test_starting_again_is_understood(body: str, keyword: Keyword) -> None:
    assert read_keyword(body) is keyword


@pytest.mark.parametrize(
    "body",
    [
        "HELP",
        "help!",
        "Info",
        "i n f o",
    ],
)
def test_help_is_understood(body: str) -> None:
    assert read_keyword(body) is Keyword.HELP


def test_something_like_a_reference_counts_as_having_asked_for_one() -> None:
    assert asked_reference(f"status {REFERENCE}") == (REFERENCE, True)
    assert asked_reference("status 1234567890") == (None, True)
    assert asked_reference("status") == (None, False)


def test_what_is_said_beside_a_reference_is_kept() -> None:
    shown = f"{REFERENCE[:4]}-{REFERENCE[4:8]}-{REFERENCE[8:]}"
    assert without_references(f"{shown} it is deeper now") == "it is deeper now"
    assert without_references(shown) == ""
    assert without_references("ring 07700 900123") == "ring 07700 900123"


@given(st.text(max_size=500))
def test_no_text_is_an_error(body: str) -> None:
    read_keyword(body)
    asked_reference(body)
    without_references(body)
