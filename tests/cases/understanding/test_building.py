"""A model on disk: whole or not there, and the same when it is read again."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cases.catalogue.loader import Catalogue
from cases.understanding.building import key_of, put, ready_embedder, ready_model
from cases.understanding.model import Model
from cases.understanding.reading import Understanding

TEXTS = ["my bin was not emptied", "I can smell gas", "how do I pay my council tax", "thanks", "dziura w drodze"]


@pytest.fixture(scope="module")
def model(catalogue: Catalogue) -> Model:
    return ready_model(Path(sys.prefix), catalogue)


@pytest.fixture(scope="module")
def saved(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "understanding"
    put(folder, lambda: model)
    return folder


def unfit_to_be_written(model: Model) -> Model:
    """Its arrays can be written; what is told of them, which comes last, cannot."""
    return replace(model, sign_ids=(object(),))  # type: ignore[arg-type]


def test_a_model_saved_and_loaded_reads_the_same(model: Model, saved: Path, catalogue: Catalogue) -> None:
    embedder = ready_embedder(Path(sys.prefix))
    before, after = (Understanding(each, embedder, catalogue) for each in (model, Model.load(saved)))
    assert after.read_all(TEXTS) == before.read_all(TEXTS)


def test_nothing_but_the_model_is_left_where_it_was_put(saved: Path) -> None:
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_a_folder_half_written_is_not_taken_for_a_model(model: Model, tmp_path: Path) -> None:
    folder = tmp_path / "understanding"
    with pytest.raises(TypeError):
        put(folder, lambda: unfit_to_be_written(model))
    assert not folder.exists()
    (half,) = tmp_path.iterdir()
    with pytest.raises(FileNotFoundError):
        Model.load(half)


def test_what_was_left_half_written_is_in_nobodys_way(model: Model, tmp_path: Path) -> None:
    folder = tmp_path / "understanding"
    with pytest.raises(TypeError):
        put(folder, lambda: unfit_to_be_written(model))
    put(folder, lambda: model)
    assert Model.load(folder).classes == model.classes
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_model_that_works_stays_until_the_next_is_whole(model: Model, saved: Path) -> None:
    with pytest.raises(TypeError):
        put(saved, lambda: unfit_to_be_written(model))
    assert np.array_equal(Model.load(saved).points, model.points)


def test_other_words_ask_for_another_model(catalogue: Catalogue) -> None:
    assert key_of(catalogue) == key_of(replace(catalogue, version="another"))
    assert key_of(catalogue) != key_of(replace(catalogue, words_version="another"))
