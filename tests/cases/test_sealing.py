from __future__ import annotations

from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from cases.sealing import Sealer

SEALER = Sealer(b"one key", Random(1))
parts = st.lists(st.text(max_size=10).filter(lambda text: "\x1f" not in text), max_size=4)


@given(st.text(max_size=10), parts)
def test_the_same_parts_match_and_nothing_is_seen_of_them(purpose: str, given_parts: list[str]) -> None:
    sealed = SEALER.seal(purpose, *given_parts)
    assert SEALER.matches(sealed, purpose, *given_parts)
    assert len(sealed) == 64


@given(parts, parts)
def test_other_parts_do_not_match(one: list[str], other: list[str]) -> None:
    assume(one != other)
    assert not SEALER.matches(SEALER.seal("pin", *one), "pin", *other)


def test_another_purpose_or_key_does_not_match() -> None:
    sealed = SEALER.seal("pin", "4719036258", "123456")
    assert not SEALER.matches(sealed, "code", "4719036258", "123456")
    assert not Sealer(b"another key").matches(sealed, "pin", "4719036258", "123456")


def test_what_was_never_sealed_matches_nothing() -> None:
    assert not SEALER.matches(None, "pin", "1")
    assert not SEALER.matches("", "pin", "1")
    assert not SEALER.matches("0" * 64, "pin", "1")


def test_tokens_are_long_and_have_no_letters_that_look_alike() -> None:
    tokens = {Sealer(b"key").new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(token) == 26 and not set(token) & set("lo01") for token in tokens)


def test_the_key_is_not_shown() -> None:
    assert "one key" not in repr(SEALER)
