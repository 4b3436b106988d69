"""Several matters in one message: "bin not emptied AND street light out" is two."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cases.understanding.candidate import Candidate
from cases.understanding.reading import Reading

_JOINTS = re.compile(
    r"\s*(?:[.;:\n!?]+\s+|\n+|\s-+\s|\b[12][).]|[&+,]"
    r"|\b(?:and also|and then|and|also|plus|as well as|another thing|oh and|btw|an|n|nd)\b)\s*",
    re.IGNORECASE,
)
MOST = 4
MOST_PIECES = 10
FEWEST_WORDS = 2
SURE = 0.4  # how sure a part's words must be of what the whole message means as well
IN_WHOLE = 0.03  # how likely the whole message must find it, too
ALONE = 0.97  # how sure a part must be where the whole message does not show it
WORDS_ALONE = 4
OVERLAP = 0.02  # two parts that may mean each other's matter are one

Part = tuple[str, Reading]


def split_matters(text: str, read_all: Callable[[Sequence[str]], list[Reading]]) -> list[Part]:
    """The text's parts, each as it was understood; one part unless two mean something different.

    Half a sentence means many things by itself, so the message as a whole must show the matter as well.
    """
    pieces = pieces_of(text)
    whole, *readings = read_all([text, *pieces] if len(pieces) > 1 else [text])
    shown = {_name(c) for c in whole.candidates if c.score > IN_WHOLE}
    found: list[Part] = []
    for piece, reading in zip(pieces, readings, strict=False):
        if not _is_matter(piece, reading, shown):
            continue
        if not any(_may_be(reading, other) or _may_be(other, reading) for _, other in found):
            found.append((piece, reading))
    return found[:MOST] if len(found) > 1 else [(text, whole)]


def pieces_of(text: str) -> list[str]:
    return [p for p in _JOINTS.split(text) if p and len(p.split()) >= FEWEST_WORDS][:MOST_PIECES]


def _is_matter(piece: str, reading: Reading, shown: set[str]) -> bool:
    best = reading.candidates[0] if reading.candidates else None
    if best is None or reading.noise > best.score:
        return False
    if best.score >= SURE and _name(best) in shown:
        return True
    return best.score >= ALONE and len(piece.split()) >= WORDS_ALONE


def _may_be(one: Reading, other: Reading) -> bool:
    first = _name(other.candidates[0])
    return any(_name(c) == first for c in one.candidates[:3] if c.score > OVERLAP)


def _name(candidate: Candidate) -> str:
    return f"agency:{candidate.slug}" if candidate.is_agency else candidate.slug
