"""Whatever a stranger types: one outcome a matter, a reason, no fault, and the same again."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.catalogue.loader import load_catalogue
from cases.triage import Decision, Enquiry, Triage
from cases.triage.decision import OutcomeKind
from cases.triage.lines import answer_line
from tests.cases.places import IN_ASHFIELD, IN_CITY, IN_JERSEY, IN_LONDON, NOT_A_POSTCODE_IN_USE, TODAY

CATALOGUE = load_catalogue()
SLUGS = sorted(CATALOGUE.services)
WORDS = sorted({w for s in CATALOGUE.services.values() for w in s.words})
QUESTIONS = sorted({q.id for s in CATALOGUE.services.values() for q in s.questions})
VALUES = sorted({c.value for s in CATALOGUE.services.values() for q in s.questions for c in q.choices})
DANGER = sorted({w for sign in CATALOGUE.urgent_signs for w in sign.words})
NOISE = sorted({w for phrases in CATALOGUE.noise.values() for w in phrases})
POSTCODES = [IN_ASHFIELD, IN_CITY, IN_JERSEY, IN_LONDON, NOT_A_POSTCODE_IN_USE, "AB11 3AG"]
COUNCILS = ["ashfield", "nottinghamshire", "nottingham", "E09000033", "jersey", "no-such"]

spoken = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(DANGER),
        st.sampled_from(NOISE),
        st.sampled_from(POSTCODES),
        st.sampled_from(["and", ".", "\n", "in Hucknall", "West Bridgford"]),
        st.text(max_size=12),
    ),
    max_size=8,
).map(" ".join)
texts = st.one_of(spoken, st.text(max_size=200))
answers = st.dictionaries(
    st.one_of(st.sampled_from(QUESTIONS), st.text(max_size=5)),
    st.one_of(
        st.sampled_from(VALUES),
        st.text(max_size=10),
        st.lists(st.sampled_from(VALUES), max_size=3).map(tuple),
    ),
    max_size=4,
)
enquiries = st.builds(
    Enquiry,
    on=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    text=texts,
    service=st.one_of(st.none(), st.sampled_from(SLUGS), st.integers(-5, 2000), st.text(max_size=10)),
    postcode=st.one_of(st.none(), st.sampled_from(POSTCODES), st.text(max_size=12)),
    district=st.one_of(st.none(), st.sampled_from(["E07000170", "L99999999", "W06000022", "nonsense"])),
    council=st.one_of(st.none(), st.sampled_from(COUNCILS)),
    answers=answers,
)
thorough = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(decision: Decision) -> None:
    assert isinstance(decision.outcome, OutcomeKind)
    assert decision.reasons and all(reason.strip() for reason in decision.reasons)
    assert 0 <= decision.confidence <= 1
    if decision.outcome is OutcomeKind.AUTHORITY:
        assert decision.authority is not None and decision.queue and decision.public_reasons
    else:
        assert decision.queue is None
    if decision.outcome is OutcomeKind.SIGNPOST:
        assert decision.outside is not None and decision.signpost is not None and decision.public_reasons
    if decision.outcome is OutcomeKind.QUESTION:
        assert len(decision.needs) == 1 and decision.question
    if decision.urgent and decision.outcome is not OutcomeKind.AUTHORITY:
        assert decision.outcome is not OutcomeKind.NOISE


@thorough
@given(enquiry=enquiries)
@example(enquiry=Enquiry(on=TODAY, text="\ud800\x00 hole", service=None))
@example(enquiry=Enquiry(on=date(1, 1, 1), service="pothole", postcode=IN_ASHFIELD))
@example(enquiry=Enquiry(on=date(9999, 12, 31), service="missed-bin", postcode=IN_ASHFIELD))
def test_any_enquiry_has_one_outcome_a_matter_with_a_reason(triage: Triage, enquiry: Enquiry) -> None:
    decisions = triage.decide(enquiry)
    assert 1 <= len(decisions) <= 4
    for decision in decisions:
        check(decision)


@settings(thorough, max_examples=100)
@given(enquiry=enquiries)
def test_deciding_twice_gives_the_same(triage: Triage, enquiry: Enquiry) -> None:
    assert triage.decide(enquiry) == triage.decide(enquiry)


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
keys = st.sampled_from(["id", "text", "service", "postcode", "council", "answers", "channel", "on", "other"])


@settings(thorough, max_examples=200)
@given(line=st.one_of(st.dictionaries(keys, values, max_size=6).map(json.dumps), st.text(max_size=60)))
def test_any_line_gets_one_line_of_json_back(triage: Triage, line: str) -> None:
    answer = answer_line(triage, line, TODAY)
    if answer is None:
        assert not line.strip()
        return
    written = json.dumps(answer, allow_nan=False)
    assert "\n" not in written
    assert set(json.loads(written)) >= ({"id", "error"} if "error" in answer else {"id", "reasons", "also"})


@pytest.mark.parametrize("text", ["\ufeff", "\u2028", "\x00", "\ud800", "a" * 50_000], ids=ascii)
def test_odd_characters_alone_do_no_harm(triage: Triage, text: str) -> None:
    for decision in triage.decide(Enquiry(on=TODAY, text=text)):
        check(decision)
