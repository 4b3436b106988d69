"""What the words could mean, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A service (or agency) that the words could mean; ``score`` is between 0 and 1."""

    slug: str
    score: float
    lgsl: int | None = None
    is_agency: bool = False
