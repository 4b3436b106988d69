"""Danger and noise in free text: recall before precision for the first, the reverse for the second."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.catalogue.schema import UrgentSign
from cases.understanding.normalising import LONGEST_READ, fold

__all__ = ["LONGEST_READ", "Signals", "fold"]


def _phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """Grouped by first word, so that thousands of phrases cost hardly more than their few hundred first words."""
    rests: dict[str, list[str]] = {}
    for folded in sorted({fold(p) for p in phrases} - {""}, key=len, reverse=True):
        first, gap, rest = folded.partition(" ")
        rests.setdefault(first, []).append(re.escape(gap + rest))
    groups = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile(rf"\b(?:{'|'.join(groups)})\b") if rests else None


@dataclass(frozen=True)
class Signals:
    """Compiled once per process."""

    urgent: tuple[tuple[re.Pattern[str], UrgentSign], ...]
    noise: tuple[tuple[str, frozenset[str], re.Pattern[str] | None], ...]
    by_id: Mapping[str, UrgentSign]

    @classmethod
    def of(cls, signs: Iterable[UrgentSign], noise: Mapping[str, tuple[str, ...]]) -> Signals:
        listed = tuple(signs)
        urgent = tuple((p, s) for s in listed if (p := _phrase_pattern(s.words)))
        return cls(
            urgent=urgent,
            by_id={sign.id: sign for sign in listed},
            noise=tuple(
                (kind, frozenset(fold(p) for p in phrases), _phrase_pattern(phrases)) for kind, phrases in noise.items()
            ),
        )

    def danger(self, folded: str) -> UrgentSign | None:
        return next((sign for pattern, sign in self.urgent if pattern.search(folded)), None)

    def is_mostly(self, sign: UrgentSign, folded: str) -> bool:
        """Whether the sign's own words are half of what was said or more: then nothing else can have been meant."""
        pattern = next(p for p, s in self.urgent if s is sign)
        found = pattern.search(folded)
        return found is not None and 2 * len(found.group().split()) >= len(folded.split())

    def noise_kind(self, folded: str, text: str) -> str | None:
        """The kind of noise when the words are nothing but noise; a text without a letter or digit is noise too.

        ``folded`` holds Latin letters only: a text in another script is not empty, a person must read it.
        """
        if not folded:
            return None if any(mark.isalnum() for mark in text) else "empty"
        for kind, phrases, pattern in self.noise:
            if folded in phrases:
                return kind
            if pattern and not pattern.sub("", folded).strip():
                return kind
        return None
