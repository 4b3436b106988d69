"""Writes an index file: all of it or nothing, so that a reader never sees a half."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from cases.postcodes.borders import mark_borders
from cases.postcodes.columns import BadRows, Columns
from cases.postcodes.entry import IndexInfo, Source
from cases.postcodes.index import FORMAT, HEADER_AT, MAGIC


def write_index(path: Path, columns: Columns, source: Source, bad: BadRows, extra: dict[str, int]) -> IndexInfo:
    """Write to a temporary file beside ``path``, then rename: a reader sees the old index or the new, never a half."""
    columns.borders, columns.combinations = mark_borders(columns)
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
        "combinations": columns.combinations,
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
