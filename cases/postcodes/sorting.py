"""Rows of any order and quality: each is checked, its faults are named, and the good ones are put in order."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from cases.postcodes.columns import FURTHEST_METRE, NOT_UNDERSTOOD, BadRows, CodeTable, Columns
from cases.postcodes.entry import Postcode
from cases.postcodes.index import NO_GRID, UNIT_NUMBERS, UNITS
from cases.postcodes.text import OUTWARD

NOT_A_POSTCODE = "not a postcode (row left out)"
NO_POSTCODE = "no postcode (row left out)"
GIVEN_TWICE = "given twice (first row kept)"
SECTOR_GIVEN_TWICE = "sector also in another file (rows left out)"
BAD_DISTRICT = "district code not understood (kept without a district)"
BAD_WARD = "ward code not understood (kept without a ward)"
BAD_GRID = "grid reference not understood (kept without one)"

_ROW = re.compile(rf"({OUTWARD})(\d)([A-Z]{{2}})", re.ASCII)
_RECORD = struct.Struct(">HHHff")  # the unit first and big-endian, so that its bytes sort as the letters do


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
        if number == NOT_UNDERSTOOD:
            self._bad.add(reason, line, code)
            return 0
        return number

    def add_missing(self, sector: str, entries: Iterator[Postcode]) -> int:
        """Keep what another index knows of a sector and this source does not; how many that were."""
        rows = self._sectors.get(sector) or bytearray()
        known = {rows[at] << 8 | rows[at + 1] for at in range(0, len(rows), _RECORD.size)}
        added = 0
        for entry in entries:
            unit = UNIT_NUMBERS[entry.postcode[-2:]]
            if unit in known:
                continue
            rows += _RECORD.pack(
                unit,
                self._columns.district_codes.number(entry.district_gss or ""),
                self._columns.ward_codes.number(entry.ward_gss or ""),
                NO_GRID if entry.easting is None else entry.easting,
                NO_GRID if entry.northing is None else entry.northing,
            )
            added += 1
        if added:
            self._sectors[sector] = rows
        return added

    def flush(self) -> None:
        taken = set(self._columns.sectors)
        for sector in sorted(self._sectors):
            rows = _records(self._sectors.pop(sector))
            if sector in taken:
                self._bad.add(SECTOR_GIVEN_TWICE, None, f"{sector}: {len(rows)} rows")
            else:
                self._append(sector, rows)

    def _append(self, sector: str, rows: list[bytes]) -> None:
        columns = self._columns
        last = -1
        for record in sorted(rows, key=_unit_of):  # a stable sort: of two alike the first stays first
            unit, district, ward, easting, northing = _RECORD.unpack(record)
            if unit == last:
                self._bad.add(GIVEN_TWICE, None, sector + UNITS[unit])
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


def _grid(easting: str, northing: str) -> tuple[float, float] | None:
    """Metres; ``NO_GRID`` when none is given (blank, or 0, 0 as Code-Point Open writes it); ``None`` for nonsense."""
    try:
        east = float(easting) if easting.strip() else 0.0
        north = float(northing) if northing.strip() else 0.0
    except ValueError:
        return None
    if east == north == 0.0:
        return NO_GRID, NO_GRID
    is_on_the_map = 0 < east < FURTHEST_METRE and 0 < north < FURTHEST_METRE
    return (east, north) if is_on_the_map else None
