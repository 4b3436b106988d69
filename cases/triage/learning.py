"""Learning from people: words that staff put under another service than triage would have."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cases.triage.matching import WordMatcher, content_words
from cases.triage.signals import fold

FEWEST = 2  # corrections that must agree before a word counts
MOST_WORDS = 5
FILE_NAME = "learned-phrases.json"


@dataclass(frozen=True)
class Correction:
    """What was said, and the service that a person put it under."""

    said: str
    service: str


def learn(matcher: WordMatcher, corrections: Iterable[Correction]) -> dict[str, tuple[str, ...]]:
    """New phrases by service, made of words that several corrections of one service share.

    Only such shared words are kept: a name, a number or a street that one person mentioned never is.
    """
    said: dict[str, list[set[str]]] = defaultdict(list)
    for correction in corrections:
        ranked = matcher.match(correction.said)
        if not ranked or ranked[0].slug != correction.service:
            said[correction.service].append({w for w in content_words(fold(correction.said)) if w.isalpha()})
    learned: dict[str, tuple[str, ...]] = {}
    for service, texts in said.items():
        shared = Counter(word for words in texts for word in words)
        common = {word for word, times in shared.items() if times >= FEWEST}
        phrases = {" ".join(sorted(words & common)[:MOST_WORDS]) for words in texts if len(words & common) >= 2}
        if phrases:
            learned[service] = tuple(sorted(phrases))
    return learned


def load_learned(home: Path) -> Mapping[str, tuple[str, ...]]:
    """What was adopted here; nothing when nothing was."""
    path = home / FILE_NAME
    if not path.exists():
        return {}
    kept: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return {service: tuple(phrases) for service, phrases in kept.items()}


def adopt(home: Path, learned: Mapping[str, tuple[str, ...]]) -> None:
    """Switch to ``learned`` from the next start of each process on; the one before stays beside it to go back to."""
    path = home / FILE_NAME
    if path.exists():
        path.replace(path.with_suffix(".before"))
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({s: list(p) for s, p in learned.items()}, indent=1, sort_keys=True), encoding="utf-8")
    fresh.replace(path)


def roll_back(home: Path) -> bool:
    """Go back to what was before; False when there is nothing to go back from."""
    path = home / FILE_NAME
    before = path.with_suffix(".before")
    if before.exists():
        before.replace(path)
        return True
    if path.exists():
        path.unlink()
        return True
    return False


def version_of(learned: Mapping[str, tuple[str, ...]]) -> str:
    """Short, and part of each decision's data version; empty when nothing was learned."""
    if not learned:
        return ""
    return "." + hashlib.sha256(json.dumps(sorted(learned.items())).encode()).hexdigest()[:8]
