"""Places named in free text: towns and villages of the partnership, and what is said about where exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cases.catalogue.schema import PlaceName

# Names that are also ordinary words count only when written as a name.
_ORDINARY = {
    "hook",
    "cove",
    "fleet",
    "west end",
    "north end",
    "hardway",
    "gotham",
    "blackwater",
    "the meadows",
    "milton",
}


@dataclass(frozen=True)
class NamedPlace:
    name: str
    districts: tuple[str, ...]


class PlaceNames:
    """Finds the longest place name in a text, among those of the given districts."""

    def __init__(self, names: Iterable[PlaceName], districts: frozenset[str]) -> None:
        self._by_name = {
            n.name.lower().replace("-", " "): NamedPlace(n.name, n.districts)
            for n in names
            if districts.intersection(n.districts)
        }
        ordered = sorted(self._by_name, key=len, reverse=True)
        words = "|".join(re.escape(n).replace(r"\ ", r"[\s-]+") for n in ordered)
        self._pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if ordered else None

    def find(self, text: str) -> NamedPlace | None:
        """The longest name in ``text``; a name of several districts gives them all."""
        best: NamedPlace | None = None
        for match in self._pattern.finditer(text) if self._pattern else ():
            key = " ".join(match.group().lower().replace("-", " ").split())
            if key in _ORDINARY and not match.group()[0].isupper():
                continue
            place = self._by_name[key]
            if best is None or len(place.name) > len(best.name):
                best = place
        return best
