"""Measuring: what counts as right, by whom, and what is listed as missed."""

from __future__ import annotations

import pytest

from cases.triage import Triage
from cases.triage.bench import (
    AGENCIES,
    AT_1,
    AT_3,
    FALSE_ALARMS,
    MEASURES,
    NOISE_REFUSED,
    PLACES,
    SEVERAL,
    URGENT,
    score,
)
from cases.understanding.labelled import Labelled
from tests.cases.places import TODAY


def marks(triage: Triage, **labelled: object) -> dict[str, tuple[int, int]]:
    """What one enquiry is asked about, and how it did."""
    counts = score(triage, [Labelled.model_validate(labelled)], TODAY).all
    return {measure: counted for measure, counted in counts.items() if counted[1]}


def test_a_service_is_asked_for_at_1_at_3_and_for_a_false_alarm(triage: Triage) -> None:
    found = marks(triage, say="street light not working", wants="street-light-broken")
    assert found == {AT_1: (1, 1), AT_3: (1, 1), FALSE_ALARMS: (0, 1)}


def test_a_service_may_be_named_by_its_number(triage: Triage) -> None:
    assert marks(triage, say="street light not working", wants="564")[AT_1] == (1, 1)


def test_what_a_good_agent_could_just_as_well_choose_is_right(triage: Triage) -> None:
    strict = marks(triage, say="street light not working", wants="pothole")
    lenient = marks(triage, say="street light not working", wants="pothole", also_right=["street-light-broken"])
    assert (strict[AT_1], lenient[AT_1]) == ((0, 1), (1, 1))


def test_a_body_is_right_also_as_the_one_of_the_place_named(triage: Triage) -> None:
    assert marks(triage, say="no water from the taps at NG18 1NG", wants="agency:water-company")[AGENCIES] == (1, 1)


def test_a_body_and_a_service_of_one_name_are_two_things(triage: Triage) -> None:
    assert marks(triage, say="Smell of gas!", wants="agency:gas-emergency", urgent=True) == {
        URGENT: (1, 1),
        AGENCIES: (1, 1),
    }
    assert marks(triage, say="Smell of gas!", wants="gas-emergency", urgent=True)[AT_1] == (0, 1)


def test_small_talk_is_right_only_when_it_is_refused(triage: Triage) -> None:
    assert marks(triage, say="hello", wants="noise")[NOISE_REFUSED] == (1, 1)
    assert marks(triage, say="street light not working", wants="noise")[NOISE_REFUSED] == (0, 1)


def test_several_matters_are_right_when_each_is_found(triage: Triage) -> None:
    say = "The street light is not working. Also my bin was not emptied."
    both = marks(triage, say=say, wants=["street-light-broken", "missed-bin"])
    assert both == {SEVERAL: (1, 1), FALSE_ALARMS: (0, 1)}
    assert marks(triage, say=say, wants=["street-light-broken", "pothole"])[SEVERAL] == (0, 1)


@pytest.mark.parametrize(
    ("say", "wants", "place", "counted"),
    [
        ("my bin was not emptied, NG18 1NG", "missed-bin", {"postcode": "NG18 1NG"}, (1, 1)),
        ("my bin was not emptied, ng181ng", "missed-bin", {"postcode": "NG18 1NG"}, (1, 1)),
        ("my bin was not emptied", "missed-bin", {"postcode": "NG18 1NG"}, (0, 1)),
        ("my bin was not emptied in Mansfield", "missed-bin", {"district": "E07000174"}, (1, 1)),
        ("my bin was not emptied in Mansfield", "missed-bin", {"district": "E07000170"}, (0, 1)),
        ("street light not working in Mansfield", "street-light-broken", {"council": "E10000024"}, (1, 1)),
        ("street light not working", "street-light-broken", {"council": "E10000024"}, (0, 1)),
    ],
)
def test_a_place_is_right_when_it_is_understood_as_meant(
    triage: Triage, say: str, wants: str, place: dict[str, str], counted: tuple[int, int]
) -> None:
    assert marks(triage, say=say, wants=wants, place=place)[PLACES] == counted


def test_a_place_of_another_partnership_is_not_asked_for(triage: Triage) -> None:
    assert PLACES not in marks(triage, say="bin missed in Gosport", wants="missed-bin", place={"district": "E07000088"})


def test_misses_say_what_was_wanted_and_whether_it_is_held_out(triage: Triage) -> None:
    items = [Labelled(say=f"street light {n} is not working", wants="missed-bin") for n in range(20)]
    result = score(triage, items, TODAY)
    at_1 = [m for m in result.misses if m.measure == AT_1]
    assert len(at_1) == 20 and {(m.wanted, m.understood) for m in at_1} == {("missed-bin", "street-light-broken")}
    held_out = [m for m in at_1 if m.is_held_out]
    assert 0 < len(held_out) < 20 and result.held_out[AT_1] == (0, len(held_out))
    assert str(held_out[0]).endswith("[held out]")


def test_a_line_for_each_measure_shows_all_and_the_held_out_part(triage: Triage) -> None:
    lines = list(score(triage, [], TODAY).lines())
    assert [line[:24].strip() for line in lines] == ["", *MEASURES]
    assert "held out" in lines[0]
