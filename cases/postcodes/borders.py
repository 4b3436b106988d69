"""Which postcodes lie so close to another district that some of their addresses may be in it.

A postcode has one point and one district in every source, but its addresses may lie on both sides of a boundary. Near
means ``ANYWHERE`` metres from a postcode of another district, or ``IN_SHARED_SECTOR`` where the sector holds both.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np

from cases.postcodes.columns import Columns

ANYWHERE = 150
IN_SHARED_SECTOR = 250
REACH = max(ANYWHERE, IN_SHARED_SECTOR)
_ACROSS = 1_500_000 // REACH + 3  # cells of REACH metres in one row of the map
_AROUND = [down * _ACROSS + right for down in (-1, 0, 1) for right in (-1, 0, 1)]
_AT_ONCE = 250_000  # pairs of rows compared in one step, to keep the memory small
_MOST = 3  # neighbours kept
_BAND = 25_000  # metres from south to north looked at in one go
_IRISH_GRID = 2_000_000  # metres northwards, where the Irish grid lies on no part of the British one

Ints = np.ndarray[Any, np.dtype[Any]]
Combinations = list[tuple[int, ...]]


def mark_borders(columns: Columns) -> tuple[array[int], Combinations]:
    """For each row the number of its combination of other districts (0: none), nearest first, and the combinations."""
    marks = array("H", bytes(2 * len(columns)))
    combinations: Combinations = []
    numbers: dict[tuple[int, ...], int] = {}
    for row, others in _near_rows(columns):
        if others not in numbers:
            if len(numbers) == 0xFFFF:  # as many as the column can hold; no map of councils comes near it
                continue
            combinations.append(others)
            numbers[others] = len(numbers) + 1
        marks[row] = numbers[others]
    return marks, combinations


def _near_rows(columns: Columns) -> Iterator[tuple[int, tuple[int, ...]]]:
    districts = np.frombuffer(columns.districts, dtype=np.uint16)
    east = np.frombuffer(columns.eastings, dtype=np.float32)
    is_irish = np.array([False, *(code.startswith("N") for code in columns.district_codes.codes)])
    north = np.frombuffer(columns.northings, dtype=np.float32) + np.float32(_IRISH_GRID) * is_irish[districts]
    starts: Ints = np.frombuffer(columns.starts, dtype=np.uint32)
    sectors = np.repeat(np.arange(len(columns.sectors), dtype=np.uint32), starts[1:] - starts[:-1])
    # The number of a sector and that of a district make one number of 32 bits; no map has more sectors than that holds.
    held = np.unique(sectors << 16 | districts) if len(columns.sectors) <= 0xFFFF else None
    for bottom, rows in _bands(districts, east, north):
        found = list(_pairs(*_mixed(rows, districts, east, north), districts, east, north))
        if not found:
            continue
        row, other, squared = (np.concatenate(parts) for parts in zip(*found, strict=True))
        reach = np.full(len(row), ANYWHERE**2)
        if held is not None:
            reach[_find(held, sectors[row] << 16 | other)[1]] = IN_SHARED_SECTOR**2
        keep = (squared <= reach) & (north[row] >= bottom) & (north[row] < bottom + _BAND)
        row, other, squared = row[keep], other[keep], squared[keep]
        order = np.lexsort((other, squared, row))
        triples = zip(row[order].tolist(), other[order].tolist(), strict=True)
        for number, group in groupby(triples, key=lambda pair: pair[0]):
            yield number, tuple(dict.fromkeys(district for _, district in group))[:_MOST]


def _bands(districts: Ints, east: Ints, north: Ints) -> Iterator[tuple[int, Ints]]:
    """The rows with a place, in bands from south to north: a whole country at once would take too much memory.

    Each band reaches over its edges, so that nobody within it loses a neighbour.
    """
    has_place = (districts > 0) & (east == east) & (north == north)
    if not has_place.any():
        return
    for bottom in range(0, int(north[has_place].max()) + 1, _BAND):
        inside = has_place & (north >= bottom - REACH) & (north < bottom + _BAND + REACH)
        if inside.any():
            yield bottom, np.flatnonzero(inside).astype(np.int32)


def _mixed(rows: Ints, districts: Ints, east: Ints, north: Ints) -> tuple[Ints, Ints]:
    """The rows in cells of the map that hold, or touch one that holds, another district; and their cells."""
    cells = (north[rows] // REACH + 1).astype(np.int64) * _ACROSS + (east[rows] // REACH + 1).astype(np.int64)
    order = np.argsort(cells)
    rows, cells = rows[order], cells[order]
    each, starts = np.unique(cells, return_index=True)
    least = np.minimum.reduceat(districts[rows], starts)
    most = np.maximum.reduceat(districts[rows], starts)
    low, high = least.copy(), most.copy()
    for step in _AROUND:
        at, is_there = _find(each, each + step)
        low[is_there] = np.minimum(low[is_there], least[at[is_there]])
        high[is_there] = np.maximum(high[is_there], most[at[is_there]])
    is_mixed = np.repeat(low != high, np.diff(np.append(starts, len(cells))))
    return rows[is_mixed], cells[is_mixed]


def _find(sorted_values: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    at = np.minimum(np.searchsorted(sorted_values, wanted), len(sorted_values) - 1)
    return at, sorted_values[at] == wanted


def _pairs(rows: Ints, cells: Ints, districts: Ints, east: Ints, north: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Row, other district and squared distance, for all within reach. Whole groups of a cell and district are met."""
    if not len(rows):
        return
    keys = cells << 16 | districts[rows]
    order = np.argsort(keys)
    rows, keys = rows[order], keys[order]
    groups, starts = np.unique(keys, return_index=True)
    sizes = np.diff(np.append(starts, len(keys)))
    for mine, theirs in _meetings(groups):
        cost = np.cumsum(sizes[mine] * sizes[theirs])
        cuts = np.searchsorted(cost, np.arange(_AT_ONCE, cost[-1] if len(cost) else 0, _AT_ONCE))
        for one, two in zip(np.split(mine, cuts), np.split(theirs, cuts), strict=True):
            left, right = _crossed(starts[one], sizes[one], starts[two], sizes[two])
            left, right = rows[left], rows[right]
            squared = (east[left] - east[right]) ** 2 + (north[left] - north[right]) ** 2
            near = squared <= REACH**2
            yield _nearest(left[near], districts[right[near]], squared[near])


def _nearest(row: Ints, other: Ints, squared: Ints) -> tuple[Ints, Ints, Ints]:
    """Each row and district once: many postcodes of large users may share one spot."""
    order = np.lexsort((squared, other, row))
    row, other, squared = row[order], other[order], squared[order]
    is_first = np.ones(len(row), dtype=bool)
    is_first[1:] = (row[1:] != row[:-1]) | (other[1:] != other[:-1])
    return row[is_first], other[is_first], squared[is_first]


def _meetings(groups: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of groups of different districts in the same cell or in cells that touch."""
    each, starts = np.unique(groups >> 16, return_index=True)
    counts = np.diff(np.append(starts, len(groups)))
    for step in _AROUND:
        at, is_there = _find(each, each + step)
        here = np.flatnonzero(is_there)
        mine, theirs = _crossed(starts[here], counts[here], starts[at[here]], counts[at[here]])
        differ = (groups[mine] & 0xFFFF) != (groups[theirs] & 0xFFFF)
        yield mine[differ], theirs[differ]


def _crossed(starts: Ints, sizes: Ints, other_starts: Ints, other_sizes: Ints) -> tuple[Ints, Ints]:
    """Every member of each run with every member of the run beside it."""
    counts = sizes * other_sizes
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    width = np.repeat(other_sizes, counts)
    return np.repeat(starts, counts) + within // width, np.repeat(other_starts, counts) + within % width
