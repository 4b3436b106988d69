"""The postcode index: one sorted, memory-mapped file that answers in microseconds and is shared by all processes."""

from __future__ import annotations

import json
import math
import mmap
import struct
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from cases.postcodes.entry import IndexInfo, Postcode, PostcodeFileError, Source
from cases.postcodes.text import normalise

# The file: MAGIC, length of the header (u32), the header (JSON), then one array per column, each at a multiple of 8.
# A sector ("NG15 7") is a run of rows; within it the last two letters (their ASCII codes) are sorted. `starts` holds
# the first row of each sector and, at its end, the number of rows. Grid references are floats of 32 bits, which hold
# every whole metre of the grid exactly and "not known" as NaN, just as the source does. `borders` holds the number of a
# combination of other districts close by, from 1 up, 0 for none.
MAGIC = b"SHPCIDX\x01"
FORMAT = 2
HEADER_AT = struct.Struct("<8sI")
TYPES = {"starts": "I", "units": "H", "districts": "H", "eastings": "f", "northings": "f", "wards": "H", "borders": "H"}
NO_GRID = math.nan
NO_ROW = -1
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNIT_NUMBERS = {first + second: ord(first) << 8 | ord(second) for first in _LETTERS for second in _LETTERS}
UNITS = {number: unit for unit, number in UNIT_NUMBERS.items()}


class PostcodeIndex:
    """An open index. Safe to read from many threads; after ``close`` it must not be used any more."""

    def __init__(self, path: Path, mapped: mmap.mmap) -> None:
        header = _header(path, mapped)
        self.path = path
        self.info = _info(header)
        self._map = mapped
        self._columns = {name: _column(path, mapped, name, header) for name in header["sections"]}
        self._units = self._columns["units"]
        self._districts = self._columns["districts"]
        self._eastings = self._columns["eastings"]
        self._northings = self._columns["northings"]
        self._wards = self._columns.get("wards")
        self._borders = self._columns["borders"]
        self._codes: tuple[str | None, ...] = (None, *header["districts"])
        self._ward_codes: tuple[str | None, ...] = (None, *header["wards"])
        self._combinations = ((), *(tuple(map(self._code, numbers)) for numbers in header["combinations"]))
        starts = self._columns["starts"].tolist()
        names = header["sectors"].split(",") if header["sectors"] else []
        self._sectors = dict(zip(names, pairwise(starts), strict=True))

    @classmethod
    def open(cls, path: Path | str) -> PostcodeIndex:
        """Raises ``FileNotFoundError``, or ``PostcodeFileError`` when it is not an index this version can read."""
        path = Path(path)
        with path.open("rb") as file:
            try:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as empty:
                raise PostcodeFileError(f"The postcode index {path} is empty.") from empty
        try:
            return cls(path, mapped)
        except (KeyError, TypeError, ValueError, struct.error) as fault:
            raise PostcodeFileError(f"The postcode index {path} is damaged ({type(fault).__name__}).") from fault

    def lookup(self, postcode: str) -> Postcode | None:
        """Quickest in the form ``NG15 7XX``; any other way that ``normalise`` understands is found too."""
        row = self._row(postcode)
        if row is None:
            tidy = normalise(postcode)
            if tidy is None or tidy == postcode:
                return None
            postcode, row = tidy, self._row(tidy)
        return None if row is None or row == NO_ROW else self._entry(postcode, row)

    def _row(self, postcode: str) -> int | None:
        """``NO_ROW`` when a postcode in its proper form is not there; ``None`` when form or sector is strange."""
        run = self._sectors.get(postcode[:-2])
        unit = UNIT_NUMBERS.get(postcode[-2:])
        if run is None or unit is None:
            return None
        start, end = run
        units = self._units
        row = bisect_left(units, unit, start, end)
        return row if row < end and units[row] == unit else NO_ROW

    def _entry(self, postcode: str, row: int) -> Postcode:
        easting, northing = self._eastings[row], self._northings[row]
        return Postcode(
            postcode,
            self._codes[self._districts[row]],
            int(easting) if easting == easting else None,  # NaN is not equal to itself
            int(northing) if northing == northing else None,
            None if self._wards is None else self._ward_codes[self._wards[row]],
            self._combinations[self._borders[row]],
        )

    def _code(self, number: int) -> str:
        code = self._codes[number]
        if code is None:
            raise ValueError("a border with no district")
        return code

    def iter_sector(self, sector: str) -> Iterator[Postcode]:
        """All postcodes of a sector such as ``NG15 7``, in order; none when there is no such sector."""
        for row in range(*self._sectors.get(sector, (0, 0))):
            yield self._entry(sector + UNITS[self._units[row]], row)

    def district_counts(self, sector: str) -> Counter[str | None]:
        """How a sector's postcodes divide between districts (``None``: not known)."""
        return Counter(self._codes[self._districts[row]] for row in range(*self._sectors.get(sector, (0, 0))))

    def sector_districts(self, sector: str) -> tuple[str, ...]:
        """The districts that a sector such as ``NG15 7`` lies in, the one with most of its postcodes first."""
        return tuple(code for code, _ in self.district_counts(sector).most_common() if code is not None)

    def sectors(self) -> Iterator[str]:
        return iter(self._sectors)

    def __len__(self) -> int:
        return len(self._units)

    def close(self) -> None:
        for column in self._columns.values():
            column.release()
        self._map.close()


def _header(path: Path, mapped: mmap.mmap) -> dict[str, Any]:
    magic, length = HEADER_AT.unpack_from(mapped)
    if magic != MAGIC:
        raise PostcodeFileError(f"{path} is not a postcode index, or is of another version of this program.")
    header: dict[str, Any] = json.loads(mapped[HEADER_AT.size : HEADER_AT.size + length])
    if header["format"] != FORMAT or header["byteorder"] != sys.byteorder:
        raise PostcodeFileError(f"The postcode index {path} was made for another version or machine.")
    if header["size"] != len(mapped):
        raise PostcodeFileError(f"The postcode index {path} is not complete.")
    return header


def _column(path: Path, mapped: mmap.mmap, name: str, header: dict[str, Any]) -> memoryview[int]:
    start, length = header["sections"][name]
    column: memoryview[int] = memoryview(mapped)[start : start + length].cast(TYPES[name])  # type: ignore[call-overload]
    rows = header["counts"]["postcodes"]
    if name != "starts" and len(column) != rows:
        raise PostcodeFileError(f"The postcode index {path} is damaged.")
    return column


def _info(header: dict[str, Any]) -> IndexInfo:
    return IndexInfo(
        source=Source(**header["source"]),
        counts=header["counts"],
        bad_rows=header["bad_rows"],
        bad_examples={reason: tuple(examples) for reason, examples in header["bad_examples"].items()},
        has_wards="wards" in header["sections"],
    )
