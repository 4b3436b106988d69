"""Words that are still being typed: the services and bodies whose title or phrases go on like them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict

from cases.catalogue.loader import Catalogue
from cases.understanding.candidate import Candidate
from cases.understanding.features import words_of
from cases.understanding.normalising import fold

SHORTEST = 2  # letters before anything is offered


class Completer:
    """Every word must begin a word of one phrase; titles before phrases, short phrases before long ones."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._phrases: list[tuple[int, Candidate]] = []
        by_word: dict[str, set[int]] = defaultdict(set)
        for service in catalogue.services.values():
            if service.closed_on is None:
                self._add(Candidate(service.slug, 0.0, service.lgsl), (service.title, *service.words), by_word)
        for agency in catalogue.agencies.values():
            self._add(Candidate(agency.slug, 0.0, None, True), (agency.name, *agency.words), by_word)
        self._by_word = by_word
        self._words = sorted(by_word)

    def _add(self, candidate: Candidate, phrases: tuple[str, ...], by_word: dict[str, set[int]]) -> None:
        for at, phrase in enumerate(phrases):
            words = fold(phrase).split()
            rank = len(words) + (0 if at == 0 else 20) + (1 if candidate.is_agency else 0)
            for word in words:
                by_word[word].add(len(self._phrases))
            self._phrases.append((rank, candidate))

    def complete(self, typed: str, most: int) -> tuple[Candidate, ...]:
        folded = fold(typed)
        starts = folded.split()
        if len(folded) < SHORTEST:
            return ()
        telling = [s for s in starts if words_of(s) and len(s) > 1] or starts
        found: set[int] | None = None
        for start in telling:
            with_it = self._with(start)
            found = with_it if found is None else found & with_it
            if not found:
                return ()
        ranked = sorted((self._phrases[i] for i in found or ()), key=lambda p: (p[0], p[1].slug))
        return tuple({candidate.slug: candidate for _, candidate in ranked}.values())[:most]

    def _with(self, start: str) -> set[int]:
        found: set[int] = set()
        at = bisect_left(self._words, start)
        while at < len(self._words) and self._words[at].startswith(start):
            found |= self._by_word[self._words[at]]
            at += 1
        return found
