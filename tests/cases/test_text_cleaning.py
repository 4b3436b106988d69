from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.text_cleaning import clean

anything = st.text(st.characters() | st.characters(categories=["Cs"]))


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        pytest.param("a\x00b", "a\ufffdb", id="NUL"),
        pytest.param("a\ud83db", "a\ufffdb", id="first half of a pair"),
        pytest.param("a\ude00b", "a\ufffdb", id="second half of a pair"),
        pytest.param("\ude00\ud83d", "\ufffd\ufffd", id="halves the wrong way round"),
        pytest.param("\ud83d\ude00", "😀", id="both halves"),
        pytest.param("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour", id="line ends"),
        pytest.param("Ō’s café 😀\t", "Ō’s café 😀\t", id="what is good stays"),
        pytest.param("", "", id="empty"),
    ],
)
def test_text_becomes_what_every_store_can_keep(given_text: str, kept: str) -> None:
    assert clean(given_text) == kept


@given(anything)
def test_cleaned_text_can_always_be_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert "\r" not in cleaned


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"])))
def test_good_text_is_left_alone(text: str) -> None:
    assert clean(text) == text
