"""What is known of one postcode, and of the index that knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from cases.errors import ShirehallError

Progress = Callable[[int, int], None]
"""Called with (done, total) while something long runs; the unit is the caller's to guess, the ratio is what counts."""

JERSEY_AND_GUERNSEY = "L99999999"
ISLE_OF_MAN = "M99999999"
PSEUDO_DISTRICTS = frozenset({JERSEY_AND_GUERNSEY, ISLE_OF_MAN})


class PostcodeFileError(ShirehallError):
    """A file that was given, or found, cannot be used; the message says why and what to do."""

    message = "This file cannot be used for postcodes."


class Postcode(NamedTuple):
    """``None`` means "not known", never "none there". Retired postcodes are included.

    The district is the lowest council's GSS code, or ``L99999999`` (Channel Islands) or ``M99999999`` (Isle of Man).
    Grid references are metres on the British grid, for Northern Ireland (BT) on the Irish grid. ``near_border``: the
    other districts so close that some of the addresses may lie in them, nearest first.
    """

    postcode: str
    district_gss: str | None
    easting: int | None
    northing: int | None
    ward_gss: str | None
    near_border: tuple[str, ...] = ()


class KnowsPostcodes(Protocol):
    """An index, or the store that keeps it up to date."""

    def lookup(self, postcode: str) -> Postcode | None: ...

    def sector_districts(self, sector: str) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Source:
    """Where an index came from. ``base``: the source of the postcodes this one did not have."""

    name: str
    version: str
    date: str | None = None
    base: str | None = None

    def __str__(self) -> str:
        dated = f" of {self.date}" if self.date else ""
        return f"{self.name} {self.version}{dated}"


@dataclass(frozen=True)
class IndexInfo:
    """``counts`` are of the postcodes kept; ``bad_rows`` of the source's faults, by reason, with a few examples."""

    source: Source
    counts: Mapping[str, int]
    bad_rows: Mapping[str, int] = field(default_factory=dict)
    bad_examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_wards: bool = False
