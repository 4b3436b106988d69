"""Whole blocks of rows that are in order and without fault, appended at the speed of C rather than row by row."""

from __future__ import annotations

import operator
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain, islice

from cases.postcodes.columns import FURTHEST_METRE, NOT_UNDERSTOOD, CodeTable, Columns
from cases.postcodes.text import OUTWARD

_SECTOR = re.compile(rf"{OUTWARD} \d", re.ASCII)
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_AFTER_LETTERS = "["  # the character that sorts next after Z


def append_sorted(
    columns: Columns, postcodes: list[str], districts: list[object], eastings: list[float], northings: list[float]
) -> bool:
    """Append a whole block of rows at C speed; ``False``, with nothing done, when a row needs to be looked at singly.

    ``postcodes`` are seven characters wide (``B1  1AA``), in order; absent districts and references are NaN.
    """
    try:
        if columns.wards is not None or not len(postcodes) == len(districts) == len(eastings) == len(northings):
            return False
        if set(map(len, postcodes)) != {7} or not all(map(operator.lt, postcodes, islice(postcodes, 1, None))):
            return False
        runs = dict(_runs(postcodes))
        units = _units(postcodes)
        numbers = _district_numbers(columns.district_codes, districts)
        east, north = _metres(eastings), _metres(northings)
    except (OverflowError, TypeError, ValueError):
        return False
    if not runs.keys().isdisjoint(columns.sectors):
        return False
    for sector, rows in runs.items():
        columns.sectors.append(sector)
        columns.starts.append(columns.starts[-1] + rows)
    columns.units += units
    columns.districts += numbers
    columns.eastings += east
    columns.northings += north
    return True


def _runs(postcodes: list[str]) -> Iterator[tuple[str, int]]:
    """Each sector and its number of rows."""
    row = 0
    while row < len(postcodes):
        head = postcodes[row][:5]
        after = bisect_left(postcodes, head + _AFTER_LETTERS, lo=row)
        yield _sector_of(head), after - row
        row = after


def _sector_of(head: str) -> str:
    outward, digit = head[:4].rstrip(" "), head[4:]
    if not _SECTOR.fullmatch(f"{outward} {digit}"):
        raise ValueError(head)
    return f"{outward} {digit}"


def _units(postcodes: list[str]) -> array[int]:
    letters = "".join(postcodes).encode("ascii")
    first, second = letters[5::7], letters[6::7]
    if first.translate(None, _LETTERS) or second.translate(None, _LETTERS):
        raise ValueError("a unit that is not two letters")
    pairs = bytearray(2 * len(postcodes))
    pairs[0::2], pairs[1::2] = first, second
    units = array("H", bytes(pairs))
    if sys.byteorder == "little":
        units.byteswap()
    return units


def _district_numbers(table: CodeTable, districts: list[object]) -> array[int]:
    numbers = _Numbers(table)
    return array("H", list(map(numbers.__getitem__, districts)))


class _Numbers(dict[object, int]):
    """Looks a code up in the table once only."""

    def __init__(self, table: CodeTable) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, code: object) -> int:
        if isinstance(code, str):
            number = self._table.number(code)
            if number == NOT_UNDERSTOOD:
                raise ValueError(code)
            self[code] = number
            return number
        if code is None or code != code:  # NaN, which equals nothing, itself included
            return 0
        raise ValueError(code)


def _metres(values: list[float]) -> array[float]:
    if min(chain((0.0,), values)) < 0.0 or max(chain((0.0,), values)) >= FURTHEST_METRE:  # NaN loses to the first
        raise ValueError("a grid reference off the map")
    return array("f", values)
