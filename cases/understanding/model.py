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
_ARRAYS = (*_LEARNED, "points", "is_danger", "phrase_classes", "sign_of")
# How much tells of danger, in log odds: what the two heads say, and the mean closeness to the nearest 1, 3 and 8 texts
# with and without danger. Fitted over enquiries that the heads had not seen.
_OF_CLASSES, _OF_HEAD, _BEGIN = 0.34, 0.42, -0.52
_NEAREST = ((1, 3.98, 2.24), (3, 3.38, 3.21), (8, 2.17, 2.66))


@dataclass(frozen=True)
class Scores:
    """For one text: how likely each meaning is (they sum to 1), how near its nearest phrase is (cosine), and how much
    it tells of danger (log odds); ``signs``: which dangers it is nearest to, nearest first, be there one or not."""

    likely: Floats
    nearest: Floats
    danger: float
    signs: tuple[str, ...]


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
    points: Floats  # one row a text that was learned from: the phrases by their classes, then the rest
    is_danger: npt.NDArray[np.bool_]
    phrase_classes: npt.NDArray[np.int32]
    sign_ids: tuple[str, ...]
    sign_of: npt.NDArray[np.int32]  # -1: the text is no sign

    def scores(self, said: Sequence[str], points: Floats) -> list[Scores]:
        """``said``: normalised; ``points``: their embeddings, a row each."""
        close = points @ self.points.T
        nearest = self._nearest(close[:, : len(self.phrase_classes)])
        dense = np.hstack([np.vstack([self._topics(text) for text in said]), points * POINT_WEIGHT])
        logits = dense @ self.heads + self.bias
        each = np.exp(logits - logits.max(1, keepdims=True))
        each /= each.sum(1, keepdims=True)
        in_danger = each[:, self._is_danger].sum(1)
        odds = np.log((in_danger + _LEAST) / (1 - in_danger + _LEAST))
        danger = _OF_CLASSES * odds + _OF_HEAD * (dense @ self.danger_heads + self.danger_bias) + self._neighbours(close)
        likely = each @ self._merging
        return [Scores(likely[i], nearest[i], float(danger[i]), self._signs(close[i])) for i in range(len(said))]

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

    def _nearest(self, close: Floats) -> Floats:
        """Texts x meanings: the cosine to the nearest phrase of each (0 where one has none)."""
        starts = np.flatnonzero(np.diff(self.phrase_classes, prepend=-1))
        found = np.zeros((len(close), len(self.meanings)), np.float32)
        found[:, self.phrase_classes[starts]] = np.maximum.reduceat(close, starts, axis=1)
        return found

    def _neighbours(self, close: Floats) -> Floats:
        told = np.full(len(close), _BEGIN, np.float32)
        most = _NEAREST[-1][0]
        in_danger = -np.sort(-np.partition(close[:, self.is_danger], -most, axis=1)[:, -most:], axis=1)
        calm = -np.sort(-np.partition(close[:, ~self.is_danger], -most, axis=1)[:, -most:], axis=1)
        for many, of_danger, of_calm in _NEAREST:
            told += of_danger * in_danger[:, :many].mean(1) - of_calm * calm[:, :many].mean(1)
        return told

    def _signs(self, close: Floats, most: int = 5) -> tuple[str, ...]:
        rows = self._sign_rows
        nearest = rows[np.argsort(-close[rows], kind="stable")[: most * 4]]
        return tuple(dict.fromkeys(self.sign_ids[self.sign_of[i]] for i in nearest))[:most]

    @cached_property
    def _sign_rows(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(self.sign_of >= 0)

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
