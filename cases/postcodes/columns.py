"""The rows of an index in the making, held as columns, and the faults met on the way."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from typing import Any

from cases.postcodes.entry import PSEUDO_DISTRICTS
from cases.postcodes.index import TYPES

EXAMPLES_KEPT = 3
EXAMPLE_LENGTH = 40
NOT_UNDERSTOOD = -1
FURTHEST_METRE = 1_500_000

_CODE = re.compile(r"[EWSNLM]\d{8}", re.ASCII)
_MOST_CODES = 0xFFFF  # what fits in a column of 16 bits


class BadRows:
    """A source's faults: how many of each kind, and the first few with their file and line."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}

    def add(self, reason: str, line: int | None, said: str) -> None:
        self.counts[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < EXAMPLES_KEPT:
            at = self.place if line is None else f"{self.place}, line {line}"
            examples.append(f"{at}: {said[:EXAMPLE_LENGTH]!r}")


class CodeTable:
    """GSS codes and their numbers in a column: from 1 up, 0 for none."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._numbers: dict[str, int] = {"": 0}

    def number(self, code: str) -> int:
        """The code's number, or -1 when it is not a GSS code. ``…99999999`` of E, W, S and N mean "none" to ONS."""
        known = self._numbers.get(code)
        if known is None:
            known = self._new_number(code.strip().upper())
            if known != NOT_UNDERSTOOD:
                self._numbers[code] = known
        return known

    def _new_number(self, code: str) -> int:
        if code in self._numbers:
            return self._numbers[code]
        if not _CODE.fullmatch(code) or len(self.codes) == _MOST_CODES:
            return NOT_UNDERSTOOD
        if code.endswith("99999999") and code not in PSEUDO_DISTRICTS:
            return 0
        self.codes.append(code)
        self._numbers[code] = len(self.codes)
        return len(self.codes)


class Columns:
    """The rows of an index in the making. Each sector is appended once, its units in order."""

    def __init__(self, *, has_wards: bool) -> None:
        self.sectors: list[str] = []
        self.starts = array("I", [0])
        self.units = array("H")
        self.districts = array("H")
        self.eastings = array("f")
        self.northings = array("f")
        self.wards = array("H") if has_wards else None
        self.borders = array("H")  # filled once all rows are there
        self.combinations: list[tuple[int, ...]] = []
        self.district_codes = CodeTable()
        self.ward_codes = CodeTable()

    def __len__(self) -> int:
        return len(self.units)

    def sections(self) -> dict[str, array[Any]]:
        columns = {name: getattr(self, name) for name in TYPES}
        return {name: column for name, column in columns.items() if column is not None}

    def counts(self) -> dict[str, int]:
        by_number = Counter(self.districts)
        outside = sum(by_number[self.district_codes.number(code)] for code in PSEUDO_DISTRICTS)
        return {
            "postcodes": len(self),
            "districts": len(self.district_codes.codes),
            "without_district": by_number[0],
            "outside_uk": outside,
            "without_grid_reference": sum(map(math.isnan, self.eastings)),
        }
