"""What words are taken to mean: the same each time, alone and beside others, and nothing where they say nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.catalogue.loader import Catalogue, load_catalogue
from cases.triage import Triage
from cases.triage.engine import DANGER, NOISE
from cases.understanding.building import ready_embedder, ready_model
from cases.understanding.reading import NOTHING, Reading, Understanding

TEXTS = [
    "My bin was not emptied",
    "The street light is out too",
    "pothole on Portland Road by the school, it is getting bigger every week and somebody will be hurt",
    "smell of gas",
    "thanks",
    "",
    "how do I pay my council tax",
]
PHRASES = sorted({w for s in load_catalogue().services.values() for w in s.words})
spoken = st.lists(st.one_of(st.sampled_from(PHRASES), st.text(max_size=12)), max_size=5).map(" ".join)


@pytest.fixture(scope="module")
def unread(catalogue: Catalogue) -> Callable[[], Understanding]:
    """The same understanding with nothing in its memory, so that it really reads."""
    model, embedder = ready_model(Path(sys.prefix), catalogue), ready_embedder(Path(sys.prefix))
    return lambda: Understanding(model, embedder, catalogue)


def is_same(one: Reading, other: Reading) -> bool:
    """But for how a sum is rounded."""
    scores = [{c.slug: c.score for c in reading.candidates if c.score > 0.002} for reading in (one, other)]
    return (
        scores[0] == pytest.approx(scores[1], abs=0.0015)
        and (one.noise, one.danger) == pytest.approx((other.noise, other.danger), abs=0.001)
        and one.signs[:1] == other.signs[:1]
    )


def test_the_same_words_read_the_same_twice(unread: Callable[[], Understanding]) -> None:
    first, again = unread(), unread()
    for text in TEXTS:
        assert first.read(text) == again.read(text) == again.read(text)


def test_several_texts_at_once_read_as_each_does_alone(unread: Callable[[], Understanding]) -> None:
    for text, beside_others in zip(TEXTS, unread().read_all(TEXTS), strict=True):
        assert is_same(beside_others, unread().read(text)), text


def test_case_spacing_and_marks_change_nothing(understanding: Understanding) -> None:
    assert understanding.read("  MY BIN...was NOT\nemptied!! ") == understanding.read("my bin was not emptied")


@pytest.mark.parametrize("text", ["xyzzy frobnitz quux", "zzgrph kwxtl vbnqj", "яма на дороге", "路上有坑"])
def test_words_that_were_never_seen_give_no_candidates(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).candidates == ()


@pytest.mark.parametrize("text", ["", " ", "\n", "...", ":)", "12 34", "NG15 7AA", "07700 900123", "ann@example.org"])
def test_nothing_said_means_nothing(understanding: Understanding, text: str) -> None:
    assert understanding.read(text) == NOTHING


@pytest.mark.parametrize(
    "text",
    ["I can smell gas in the kitchen", "the house is on fire", "my husband hits me and I am scared to go home"],
)
def test_plain_danger_is_heard(understanding: Understanding, text: str) -> None:
    reading = understanding.read(text)
    assert reading.danger >= DANGER
    assert reading.signs


@pytest.mark.parametrize("text", ["my bin was not emptied", "how do I pay my council tax", "book a wedding"])
def test_ordinary_matters_are_far_from_danger_and_noise(understanding: Understanding, text: str) -> None:
    reading = understanding.read(text)
    assert reading.danger < DANGER - 1
    assert reading.noise < NOISE / 2


@pytest.mark.parametrize("text", ["hello", "thanks very much", "ok", "cheers mate"])
def test_what_asks_for_nothing_is_noise(understanding: Understanding, text: str) -> None:
    assert understanding.read(text).noise >= NOISE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("pot", "pothole"), ("street li", "street-light-broken"), ("counc tax", "council-tax-bill-query")],
)
def test_half_a_word_suggests_what_it_may_become(triage: Triage, typed: str, meant: str) -> None:
    assert meant in [c.slug for c in triage.suggest(typed)[:3]]


def test_no_more_is_suggested_than_is_asked_for(triage: Triage) -> None:
    assert len(triage.suggest("council", most=3)) == 3


@given(text=st.one_of(spoken, st.text(max_size=200)))
def test_any_text_gives_candidates_with_scores_in_falling_order(understanding: Understanding, text: str) -> None:
    reading = understanding.read(text)
    scores = [candidate.score for candidate in reading.candidates]
    assert len(scores) <= 5
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert len({(c.slug, c.is_agency) for c in reading.candidates}) == len(scores)
    assert 0 <= reading.noise <= 1
