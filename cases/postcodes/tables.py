"""Rows of CSV files, plain or within a zip, read so that nothing in them can break or fill up the machine."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from cases.postcodes.entry import PostcodeFileError

LONGEST_LINE = 64 * 1024
MOST_MEMBERS = 5_000
LARGEST_TEXT = 4 * 1024**3  # the directory is about 1.3 GB as text
LARGEST_RATIO = 200  # CSV files shrink to a tenth or so
SMALL_ENOUGH = 50 * 1024**2  # not worth a suspicion, whatever the ratio

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """One CSV file. ``size`` is in bytes of text; ``rows`` yields (line number, cells)."""

    name: str
    size: int
    open: Callable[[], BinaryIO]

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row]:
        """``progress`` is told the bytes read so far, now and then. A line beyond understanding comes as one cell."""
        done = 0
        with self.open() as stream:
            for line, raw in _lines(stream):
                done += len(raw)
                if line % 4096 == 0:
                    progress(done)
                text = raw.decode("utf-8-sig" if line == 1 else "utf-8", "replace").rstrip("\r\n")
                yield line, _cells(text)
        progress(done)

    def first_row(self) -> list[str]:
        for _, cells in self.rows(lambda done: None):
            return cells
        return []


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    line = 0
    while raw := stream.readline(LONGEST_LINE):
        line += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            raw = b"(a line of more than 64 kB)"
        yield line, raw


def _cells(text: str) -> list[str]:
    """Line by line, so that a lost quotation mark costs one row, not all that follow."""
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return ["(a line whose quotation marks do not match)"]


@contextmanager
def open_tables(path: Path) -> Iterator[list[Table]]:
    """The CSV and text files in a zip, or the one file given. Raises ``PostcodeFileError`` for what can't be read."""
    try:
        if not zipfile.is_zipfile(path):
            yield [Table(path.name, path.stat().st_size, lambda: path.open("rb"))]
            return
        with zipfile.ZipFile(path) as archive:
            yield _tables_in(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise PostcodeFileError(f"{path.name} is damaged or protected and cannot be unpacked: {fault}") from fault
    except OSError as fault:
        raise PostcodeFileError(f"{path} cannot be read: {fault.strerror or fault}.") from fault


def _tables_in(path: Path, archive: zipfile.ZipFile) -> list[Table]:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise PostcodeFileError(f"{path.name} holds {len(members):,} files: that is not a postcode directory.")
    tables = [member for member in members if member.filename.lower().endswith((".csv", ".txt"))]
    for member in tables:
        is_bomb = member.file_size > SMALL_ENOUGH and member.file_size > LARGEST_RATIO * max(member.compress_size, 1)
        if is_bomb or member.file_size > LARGEST_TEXT:
            raise PostcodeFileError(f"{path.name} holds {member.filename}, which unpacks to far more than it should.")

    def opener(member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        # A member's own readline with a limit is slow; the reader around it makes it quick.
        return lambda: io.BufferedReader(cast(io.RawIOBase, archive.open(member)), 1 << 20)

    return [Table(member.filename, member.file_size, opener(member)) for member in tables]
