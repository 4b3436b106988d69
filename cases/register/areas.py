"""How a council's area is shared out, and what stays with its area team: what a plan lays over the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

WardOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Shared:
    """From ``starts`` on, who has which part of one council's area; ``rest`` has what is in no list.

    The keys of ``by_place`` are postcodes (``SO40 2AB``) and sectors (``SO40 2``); a postcode goes before its sector,
    and a ward before both. ``rest`` is the council itself where it goes on without that part.
    """

    starts: date
    rest: str
    by_place: Mapping[str, str]
    by_ward: Mapping[str, str]

    def taker(self, postcode: str, ward_of: WardOf | None) -> str | None:
        """None when the ward would decide and nobody knows it."""
        if self.by_ward:
            ward = ward_of(postcode) if ward_of else None
            if taker := self.by_ward.get(ward or ""):
                return taker
            if ward is None and not self._is_listed(postcode):
                return None
        return self.by_place.get(postcode) or self.by_place.get(postcode[:-2]) or self.rest

    def _is_listed(self, postcode: str) -> bool:
        return postcode in self.by_place or postcode[:-2] in self.by_place


@dataclass(frozen=True, slots=True)
class Stay:
    """A service that the team of the council ``of`` goes on doing for its successor, from a day until a day."""

    of: str
    starts: date
    until: date
