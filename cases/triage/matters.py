"""Several matters in one message: "bin not emptied AND street light out" is two."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cases.understanding.reading import Reading

_JOINTS = re.compile(
    r"\s*(?:[.;\n!?]+\s+|\n+|,\s*(?=(?:also|and|plus|then)\b)"
    r"|\b(?:and also|and|also|plus|as well as|another thing)\b|&|\+)\s*",
    re.IGNORECASE,
)
MOST = 4
MOST_PIECES = 8
FEWEST_WORDS = 2
SURE_OF_PIECE = 0.5  # how sure the words of a part must be of what they mean

Part = tuple[str, Reading]


def split_matters(text: str, read_all: Callable[[Sequence[str]], list[Reading]]) -> list[Part]:
    """The text's parts, each as it was understood; one part unless two are each sure of something different."""
    pieces = [p for p in _JOINTS.split(text) if p and len(p.split()) >= FEWEST_WORDS][:MOST_PIECES]
    whole, *readings = read_all([text, *pieces] if len(pieces) > 1 else [text])
    found: list[Part] = []
    for piece, reading in zip(pieces, readings, strict=False):
        best = reading.candidates[0] if reading.candidates else None
        if best is None or best.score < SURE_OF_PIECE or reading.noise > best.score:
            continue
        near = {c.slug for _, earlier in found for c in earlier.candidates[:2]}
        theirs = {c.slug for c in reading.candidates[:2]}
        first = {earlier.candidates[0].slug for _, earlier in found}
        if best.slug not in near and not theirs & first:
            found.append((piece, reading))
    return found[:MOST] if len(found) > 1 else [(text, whole)]
