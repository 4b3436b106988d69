"""Read the register's files, check that they fit together, and make the ``Register``."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from cases.register.register import Authority, Register
from cases.register.schema import (
    AreaEntry,
    AuthorityEntry,
    AuthorityTier,
    ElsewhereEntry,
    PartnershipEntry,
    PartnershipFile,
)
from cases.yaml_lines import DataFileError, DataFilesError, load_yaml, validate_entries

DATA = Path(__file__).resolve().parents[1] / "data" / "register"
ELSEWHERE = "elsewhere.csv"
_LISTS = ("successors", "former")


class RegisterError(DataFilesError):
    """The register's files are wrong; says where, one ``file:line: message`` a line."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry, and where its parts stand."""

    entry: AreaEntry
    path: Path
    line_of: Callable[[str], int]

    def wrong(self, part: str, message: str) -> DataFileError:
        return DataFileError(self.path, self.line_of(part), f"{self.entry.slug}: {message}")


def load_register(partnership: str, folder: Path = DATA) -> Register:
    """The register for one partnership (the stem of its file); the others' councils are in it as outsiders.

    Raises ``RegisterError`` with everything that is wrong.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if partnership not in files:
        message = f"no such partnership; there are: {', '.join(files) or 'none'}"
        raise RegisterError([DataFileError(folder / f"{partnership}.yaml", 1, message)])
    try:
        councils = {stem: _read_partnership(path) for stem, path in files.items()}
        read = [each for _, entries in councils.values() for each in entries] + _read_elsewhere(folder / ELSEWHERE)
        if errors := list(_misfits(read)):
            raise DataFilesError(errors)
    except DataFilesError as error:
        raise RegisterError(error.errors) from error
    own_file, own = councils[partnership]
    return _joined(own_file.partnership, own, read, _version([*files.values(), folder / ELSEWHERE]))


def _joined(partnership: PartnershipEntry, own: list[_Read], read: list[_Read], version: str) -> Register:
    own_codes = {each.entry.gss for each in own}
    by_gss = {each.entry.gss: _as_authority(each.entry, each.entry.gss in own_codes) for each in read}
    by_slug = {authority.slug: authority for authority in by_gss.values()}
    mine = [authority for authority in by_gss.values() if authority.partnership]
    for each in read:
        if isinstance(each.entry, ElsewhereEntry):
            by_gss |= dict.fromkeys(each.entry.former, by_gss[each.entry.gss])
    return Register(
        partnership=partnership,
        authorities=MappingProxyType({authority.slug: authority for authority in mine}),
        authorities_by_gss=MappingProxyType({authority.gss: authority for authority in mine}),
        version=version,
        _by_gss=by_gss,
        _by_slug=by_slug,
    )


def _read_partnership(path: Path) -> tuple[PartnershipFile, list[_Read]]:
    file = validate_entries(path, PartnershipFile, many=False)[0]
    _, line_of = load_yaml(path)
    if file.partnership.slug != path.stem:
        message = f"a partnership's slug is the name of its file, {path.stem}"
        raise DataFilesError([DataFileError(path, line_of(("partnership", "slug")), message)])

    def read(index: int, entry: AuthorityEntry) -> _Read:
        return _Read(entry, path, lambda part: line_of(("authorities", index, part)))

    return file, [read(index, entry) for index, entry in enumerate(file.authorities)]


def _read_elsewhere(path: Path) -> list[_Read]:
    read: list[_Read] = []
    errors: list[DataFileError] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            for row in rows:
                try:
                    read.append(_read_row(path, rows.line_num, row))
                except DataFilesError as error:
                    errors += error.errors
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        errors.append(DataFileError(path, 1, f"cannot be read: {error}"))
    if errors:
        raise DataFilesError(errors)
    return read


def _read_row(path: Path, line: int, row: dict[str, str]) -> _Read:
    # Empty cells are left out; a cell too many (under the name None) stays, to be refused.
    filled = {str(name): cell.split("|") if name in _LISTS else cell for name, cell in row.items() if cell}
    try:
        return _Read(ElsewhereEntry.model_validate(filled), path, lambda part: line)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        wrong = [": ".join([row.get("slug") or "", ".".join(map(str, each["loc"])), each["msg"]]) for each in details]
        raise DataFilesError(DataFileError(path, line, message) for message in wrong) from error


def _misfits(read: list[_Read]) -> Iterator[DataFileError]:
    """What is wrong between entries."""
    yield from _given_twice(read)
    by_gss = {each.entry.gss: each.entry for each in read}
    for each in read:
        entry = each.entry
        parent = by_gss.get(entry.parent) if entry.parent else None
        if entry.parent and (parent is None or parent.tier is not AuthorityTier.COUNTY):
            yield each.wrong("parent", f"parent {entry.parent} is not a county of the register")
        for gss in entry.successors:
            heir = by_gss.get(gss)
            if heir is None:
                yield each.wrong("successors", f"successor {gss} is not in the register")
            elif entry.closed and heir.closed and heir.closed <= entry.closed:
                yield each.wrong("successors", f"successor {gss} closed no later than {entry.gss} itself")
        if circle := _circle(entry.gss, by_gss):
            yield each.wrong("successors", f"its successors lead in a circle: {' → '.join(circle)}")


def _circle(start: str, by_gss: Mapping[str, AreaEntry]) -> tuple[str, ...]:
    """The way that leads from an authority through its successors back to itself, if there is one."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for gss in by_gss[way[-1]].successors if way[-1] in by_gss else ():
            if gss == start:
                return (*way, gss)
            if gss not in seen:
                seen.add(gss)
                ways.append((*way, gss))
    return ()


def _given_twice(read: list[_Read]) -> Iterator[DataFileError]:
    seen: dict[str, str] = {}
    for each in read:
        entry = each.entry
        names = [("gss", entry.gss), ("slug", entry.slug)]
        if isinstance(entry, ElsewhereEntry):
            names += [("former", gss) for gss in entry.former]
        if isinstance(entry, AuthorityEntry):
            names += [("offices", f"office {office.slug}") for office in entry.offices]
        for part, name in names:
            if name in seen:
                yield each.wrong(part, f"{name} is also given for {seen[name]}")
            seen[name] = entry.slug


def _as_authority(entry: AreaEntry, partnership: bool) -> Authority:
    area = {name: getattr(entry, name) for name in AreaEntry.model_fields}
    if not isinstance(entry, AuthorityEntry):
        return Authority(**area, partnership=partnership)
    return Authority(
        **area,
        partnership=partnership,
        council_homes=entry.council_homes,
        hours=MappingProxyType(entry.hours),
        contacts=entry.contacts,
        offices=entry.offices,
    )


def _version(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
