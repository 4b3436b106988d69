"""Reads the postcode files that councils get: ONS Postcode Directory (zip or CSV) and Code-Point Open (zip)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cases.postcodes.columns import BadRows, Columns
from cases.postcodes.entry import IndexInfo, PostcodeFileError, Progress, Source
from cases.postcodes.index import PostcodeIndex
from cases.postcodes.sorting import RowSorter
from cases.postcodes.tables import Table, open_tables
from cases.postcodes.writing import write_index

READ_AT = 750  # of 1000 steps of progress: by then the file is read; the rest is sorting and writing
TOO_FEW_CELLS = "too few columns (row left out)"

# Headings differ between editions (oslaua, laua, lad25cd): the first pattern that fits a column wins.
_NOT_CODES = re.compile(r".*(nm|nmw|name|ind|source)")
_HEADINGS: dict[str, tuple[str, ...]] = {
    "postcode": ("pcds", "pcd8", "pcd7", "pcd2", "pcd", "postcode.*", "pc"),
    "district": ("oslaua", "laua.*", r"lad\d*(cd)?", "lad.*", "admindistrict.*", "dc"),
    "ward": ("osward", r"ward\d*(cd|code)?", r"wd\d*(cd)?", "wd.*", "adminward.*", "wc"),
    "easting": ("oseast1m", "oseast.*", "east.*", "ea"),
    "northing": ("osnrth1m", "osnrth.*", "north.*", "no"),
    "ended": ("doterm.*",),
}
_CODE_POINT_ORDER = ("pc", "pq", "ea", "no", "cy", "rh", "lh", "cc", "dc", "wc")
_CODE_POINT_DATA = re.compile(r"(.*/)?data/(.*/)?[a-z]{1,2}\.csv", re.IGNORECASE)
_CODE_POINT_HEADINGS = re.compile(r".*code-?point_open_column_headers\.csv", re.IGNORECASE)
_WHOLE_DIRECTORY = re.compile(r".*(nspd|nspl).*_uk\.csv", re.IGNORECASE)  # beside it may lie one file per area
_EDITION = re.compile(r"(nspd|nspl)\d*[_ -]*([a-z]{3,9})[_ -]*(\d{4})", re.IGNORECASE)
_LOOKUP_NAME = "National Statistics Postcode Lookup"


@dataclass(frozen=True)
class _Layout:
    """Which cell of a row holds what; ``None`` when the file has no such column."""

    postcode: int
    district: int
    ward: int | None
    easting: int | None
    northing: int | None
    ended: int | None

    @property
    def width(self) -> int:
        return max(self.postcode, self.district, self.ward or 0, self.easting or 0, self.northing or 0) + 1


@dataclass(frozen=True)
class _Plan:
    source: Source
    tables: list[Table]
    layouts: list[_Layout]
    has_headings: bool


def load_file(
    path: Path, out: Path, progress: Progress, *, force: bool = False, base: PostcodeIndex | None = None
) -> IndexInfo:
    """Write the file's postcodes as an index at ``out``, in one step. Nothing is written when the file is refused.

    What only ``base`` knows is kept from there (Code-Point Open lacks Northern Ireland, the Channel Islands and every
    retired postcode; a file of one area lacks the rest). Raises ``PostcodeFileError``.
    """
    with open_tables(path) as tables:
        plan = _plan(path.name, tables)
        columns = Columns(has_wards=any(layout.ward is not None for layout in plan.layouts))
        bad = BadRows(path.name)
        sorter = RowSorter(columns, bad)
        good, ended = _read(plan, sorter, bad, progress)
    _refuse_poor(path.name, good, bad, force)
    kept = 0 if base is None else _keep_missing(sorter, base, progress)
    sorter.flush()
    progress(1000, 1000)
    source = plan.source if base is None else _over(plan.source, base)
    extra = {"rows_read": good, "retired": ended, "kept_from_base": kept}
    return write_index(out, columns, source, bad, extra)


def _keep_missing(sorter: RowSorter, base: PostcodeIndex, progress: Progress) -> int:
    sectors = list(base.sectors())
    kept = 0
    for at, sector in enumerate(sectors):
        kept += sorter.add_missing(sector, base.iter_sector(sector))
        if at % 500 == 0:
            progress(READ_AT + (950 - READ_AT) * at // len(sectors), 1000)
    return kept


def _over(source: Source, base: PostcodeIndex) -> Source:
    return Source(source.name, source.version, source.date, base=str(base.info.source))


def _refuse_poor(name: str, good: int, bad: BadRows, force: bool) -> None:
    left_out = sum(count for reason, count in bad.counts.items() if "left out" in reason)
    faults = "; ".join(f"{reason}: {count:,}" for reason, count in bad.counts.most_common(3))
    told = f" Faults: {faults}." if faults else ""
    if good == 0:
        raise PostcodeFileError(f"{name} holds no postcode that can be read.{told}")
    if not force and left_out > good:
        raise PostcodeFileError(
            f"{name} holds only {good:,} good rows ({left_out:,} left out), so the postcodes in use were not replaced."
            f"{told} If it is right all the same, load it with --force."
        )


def _read(plan: _Plan, sorter: RowSorter, bad: BadRows, progress: Progress) -> tuple[int, int]:
    """How many rows were good, and how many of these are of postcodes no longer in use."""
    total = sum(table.size for table in plan.tables)
    before = good = ended = 0
    progress(0, 1000)
    for table, layout in zip(plan.tables, plan.layouts, strict=True):
        bad.place = table.name
        for line, cells in table.rows(_onward(progress, before, total)):
            if (line == 1 and plan.has_headings) or cells == [""]:
                continue
            if len(cells) < layout.width:
                bad.add(TOO_FEW_CELLS, line, ",".join(cells))
            elif _take(cells, layout, sorter, line):
                good += 1
                ended += layout.ended is not None and len(cells) > layout.ended and bool(cells[layout.ended].strip())
        before += table.size
    return good, ended


def _onward(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(min(READ_AT * (before + done) // max(total, 1), READ_AT), 1000)


def _take(cells: list[str], layout: _Layout, sorter: RowSorter, line: int) -> bool:
    easting, northing, ward = layout.easting, layout.northing, layout.ward
    return sorter.add(
        cells[layout.postcode],
        cells[layout.district],
        "" if easting is None else cells[easting],
        "" if northing is None else cells[northing],
        "" if ward is None else cells[ward],
        line,
    )


def _plan(name: str, tables: list[Table]) -> _Plan:
    data = [table for table in tables if _CODE_POINT_DATA.fullmatch(table.name)]
    headings = [table for table in tables if _CODE_POINT_HEADINGS.fullmatch(table.name)]
    if data and (headings or _layout(data[0].first_row()) is None):
        return _code_point_plan(tables, data, headings)
    return _directory_plan(name, tables)


def _code_point_plan(tables: list[Table], data: list[Table], headings: list[Table]) -> _Plan:
    layout = _layout(_CODE_POINT_ORDER)
    for table in headings:
        rows = [_layout(cells) for _, cells in table.rows(lambda done: None)]
        layout = next((found for found in reversed(rows) if found is not None), layout)
    if layout is None:
        raise PostcodeFileError("The column headings of this Code-Point Open file cannot be understood.")
    metadata = next((table for table in tables if table.name.lower().endswith("metadata.txt")), None)
    version, date = _code_point_edition(metadata)
    return _Plan(Source("Code-Point Open", version, date), data, [layout] * len(data), has_headings=False)


def _code_point_edition(metadata: Table | None) -> tuple[str, str | None]:
    if metadata is None:
        return "of unknown edition", None
    text = "\n".join(",".join(cells) for _, cells in metadata.rows(lambda done: None))
    version = re.search(r"version[^:\n]*:\s*(\S{1,20})", text, re.IGNORECASE)
    date = re.search(r"copyright date[^:\n]*:\s*(\d{4})(\d\d)(\d\d)", text, re.IGNORECASE)
    return version[1] if version else "of unknown edition", "-".join(date.groups()) if date else None


def _directory_plan(name: str, tables: list[Table]) -> _Plan:
    understood = [(table, layout) for table in tables if (layout := _layout(table.first_row())) is not None]
    if not understood:
        raise PostcodeFileError(
            f"{name} holds no CSV file with a postcode column (such as pcds) and a council column "
            "(such as oslaua or lad25cd). Give an ONS Postcode Directory or Code-Point Open file."
        )
    whole = [pair for pair in understood if _WHOLE_DIRECTORY.fullmatch(PurePosixPath(pair[0].name).name)]
    chosen = [max(whole, key=lambda pair: pair[0].size)] if whole else understood
    edition = _EDITION.search(chosen[0][0].name) or _EDITION.search(name)
    version = f"{edition[2].title()} {edition[3]}" if edition else "of unknown edition"
    called = _LOOKUP_NAME if edition and edition[1].lower() == "nspl" else "ONS Postcode Directory"
    return _Plan(
        Source(called, version), [table for table, _ in chosen], [layout for _, layout in chosen], has_headings=True
    )


def _layout(headings: Sequence[str]) -> _Layout | None:
    """``None`` when these are not the headings of a file with postcodes and councils."""
    names = [re.sub(r"[^a-z0-9]", "", heading.lower()) for heading in headings]
    places = {what: _place(names, patterns) for what, patterns in _HEADINGS.items()}
    postcode, district = places.pop("postcode"), places.pop("district")
    if postcode is None or district is None:
        return None
    return _Layout(postcode, district, **places)


def _place(names: list[str], patterns: tuple[str, ...]) -> int | None:
    for pattern in patterns:
        for at, name in enumerate(names):
            if re.fullmatch(pattern, name) and not _NOT_CODES.fullmatch(name):
                return at
    return None
