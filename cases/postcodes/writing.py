"""Gathers postcodes into columns and writes them as one index file, all of it or nothing."""

from __future__ import annotations

import json
import math
import operator
import os
import re
import struct
import sys
import threading
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import compress, count, islice
from pathlib import Path
from typing import BinaryIO

from cases.postcodes.entry import PSEUDO_DISTRICTS, IndexInfo, Postcode, Source
from cases.postcodes.index import FORMAT, HEADER_AT, MAGIC, NO_GRID, TYPES, UNIT_NUMBERS
from cases.postcodes.text import OUTWARD

EXAMPLES_KEPT = 3
EXAMPLE_LENGTH = 40
FURTHEST_METRE = 1_500_000

NOT_A_POSTCODE = "not a postcode (row left out)"
NO_POSTCODE = "no postcode (row left out)"
GIVEN_TWICE = "given twice (first row kept)"
BAD_DISTRICT = "district code not understood (kept without a district)"
BAD_WARD = "ward code not understood (kept without a ward)"
BAD_GRID = "grid reference not understood (kept without one)"
LEFT_OUT = frozenset({NOT_A_POSTCODE, NO_POSTCODE, GIVEN_TWICE})

_ROW = re.compile(rf"({OUTWARD})(\d)([A-Z]{{2}})")
_CODE = re.compile(r"[EWSNLM]\d{8}")
_RECORD = struct.Struct(">HHHII")  # the unit first and big-endian, so that records sort as bytes
_NOT_UNDERSTOOD = -1
_HEAD, _TAIL = operator.itemgetter(slice(5)), operator.itemgetter(slice(5, None))


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
            known = self._numbers[code] = self._new_number(code.strip().upper())
        return known

    def _new_number(self, code: str) -> int:
        if code in self._numbers:
            return self._numbers[code]
        if not _CODE.fullmatch(code):
            return _NOT_UNDERSTOOD
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
        self.eastings = array("I")
        self.northings = array("I")
        self.wards = array("H") if has_wards else None
        self.district_codes = CodeTable()
        self.ward_codes = CodeTable()

    def __len__(self) -> int:
        return len(self.units)

    def sections(self) -> dict[str, array[int]]:
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
            "without_grid_reference": self.eastings.count(NO_GRID),
        }


class RowSorter:
    """Takes rows in any order and of any quality; ``flush`` appends the good ones to the columns, sorted."""

    def __init__(self, columns: Columns, bad: BadRows) -> None:
        self._columns = columns
        self._bad = bad
        self._sectors: dict[str, bytearray] = {}

    def add(self, postcode: str, district: str, easting: str, northing: str, ward: str, line: int) -> bool:
        """Whether the row was good enough to keep."""
        parts = _ROW.fullmatch(postcode.replace(" ", "").upper())
        if parts is None:
            self._bad.add(NOT_A_POSTCODE if postcode.strip() else NO_POSTCODE, line, postcode)
            return False
        grid = _grid(easting, northing)
        if grid is None:
            self._bad.add(BAD_GRID, line, f"{postcode} {easting} {northing}")
        record = _RECORD.pack(
            UNIT_NUMBERS[parts[3]],
            self._number(self._columns.district_codes, district, BAD_DISTRICT, line),
            self._number(self._columns.ward_codes, ward, BAD_WARD, line),
            *(grid or (NO_GRID, NO_GRID)),
        )
        sector = f"{parts[1]} {parts[2]}"
        rows = self._sectors.get(sector)
        if rows is None:
            rows = self._sectors[sector] = bytearray()
        rows += record
        return True

    def _number(self, table: CodeTable, code: str, reason: str, line: int) -> int:
        number = table.number(code)
        if number == _NOT_UNDERSTOOD:
            self._bad.add(reason, line, code)
            return 0
        return number

    def add_missing(self, sector: str, entries: Iterator[Postcode]) -> int:
        """Keep what another index knows of a sector and this source does not; how many that were."""
        rows = self._sectors.get(sector) or bytearray()
        known = {rows[at : at + 2].hex() for at in range(0, len(rows), _RECORD.size)}
        added = 0
        for entry in entries:
            unit = UNIT_NUMBERS[entry.postcode[-2:]]
            if unit.to_bytes(2, "big").hex() in known:
                continue
            rows += _RECORD.pack(
                unit,
                self._columns.district_codes.number(entry.district_gss or ""),
                self._columns.ward_codes.number(entry.ward_gss or ""),
                entry.easting or NO_GRID,
                entry.northing or NO_GRID,
            )
            added += 1
        if added:
            self._sectors[sector] = rows
        return added

    def flush(self) -> None:
        columns = self._columns
        for sector in sorted(self._sectors):
            rows = self._sectors.pop(sector)
            last = -1
            for record in sorted(_records(rows), key=_unit_of):  # a stable sort: of two alike the first stays first
                unit, district, ward, easting, northing = _RECORD.unpack(record)
                if unit == last:
                    unit_letters = chr(65 + unit // 26) + chr(65 + unit % 26)
                    self._bad.add(GIVEN_TWICE, None, sector + unit_letters)
                    continue
                last = unit
                columns.units.append(unit)
                columns.districts.append(district)
                columns.eastings.append(easting)
                columns.northings.append(northing)
                if columns.wards is not None:
                    columns.wards.append(ward)
            columns.sectors.append(sector)
            columns.starts.append(len(columns.units))


def _records(rows: bytearray) -> list[bytes]:
    return [bytes(rows[at : at + _RECORD.size]) for at in range(0, len(rows), _RECORD.size)]


def _unit_of(record: bytes) -> bytes:
    return record[:2]


def _grid(easting: str, northing: str) -> tuple[int, int] | None:
    """Metres; zeros when none is given (blank, or 0, 0 as Code-Point Open writes it); ``None`` when it is nonsense."""
    try:
        east = int(float(easting)) if easting.strip() else NO_GRID
        north = int(float(northing)) if northing.strip() else NO_GRID
    except (ValueError, OverflowError):
        return None
    is_none_given = east == NO_GRID and north == NO_GRID
    is_on_the_map = 0 < east < FURTHEST_METRE and 0 < north < FURTHEST_METRE
    return (east, north) if is_none_given or is_on_the_map else None


def write_index(path: Path, columns: Columns, source: Source, bad: BadRows, extra: dict[str, int]) -> IndexInfo:
    """Write to a temporary file beside ``path``, then rename: a reader sees the old index or the new, never a half."""
    info = IndexInfo(
        source=source,
        counts=columns.counts() | extra,
        bad_rows=dict(bad.counts),
        bad_examples={reason: tuple(examples) for reason, examples in bad.examples.items()},
        has_wards=columns.wards is not None,
    )
    header, places = _header_of(info, columns)
    with _replacing(path) as file:
        file.write(header)
        for name, column in columns.sections().items():
            file.write(b"\0" * (places[name][0] - file.tell()))
            column.tofile(file)
    return info


def _header_of(info: IndexInfo, columns: Columns) -> tuple[bytes, dict[str, tuple[int, int]]]:
    document = {
        "format": FORMAT,
        "byteorder": sys.byteorder,
        "source": asdict(info.source),
        "counts": info.counts,
        "bad_rows": info.bad_rows,
        "bad_examples": info.bad_examples,
        "districts": columns.district_codes.codes,
        "wards": columns.ward_codes.codes if info.has_wards else [],
        "sectors": ",".join(columns.sectors),
    }
    room = len(json.dumps(document)) + 1_000  # for the places of the columns, which depend on the header's own length
    at = _aligned(HEADER_AT.size + room)
    places = {}
    for name, column in columns.sections().items():
        length = len(column) * column.itemsize
        places[name] = (at, length)
        at = _aligned(at + length)
    end = max(start + length for start, length in places.values())
    text = json.dumps({**document, "sections": places, "size": end}).ljust(room).encode()
    return HEADER_AT.pack(MAGIC, len(text)) + text, places


def _aligned(at: int) -> int:
    return (at + 7) // 8 * 8


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def append_sorted(
    columns: Columns, postcodes: list[str], districts: list[object], eastings: list[float], northings: list[float]
) -> bool:
    """Append a whole block of rows at C speed; ``False``, with nothing done, when a row needs to be looked at singly.

    ``postcodes`` are seven characters wide (``B1  1AA``), in order; absent districts and references are NaN.
    """
    try:
        if not len(postcodes) == len(districts) == len(eastings) == len(northings):
            return False
        if not all(map(operator.lt, postcodes, islice(postcodes, 1, None))):
            return False
        heads = Counter(map(_HEAD, postcodes))
        sectors = [_sector_of(head) for head in heads]
        units = array("H", map(UNIT_NUMBERS.__getitem__, map(_TAIL, postcodes)))
        numbers = _district_numbers(columns.district_codes, districts)
        east, north = _metres(eastings), _metres(northings)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return False
    if not set(sectors).isdisjoint(columns.sectors) or columns.wards is not None:
        return False
    for sector, rows in zip(sectors, heads.values(), strict=True):
        columns.sectors.append(sector)
        columns.starts.append(columns.starts[-1] + rows)
    columns.units += units
    columns.districts += numbers
    columns.eastings += east
    columns.northings += north
    return True


def _sector_of(head: str) -> str:
    outward, digit = head[:4].rstrip(" "), head[4:]
    if not re.fullmatch(rf"{OUTWARD} \d", f"{outward} {digit}") or len(head) != 5:
        raise ValueError(head)
    return f"{outward} {digit}"


def _district_numbers(table: CodeTable, districts: list[object]) -> array[int]:
    numbers: dict[object, int] = {}
    for code in set(districts):
        if isinstance(code, str):
            numbers[code] = table.number(code)
        elif code is None or code != code:  # NaN, which equals nothing, itself included
            numbers[code] = 0
        else:
            raise ValueError(code)
    return array("H", map(numbers.__getitem__, districts))  # a code not understood is -1, which does not fit: refused


def _metres(values: list[float]) -> array[int]:
    known = values.copy()
    for row in compress(count(), map(math.isnan, values)):
        known[row] = NO_GRID
    metres = array("I", map(int, known))  # refuses what is negative
    if max(metres, default=0) >= FURTHEST_METRE:
        raise ValueError("a grid reference off the map")
    return metres
