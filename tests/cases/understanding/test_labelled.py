"""The labelled enquiries: enough of each kind, told apart from what teaches the words, and never in doubt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cases.catalogue.loader import DATA, Catalogue
from cases.understanding.examples import AGENCY, NOISE, catalogue_examples
from cases.understanding.labelled import Labelled, load_labelled, taught_examples
from cases.understanding.normalising import fold
from cases.yaml_lines import DataFilesError, validate_entries


@pytest.fixture(scope="module")
def labelled(catalogue: Catalogue) -> list[Labelled]:
    """Every meaning is in the catalogue, or this raises with the file and the line."""
    return load_labelled(catalogue=catalogue)


def test_there_are_enough_of_every_kind(labelled: list[Labelled]) -> None:
    wants = Counter(meaning for item in labelled for meaning in item.meanings)
    bodies = {meaning: times for meaning, times in wants.items() if meaning.startswith(AGENCY)}
    assert len(labelled) >= 600
    assert len(set(wants) - set(bodies) - {NOISE}) >= 120
    assert sum(bodies.values()) >= 150 and len(bodies) >= 45
    assert wants[NOISE] >= 90
    assert sum(item.urgent for item in labelled) >= 130
    assert sum(len(item.meanings) > 1 for item in labelled) >= 60
    assert sum(item.place is not None for item in labelled) >= 90


def test_words_that_only_sound_like_danger_are_among_them() -> None:
    near_misses = validate_entries(DATA / "bench" / "near-misses.yaml", Labelled)
    assert len(near_misses) >= 120 and not any(item.urgent for item in near_misses)


def test_every_way_of_reaching_a_council_is_heard(labelled: list[Labelled]) -> None:
    assert min(Counter(item.manner for item in labelled).values()) >= 150


def test_no_text_stands_twice(labelled: list[Labelled]) -> None:
    times = Counter(fold(item.say) or item.say for item in labelled)
    assert [say for say, n in times.items() if n > 1] == []


def test_no_text_is_a_phrase_that_the_words_are_taught_by(labelled: list[Labelled], catalogue: Catalogue) -> None:
    phrases = {fold(e.say) for e in catalogue_examples(catalogue)} - {""}
    assert [item.say for item in labelled if fold(item.say) in phrases] == []


def test_about_a_fifth_is_held_out_always_the_same(labelled: list[Labelled]) -> None:
    assert 0.17 <= sum(item.is_held_out for item in labelled) / len(labelled) <= 0.24
    again = Labelled(say="street lamp flickering", wants="pothole")
    assert again.is_held_out is Labelled(say="street lamp flickering", wants=NOISE, urgent=True).is_held_out
    assert not Labelled(say="a", wants=NOISE).is_held_out and Labelled(say="g", wants=NOISE).is_held_out


def test_what_is_held_out_or_has_several_meanings_teaches_nothing(
    labelled: list[Labelled], catalogue: Catalogue
) -> None:
    taught = {example.say: example for example in taught_examples(catalogue)}
    for item in labelled:
        assert (item.say in taught) is not (item.is_held_out or len(item.meanings) > 1), item.say
        if item.say in taught:
            assert taught[item.say].means == item.meanings[0]
            assert taught[item.say].danger is item.urgent


def test_a_service_s_number_teaches_the_service(catalogue: Catalogue, tmp_path: Path) -> None:
    write(tmp_path, '- {say: "a", wants: "564"}')
    assert [e.means for e in taught_examples(catalogue, tmp_path)] == ["street-light-broken"]


@pytest.mark.parametrize("meaning", ["99998", "no-such-service", "agency:no-such-body"])
def test_what_the_catalogue_does_not_have_is_named_with_its_line(
    catalogue: Catalogue, tmp_path: Path, meaning: str
) -> None:
    write(tmp_path, f'- {{say: "one", wants: pothole}}\n- {{say: "two", wants: "{meaning}"}}')
    assert len(load_labelled(tmp_path)) == 2
    with pytest.raises(DataFilesError, match=rf"some\.yaml:2: “{meaning}” is not in the catalogue"):
        load_labelled(tmp_path, catalogue)


@pytest.mark.parametrize(
    "entry",
    [
        '{say: "", wants: noise}',
        '{say: "a", wants: [pothole]}',
        '{say: "a", wants: "Pot hole"}',
        '{say: "a", wants: noise, manner: shouted}',
        '{say: "a", wants: pothole, place: {}}',
        '{say: "a", wants: pothole, place: {district: E07000174, council: E10000024}}',
        '{say: "a", wants: pothole, place: {postcode: ng18 1ng}}',
    ],
)
def test_a_label_that_makes_no_sense_is_refused(tmp_path: Path, entry: str) -> None:
    write(tmp_path, f"- {entry}")
    with pytest.raises(DataFilesError, match=r"some\.yaml:1: "):
        load_labelled(tmp_path)


def write(root: Path, text: str) -> None:
    folder = root / "bench"
    folder.mkdir()
    (folder / "some.yaml").write_text(text + "\n", encoding="utf-8")
