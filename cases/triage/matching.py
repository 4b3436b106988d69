"""Which service (or other body) the words mean, by plain word matching against the catalogue's everyday phrases."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from cases.catalogue.loader import Catalogue
from cases.triage.decision import Candidate
from cases.triage.signals import fold

_STOP_TEXT = """
    a an the of on in at to for from by is are was were be been has have had i im i'm me my we our us you your it its
    it's this that there theres there's they them their and or but not no with outside near opposite next please can
    could would will do does did dont don't hi hello hey help need want get got about some any over up down out just
    isn't isnt aren't arent wasn't wasnt weren't werent hasn't hasnt haven't havent doesn't doesnt didn't didnt aint
    still again who what when where how why council street road st rd
"""
_STOP = frozenset(_STOP_TEXT.split())
_SHORTENED = {"ppl": "people", "pls": "please", "plz": "please", "st": "street", "rd": "road", "ctax": "council tax"}
_SHORTEST_FUZZY = 5
_FUZZY_CUTOFF = 84
KEEP = 5


@dataclass(frozen=True)
class _Phrase:
    target: str
    words: frozenset[str]
    weight: float
    text: str


def stem(word: str) -> str:
    """Crude and quick: enough that "bins", "emptied" and "emptying" meet."""
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
    return word


def content_words(folded: str) -> list[str]:
    words = [_SHORTENED.get(w, w) for w in folded.split()]
    kept = [stem(w) for w in " ".join(words).split() if w not in _STOP and len(w) > 1]
    return kept or [stem(w) for w in folded.split()]


class WordMatcher:
    """Scores every service and agency by its best phrase. Built once per process; ``match`` changes nothing."""

    def __init__(self, catalogue: Catalogue, learned: Mapping[str, Iterable[str]] | None = None) -> None:
        self._lgsl = {s.slug: s.lgsl for s in catalogue.services.values()}
        self._agencies = frozenset(catalogue.agencies)
        self._phrases: list[_Phrase] = []
        for service in catalogue.services.values():
            extra = tuple((learned or {}).get(service.slug, ()))
            self._add(service.slug, (service.title, *service.words, *extra))
        for agency in catalogue.agencies.values():
            self._add(agency.slug, (agency.name, *agency.words))
        counts: dict[str, set[str]] = defaultdict(set)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for i, phrase in enumerate(self._phrases):
            for word in phrase.words:
                counts[word].add(phrase.target)
                self._by_word[word].append(i)
        total = len(self._lgsl) + len(self._agencies)
        self._idf = {word: math.log(1 + total / len(targets)) for word, targets in counts.items()}
        self._vocabulary = sorted(w for w in self._idf if len(w) >= _SHORTEST_FUZZY - 1)

    def _add(self, target: str, phrases: Iterable[str]) -> None:
        for phrase in phrases:
            folded = fold(phrase)
            words = frozenset(content_words(folded))
            if words:
                self._phrases.append(_Phrase(target, words, 1.0, folded))

    def match(self, text: str) -> tuple[Candidate, ...]:
        """The best candidates, highest first, each scored 0–1; empty when no word is known."""
        folded = fold(text)
        said = {w: w for w in dict.fromkeys(content_words(folded))}
        known = self._known(said)
        if not known:
            return ()
        best: dict[str, float] = {}
        for index in {i for word in known for i in self._by_word[word]}:
            phrase = self._phrases[index]
            score = self._score(phrase, known, len(said), folded)
            if score > best.get(phrase.target, 0.0):
                best[phrase.target] = score
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:KEEP]
        return tuple(Candidate(t, round(s, 3), self._lgsl.get(t), t in self._agencies) for t, s in ranked)

    def _known(self, said: Iterable[str]) -> dict[str, float]:
        """Each vocabulary word that was said (or nearly said), and how surely."""
        known: dict[str, float] = {}
        for word in list(said)[:80]:
            if word in self._idf:
                known[word] = 1.0
            elif len(word) >= _SHORTEST_FUZZY:
                near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF)
                if near:
                    known.setdefault(near[0], near[1] / 100 * 0.9)
        return known

    def _score(self, phrase: _Phrase, known: Mapping[str, float], said: int, folded: str) -> float:
        shared = sum(self._idf[w] * known[w] for w in phrase.words if w in known)
        whole = sum(self._idf[w] for w in phrase.words)
        spoken = sum(self._idf[w] * sure for w, sure in known.items()) + 0.6 * (said - len(known))
        recall, precision = shared / whole, shared / spoken if spoken else 0.0
        base = recall * (0.72 + 0.2 * precision)
        if recall > 0.99 and f" {phrase.text} " in f" {folded} ":
            base += 0.08 + 0.01 * min(len(phrase.words), 4)
        return min(0.99, base)
