"""Normalised text as counted words, pairs of words and pieces of words.

Each feature is a 32-bit hash of its text: numbers are small to keep, and no word can be read back from them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint32]

SHORTEST_PIECE, LONGEST_PIECE = 3, 5
_STOP_TEXT = """
    a an the of on in at to for from by is are was were be been has have had i im me my we our us you your it its
    this that there theres they them their and or but please can could would will do does did hi hello hey some any just
    with so as am ive id ill hes shes
"""
_STOP = frozenset(_STOP_TEXT.split())


def stem(word: str) -> str:
    """Crude and quick: enough that "bins", "emptied" and "emptying" meet."""
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
    return word


def words_of(normalised: str) -> list[str]:
    """Stems in their order, without the words that say nothing (unless there are no others)."""
    said = normalised.split()
    return [stem(w) for w in said if w not in _STOP] or [stem(w) for w in said]


def count_features(normalised: str) -> tuple[Counter[int], Counter[int]]:
    """How often each hash occurs: of words and pairs, and of pieces of words."""
    stems = words_of(normalised)
    words = Counter(crc32(f"w:{s}".encode()) for s in stems)
    words.update(crc32(f"p:{a} {b}".encode()) for a, b in pairwise(stems))
    pieces: Counter[int] = Counter()
    for word in normalised.split():
        if word in _STOP:
            continue
        padded = f" {word} "
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            pieces.update(crc32(padded[at : at + size].encode()) for at in range(len(padded) - size + 1))
    return words, pieces


@dataclass(frozen=True)
class Vocabulary:
    """The hashes that training saw, in order, with how much each tells (inverse document frequency)."""

    hashes: Hashes
    weights: Floats

    def share_known(self, normalised: str) -> float:
        """How much of the text is made of pieces that were ever seen; little of what a cat typed is."""
        _, pieces = count_features(normalised)
        asked = np.fromiter(pieces.keys(), np.uint32, len(pieces))
        if not len(asked):
            return 0.0
        at = np.searchsorted(self.hashes, asked)
        at[at == len(self.hashes)] = 0
        return float((self.hashes[at] == asked).mean())

    def encode(self, normalised: str) -> tuple[npt.NDArray[np.intp], Floats]:
        """Columns and their values. The two kinds of feature each have length 1; what was never seen is left out."""
        columns, values = [], []
        for counts in count_features(normalised):
            asked = np.fromiter(counts.keys(), np.uint32, len(counts))
            at = np.searchsorted(self.hashes, asked)
            at[at == len(self.hashes)] = 0
            known = self.hashes[at] == asked if len(asked) else np.zeros(0, bool)
            often = np.fromiter(counts.values(), np.float32, len(counts))[known]
            found = (1 + np.log(often)) * self.weights[at[known]]
            length = float(np.sqrt((found**2).sum())) or 1.0
            columns.append(at[known])
            values.append((found / length).astype(np.float32))
        return np.concatenate(columns), np.concatenate(values)
