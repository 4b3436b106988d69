"""Several matters in one message: "bin not emptied AND street light out" is two."""

from __future__ import annotations

import re

from cases.triage.decision import Candidate
from cases.triage.matching import WordMatcher

_JOINTS = re.compile(r"\s*(?:[.;\n!?]+\s+|\n+|\b(?:and also|and|also|plus|as well as)\b|&|\+)\s*", re.IGNORECASE)
MOST = 4

Part = tuple[str, tuple[Candidate, ...]]


def split_matters(text: str, matcher: WordMatcher, *, sure: float) -> list[Part]:
    """The text's parts, each with its candidates; one part unless two are each sure of a different service."""
    whole = (text, matcher.match(text))
    pieces = [p for p in _JOINTS.split(text) if p and len(p.split()) >= 2][:12]
    if len(pieces) < 2:
        return [whole]
    found: list[Part] = []
    for piece in pieces:
        candidates = matcher.match(piece)
        if not candidates or candidates[0].score < sure + 0.1:
            continue
        top = {c.slug for _, earlier in found for c in earlier[:2]}
        if candidates[0].slug not in top:
            found.append((piece, candidates))
    distinct = found[:MOST]
    if len(distinct) < 2 or (whole[1] and whole[1][0].score >= 0.9):
        return [whole]
    return distinct
