"""Loading a council's gazetteer: every property of a CSV file, in one go."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cases.errors import RuleError
from cases.models.place import Address
from cases.postcodes.entry import KnowsPostcodes
from cases.postcodes.text import normalise
from cases.text_cleaning import clean

BATCH = 500  # SQLite takes a limited number of values in one question
EXAMPLES = 3
LONGEST = 200
_COLUMNS = {
    "uprn": ("uprn", "uniquepropertyreferencenumber", "id"),
    "address": ("address", "addressline", "singlelineaddress", "fulladdress", "line"),
    "postcode": ("postcode", "postalcode", "pc"),
}
_UPRN = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class Property:
    """One row of a gazetteer that can be used. The district comes from the postcode."""

    uprn: str
    line: str
    postcode: str
    district_gss: str | None


@dataclass
class Gazetteer:
    """What a file holds. ``bad`` counts the other rows by reason, with the lines of a few examples."""

    properties: list[Property] = field(default_factory=list)
    bad: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, reason: str, line: int) -> None:
        self.bad[reason] += 1
        lines = self.examples.setdefault(reason, [])
        if len(lines) < EXAMPLES:
            lines.append(line)


@dataclass
class Loaded:
    added: int = 0
    changed: int = 0
    same: int = 0


def read_addresses(lines: Iterable[str], postcodes: KnowsPostcodes) -> Gazetteer:
    """Read a CSV file whose columns may stand in any order and case.

    A row that cannot be used is counted and left out. The first of two rows with one UPRN holds. Raises RuleError
    when a column is missing.
    """
    gazetteer = Gazetteer()
    rows = csv.reader(lines)
    at = _columns(next(rows, []))
    seen: set[str] = set()
    for row in _readable(rows, gazetteer):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(at.values()):
            gazetteer.refuse("a column is missing", rows.line_num)
            continue
        uprn, line, postcode = (clean(row[at[name]]).strip() for name in ("uprn", "address", "postcode"))
        found = _property(uprn, line, postcode, postcodes)
        if isinstance(found, str):
            gazetteer.refuse(found, rows.line_num)
        elif found.uprn in seen:
            gazetteer.refuse("the UPRN is in the file already", rows.line_num)
        else:
            seen.add(found.uprn)
            gazetteer.properties.append(found)
    return gazetteer


def load_addresses(session: Session, properties: Sequence[Property], *, invented: bool = False) -> Loaded:
    """Add and bring up to date; nothing is taken away, because cases name these properties."""
    loaded = Loaded()
    for start in range(0, len(properties), BATCH):
        _keep(session, properties[start : start + BATCH], loaded, invented)
    return loaded


def sort_key(line: str) -> str:
    """Numbers padded, so that number 2 comes before number 10."""
    return re.sub(r"\d+", lambda n: n[0].zfill(6), line.casefold())[:LONGEST]


def _readable(rows: Iterator[list[str]], gazetteer: Gazetteer) -> Iterator[list[str]]:
    """A row that is no CSV does not end the reading."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:
            gazetteer.refuse("not readable as CSV", rows.line_num)  # type: ignore[attr-defined]


def _columns(header: list[str]) -> dict[str, int]:
    names = [re.sub(r"[^a-z]", "", name.lower()) for name in header]
    at = {}
    for column, known in _COLUMNS.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is None:
            raise RuleError(column, f"The first line must name a column “{column}”. It has: {', '.join(header) or '-'}")
        at[column] = place
    return at


def _property(uprn: str, line: str, postcode: str, postcodes: KnowsPostcodes) -> Property | str:
    if not uprn.isascii() or not _UPRN.fullmatch(uprn):
        return "the UPRN is not a number of up to 12 digits"
    line = " ".join(line.split())
    if not line:
        return "the address is empty"
    if len(line) > LONGEST:
        return f"the address is longer than {LONGEST} characters"
    tidy = normalise(postcode)
    if tidy is None:
        return "the postcode is not one"
    entry = postcodes.lookup(tidy)
    if entry is None:
        return "the postcode is not known"
    return Property(uprn.lstrip("0") or "0", line, tidy, entry.district_gss)


def _keep(session: Session, batch: Sequence[Property], loaded: Loaded, invented: bool) -> None:
    query = select(Address.uprn, Address.line, Address.postcode, Address.district_gss)
    known = {row.uprn: row for row in session.execute(query.where(Address.uprn.in_([p.uprn for p in batch])))}
    new, changed = [], []
    for one in batch:
        values = {
            "uprn": one.uprn,
            "line": one.line,
            "postcode": one.postcode,
            "district_gss": one.district_gss,
            "sort_key": sort_key(one.line),
        }
        before = known.get(one.uprn)
        if before is None:
            new.append({**values, "is_invented": invented})
        elif (before.line, before.postcode, before.district_gss) == (one.line, one.postcode, one.district_gss):
            loaded.same += 1
        else:
            changed.append(values)
    if new:
        session.execute(insert(Address), new)
    if changed:
        session.execute(update(Address), changed)
    loaded.added += len(new)
    loaded.changed += len(changed)
