"""What is left of a text when everything that could name somebody is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.understanding.normalising import normalise

around = st.lists(st.sampled_from(["the", "bin", "was", "missed", "near", "ring", "me"]), max_size=3).map(" ".join)
marks = st.sampled_from([("", ""), ("(", ")"), ("", "."), ("", ","), ("<", ">"), ('"', '"')])
spaces = st.sampled_from(["", " ", "  "])


def either_case(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([text, text.lower(), text.title()])


@st.composite
def postcodes(draw: st.DrawFn) -> str:
    outward = draw(st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True).filter(str.isascii))
    inward = draw(st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True).filter(str.isascii))
    return draw(either_case(outward + draw(spaces) + inward))


@st.composite
def phones(draw: st.DrawFn) -> str:
    last = f"{draw(st.integers(0, 999)):03}"
    begun = ["07700 900", "07700900", "+44 7700 900", "+447700900", "0044 7700-900", "(0115) 496 0", "0115-496-0"]
    return draw(st.sampled_from(begun)) + last


emails = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._+-]{0,20}@[a-z0-9-]{1,15}\.(co\.uk|org|com)", fullmatch=True)


def nothing_is_left_of(named: str, before: str, after: str, mark: tuple[str, str]) -> None:
    said = f"{before} {mark[0]}{named}{mark[1]} {after}"
    assert normalise(said, {}) == f"{before} {after}".strip()


@given(postcodes(), around, around, marks)
def test_a_postcode_leaves_nothing_behind(named: str, before: str, after: str, mark: tuple[str, str]) -> None:
    nothing_is_left_of(named, before, after, mark)


@given(phones(), around, around, marks)
def test_a_phone_number_leaves_nothing_behind(named: str, before: str, after: str, mark: tuple[str, str]) -> None:
    nothing_is_left_of(named, before, after, mark)


@given(emails, around, around, marks)
def test_an_e_mail_address_leaves_nothing_behind(named: str, before: str, after: str, mark: tuple[str, str]) -> None:
    nothing_is_left_of(named, before, after, mark)


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_plain_words_with_single_spaces(text: str) -> None:
    said = normalise(text, {})
    assert said == " ".join(said.split())
    assert all(mark == " " or (mark.isascii() and mark.isalnum() and not mark.isupper()) for mark in said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PLEASE pay my ctax", "please pay my council tax"),
        ("heeeeelp", "heelp"),
        ("café  menu", "cafe menu"),
        ("it’s 14 bins", "its bins"),
        ("about 24/01234/FUL", "about planning application reference"),
        ("see https://example.org/a?b=1 now", "see now"),
    ],
)
def test_words_come_nearer_to_how_the_catalogue_is_written(text: str, said: str) -> None:
    assert normalise(text, {"ctax": "council tax"}) == said
