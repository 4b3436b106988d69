"""What was learned: arrays that lie in files, mapped into memory and shared by every process of the machine."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cases.understanding.embedding import Floats
from cases.understanding.examples import URGENT
from cases.understanding.features import Vocabulary

POINT_WEIGHT = 2.0  # of the embedding beside the words
_LEAST = 1e-6
_LEARNED = ("hashes", "weights", "projection", "heads", "bias", "danger_heads")
_ARRAYS = (*_LEARNED, "phrases", "phrase_classes", "signs", "sign_classes")


@dataclass(frozen=True)
class Scores:
    """For one text: how likely each meaning is (they sum to 1), how near its nearest phrase is (cosine), and danger as
    the sum of two log odds: of the classes that mean danger, and of the head that tells danger alone."""

    likely: Floats
    nearest: Floats
    danger: float


def meanings_of(classes: Sequence[str]) -> tuple[str, ...]:
    """Each once, whether danger or not, in the order in which a class first has it."""
    return tuple(dict.fromkeys(c.removeprefix(URGENT) for c in classes))


@dataclass(frozen=True)
class Model:
    """``classes``: service slugs, ``agency:slug`` and ``noise``, each perhaps a second time with the mark of danger, in
    the order of the heads' columns. ``phrase_classes`` counts in ``meanings``."""

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    projection: npt.NDArray[np.float16]  # features x topics
    heads: Floats  # (topics + embedding) x classes
    bias: Floats
    danger_heads: Floats
    danger_bias: float
    phrases: Floats  # one row a phrase, in the order of their classes
    phrase_classes: npt.NDArray[np.int32]
    sign_ids: tuple[str, ...]
    signs: Floats  # one row a phrase that means danger
    sign_classes: npt.NDArray[np.int32]

    def scores(self, said: Sequence[str], points: Floats) -> list[Scores]:
        """``said``: normalised; ``points``: their embeddings, a row each."""
        nearest = self.nearest(points)
        dense = np.hstack([np.vstack([self._topics(text) for text in said]), points * POINT_WEIGHT])
        logits = dense @ self.heads + self.bias
        each = np.exp(logits - logits.max(1, keepdims=True))
        each /= each.sum(1, keepdims=True)
        in_danger = each[:, self._is_danger].sum(1)
        odds = np.log((in_danger + _LEAST) / (1 - in_danger + _LEAST))
        danger = odds + dense @ self.danger_heads + self.danger_bias
        likely = each @ self._merging
        return [Scores(likely[i], nearest[i], float(danger[i])) for i in range(len(said))]

    @cached_property
    def meanings(self) -> tuple[str, ...]:
        return meanings_of(self.classes)

    @cached_property
    def _merging(self) -> Floats:
        """Classes x meanings: adds up what is told apart only for danger."""
        joined = np.zeros((len(self.classes), len(self.meanings)), np.float32)
        for at, name in enumerate(self.classes):
            joined[at, self.meanings.index(name.removeprefix(URGENT))] = 1
        return joined

    @cached_property
    def _is_danger(self) -> npt.NDArray[np.bool_]:
        return np.array([c.startswith(URGENT) for c in self.classes])

    def nearest(self, points: Floats) -> Floats:
        """Texts x meanings: the cosine to the nearest phrase of each (0 where one has none)."""
        close = points @ self.phrases.T
        starts = np.flatnonzero(np.diff(self.phrase_classes, prepend=-1))
        found = np.zeros((len(points), len(self.meanings)), np.float32)
        found[:, self.phrase_classes[starts]] = np.maximum.reduceat(close, starts, axis=1)
        return found

    def nearest_signs(self, point: Floats, most: int = 5) -> tuple[str, ...]:
        """Which dangers the words are nearest to, nearest first, whether or not they tell of any."""
        nearest = np.argsort(-(self.signs @ point), kind="stable")[: most * 4]
        return tuple(dict.fromkeys(self.sign_ids[int(self.sign_classes[i])] for i in nearest))[:most]

    def _topics(self, text: str) -> Floats:
        columns, values = self.vocabulary.encode(text)
        pressed: Floats = values @ self.projection[columns].astype(np.float32)
        return pressed

    def save(self, folder: Path) -> None:
        """Into a new folder; the caller puts it in its place by a rename."""
        folder.mkdir(parents=True)
        arrays = {"hashes": self.vocabulary.hashes, "weights": self.vocabulary.weights}
        arrays |= {name: getattr(self, name) for name in _ARRAYS if name not in arrays}
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
        told = {"classes": self.classes, "danger_bias": self.danger_bias, "sign_ids": self.sign_ids}
        (folder / "model.json").write_text(json.dumps(told), encoding="utf-8")
        os.sync()

    @classmethod
    def load(cls, folder: Path) -> Model:
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        vocabulary = Vocabulary(arrays.pop("hashes"), arrays.pop("weights"))
        return cls(
            classes=tuple(told["classes"]),
            sign_ids=tuple(told["sign_ids"]),
            danger_bias=told["danger_bias"],
            vocabulary=vocabulary,
            **arrays,
        )
