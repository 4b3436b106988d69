"""Learning from corrections: what is worth it, and adopting, finding and going back; no training here."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from cases.catalogue.loader import Catalogue
from cases.triage.learning import Correction, adopt, adopted, lessons, name_of, roll_back
from cases.understanding.building import ready_model
from cases.understanding.examples import Example
from cases.understanding.model import Model
from cases.understanding.reading import Understanding

ODD = ("the wobbly thing is wobbling", "our wobbly thing wobbled all night")


@pytest.fixture(scope="module")
def model(catalogue: Catalogue) -> Model:
    return ready_model(Path(sys.prefix), catalogue)


def test_what_several_people_corrected_alike_is_a_lesson(understanding: Understanding, catalogue: Catalogue) -> None:
    learned = lessons(understanding, catalogue, [Correction(say, "allotments") for say in ODD])
    assert learned == [Example(say, "allotments") for say in ODD]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([Correction(ODD[0], "allotments")], id="said-only-once"),
        pytest.param([Correction(ODD[0], "allotments")] * 3, id="the-same-text-again-and-again"),
        pytest.param([Correction(ODD[0], "allotments"), Correction(ODD[1], "taxi-licence")], id="no-two-alike"),
        pytest.param([Correction(say, "no-such-service") for say in ODD], id="a-service-that-is-no-more"),
        pytest.param([Correction(" ", "allotments"), Correction("", "allotments")], id="no-words"),
        pytest.param(
            [Correction("pothole", "pothole"), Correction("my bin was not emptied", "missed-bin")], id="right-already"
        ),
    ],
)
def test_one_slip_adds_nothing(understanding: Understanding, catalogue: Catalogue, said: list[Correction]) -> None:
    assert lessons(understanding, catalogue, said) == []


def test_the_name_tells_what_was_learned_over_which_catalogue_in_any_order() -> None:
    learned = [Example(say, "allotments") for say in ODD]
    assert name_of("key", learned) == name_of("key", learned[::-1]) != name_of("key", learned[:1])
    assert name_of("key", learned).startswith("key-")


def test_what_is_adopted_is_found_and_the_one_before_comes_back(tmp_path: Path, model: Model) -> None:
    assert adopted(tmp_path, "key") is None
    assert not roll_back(tmp_path)
    adopt(tmp_path, "key-1", model)
    adopt(tmp_path, "key-2", model)
    found = adopted(tmp_path, "key")
    assert found is not None and found.name == "key-2"
    assert Model.load(found) is not None
    assert roll_back(tmp_path)
    found = adopted(tmp_path, "key")
    assert found is not None and found.name == "key-1"
    assert roll_back(tmp_path)
    assert adopted(tmp_path, "key") is None
    assert not roll_back(tmp_path)


def test_adopting_keeps_only_what_one_could_go_back_to(tmp_path: Path, model: Model) -> None:
    for number in range(4):
        adopt(tmp_path, f"key-{number}", model)
    kept = sorted(path.name for path in (tmp_path / "understanding").iterdir() if path.is_dir())
    assert kept == ["key-2", "key-3"]


def test_what_was_learned_over_another_catalogue_or_was_lost_does_not_count(tmp_path: Path, model: Model) -> None:
    adopt(tmp_path, "key-1", model)
    assert adopted(tmp_path, "other") is None
    shutil.rmtree(tmp_path / "understanding" / "key-1")
    assert adopted(tmp_path, "key") is None


