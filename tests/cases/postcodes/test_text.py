"""Postcodes as people type and text them."""

from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.postcodes.entry import Postcode
from cases.postcodes.index import PostcodeIndex
from cases.postcodes.text import find_postcodes, normalise, read_postcode, readings

CANONICAL = re.compile(r"(?:[A-Z]{1,2}[0-9]{1,2}|[A-Z]{1,2}[0-9][A-Z]|GIR|NPT) [0-9][A-Z]{2}")


class EveryPostcode:
    """An index that knows whatever it is asked for."""

    def lookup(self, postcode: str) -> Postcode | None:
        return Postcode(postcode, None, None, None, None)


canonical = st.from_regex(
    re.compile(r"[A-PR-Z][A-HK-Y]?[1-9][0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", re.ASCII), fullmatch=True
)
separators = st.sampled_from(
    ["", " ", "  ", ".", "-", "\u00a0", "\u2009", "\u2011", "\u2013", "\u200b", "\ufeff", "\t", "\n"]
)
any_text = st.text(st.characters(codec=None) | st.sampled_from("aAoO0iI1nNgG5 \x00\ud800\udfff.-"), max_size=200)


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("NG15 7XX", "NG15 7XX"),
        ("ng157xx", "NG15 7XX"),
        ("  ng15  7xx. ", "NG15 7XX"),
        ("N.G.1.5-7.X.X", "NG15 7XX"),
        ("NG15\u00a07XX", "NG15 7XX"),
        ("NG15\u20137XX", "NG15 7XX"),
        ("\u201cNG15 7XX\u201d", "NG15 7XX"),
        ("ＮＧ１５　７ＸＸ", "NG15 7XX"),
        ("NGI5 7AA", "NG15 7AA"),
        ("so14 oyn", "SO14 0YN"),
        ("S014 0YN", "SO14 0YN"),
        ("0X1 2JD", "OX1 2JD"),
        ("W1A 1AA", "W1A 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("M1 1AE", "M1 1AE"),
        ("gir0aa", "GIR 0AA"),
        ("AB1 2CD", "AB1 2CD"),
    ],
)
def test_postcode_however_typed_becomes_its_one_form(typed: str, postcode: str) -> None:
    assert normalise(typed) == postcode


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "hello",
        "NG15",
        "NG15 7X",
        "NG15 7XXX",
        "12345",
        "NG15 7X\x00",
        "7XX NG15",
        "\ud800",
        "NГ15 7XX",
        "N" * 10**5,
    ],
)
def test_what_is_not_shaped_like_a_postcode_is_none(typed: str) -> None:
    assert normalise(typed) is None


@settings(deadline=None)
@given(canonical, st.lists(separators, min_size=9, max_size=9), st.booleans())
def test_any_spacing_and_case_gives_the_same_postcode(postcode: str, between: list[str], lower: bool) -> None:
    typed = "".join(mark + gap for mark, gap in zip(postcode.replace(" ", ""), between, strict=False))
    assert normalise(typed.lower() if lower else typed) == postcode


@settings(deadline=None)
@given(canonical, st.data())
def test_zero_and_one_typed_as_letters_are_among_the_readings(postcode: str, data: st.DataObject) -> None:
    swap = {"0": "O", "1": "I", "O": "0", "I": "1"}
    typed = "".join(swap.get(mark, mark) if data.draw(st.booleans()) else mark for mark in postcode)
    has_digit_where_the_district_is = any(mark.isdigit() for mark in typed.split(" ")[0])
    if has_digit_where_the_district_is:
        assert postcode in readings(typed)


@settings(deadline=None)
@given(any_text)
def test_normalise_survives_any_text_and_is_stable(text: str) -> None:
    postcode = normalise(text)
    assert postcode is None or (CANONICAL.fullmatch(postcode) and normalise(postcode) == postcode)


@settings(deadline=None)
@given(any_text)
def test_found_words_are_the_text_at_their_span(text: str) -> None:
    last = 0
    for found in find_postcodes(text, EveryPostcode()):
        assert text[found.start : found.end] == found.words
        assert found.start >= last
        assert CANONICAL.fullmatch(found.postcode)
        last = found.end


@settings(deadline=None)
@given(st.text(string.ascii_letters + " ,\n", max_size=60), canonical, st.sampled_from(["", " ", "-", "\u00a0", "  "]))
def test_postcode_in_prose_is_found_where_it_stands(before: str, postcode: str, gap: str) -> None:
    words = postcode.replace(" ", gap)
    text = f"{before}. {words}, thank you"
    found = find_postcodes(text, EveryPostcode())
    assert (postcode, words) in [(one.postcode, one.words) for one in found]


def test_reading_that_the_index_knows_is_preferred(whole: PostcodeIndex) -> None:
    assert read_postcode("S014 OYN", whole) == "SO14 0YN"
    assert read_postcode("EC1A 1BB", whole) == "EC1A 1BB"
    assert read_postcode("AB1 2CD", whole) == "AB1 2CD"
    assert read_postcode("nonsense", whole) is None


@pytest.mark.parametrize(
    ("text", "postcodes"),
    [
        ("Pothole outside ng15 7aa, near NG15-7AB.", ["NG15 7AA", "NG15 7AB"]),
        ("its ng157aa thx", ["NG15 7AA"]),
        ("NG15 7AA and ng15 7aa again", ["NG15 7AA", "NG15 7AA"]),
        ("NG15\n7AA", ["NG15 7AA"]),
        ("ng 15 7aa", ["NG15 7AA"]),
        ("NGI5 7AA or so14 oyn", ["NG15 7AA", "SO14 0YN"]),
        ("quote AB1 2CD on the form", []),
        ("the M1 2nd exit, then off at B1 3rd left", []),
        ("M1 off ramp, B1 old wing", []),
        ("so 14 2nd street", []),
        ("see www.w3.org for more", []),
        ("xNG15 7AA and NG15 7AAx and 5NG15 7AA", []),
        ("", []),
    ],
)
def test_prose_gives_the_postcodes_there_are(whole: PostcodeIndex, text: str, postcodes: list[str]) -> None:
    assert [found.postcode for found in find_postcodes(text, whole)] == postcodes


def test_mended_postcode_says_so_and_keeps_the_words(whole: PostcodeIndex) -> None:
    plain, mended = find_postcodes("NG15 7AA, SO14 OYN", whole)
    assert not plain.is_mended
    assert mended == ("SO14 0YN", "SO14 OYN", 10, 18, True)


@pytest.mark.parametrize(
    "piece",
    [
        "NG15 7AA ",
        "ng15 7zz\n",
        "a1 ",
        "o1o1o ",
        "so14 oyn",
        "a1" + " " * 9990,
        "0",
        "\u00a0",
        "M1 2nd ",
        "\ud800",
        "\x00",
        "ﷺ",
    ],
)
def test_hundred_thousand_characters_take_no_time_worth_mentioning(whole: PostcodeIndex, piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    began = time.process_time()
    assert len(find_postcodes(text, whole)) <= 2_000
    normalise(text)
    assert time.process_time() - began < 2


def test_library_is_never_asked_to_look_anything_up(whole: PostcodeIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    import uk_postcodes_parsing
    from uk_postcodes_parsing import database_manager

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the library's database was asked for")

    monkeypatch.setattr(database_manager, "ensure_database", refuse, raising=False)
    monkeypatch.setattr(uk_postcodes_parsing, "lookup_postcode", refuse)
    monkeypatch.setattr(uk_postcodes_parsing, "setup_database", refuse)
    assert find_postcodes("NGI5 7AA", whole)
