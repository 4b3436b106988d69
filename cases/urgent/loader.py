"""Read the rota's files, check that they fit the register and the catalogue, and make the ``Rota``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from cases.catalogue.loader import DATA, Catalogue
from cases.register.register import Register
from cases.urgent.rota import Rota
from cases.urgent.schema import OTHER, DutyEntry, DutyGroup, DutyTimes, RotaFile
from cases.yaml_lines import DataFileError, DataFilesError, LineOf, load_yaml, validate_entries

FOLDER, GROUPS = "rota", "groups.yaml"


def load_rota(partnership: str, root: Path = DATA, *, in_earnest: bool = False) -> Rota:
    """``in_earnest`` leaves out the invented numbers of the demonstration. Raises ``DataFilesError``."""
    groups = {group.slug: group for group in validate_entries(root / FOLDER / GROUPS, DutyGroup)}
    path = root / FOLDER / f"{partnership}.yaml"
    if not path.exists():
        return Rota(MappingProxyType(groups))
    file = validate_entries(path, RotaFile, many=False)[0]

    def kept(times: DutyTimes) -> DutyTimes:
        return times.in_earnest() if in_earnest else times

    lines = {(entry.authority, group): kept(entry) for entry in file.lines for group in entry.groups}
    return Rota(MappingProxyType(groups), kept(file.front_desk), MappingProxyType(lines))


def rota_faults(register: Register, catalogue: Catalogue, root: Path = DATA) -> list[DataFileError]:
    """What is wrong in the groups and in this partnership's file, by file and line."""
    try:
        return [*_group_faults(catalogue, root), *_line_faults(register, root)]
    except DataFilesError as error:
        return list(error.errors)


def _group_faults(catalogue: Catalogue, root: Path) -> Iterator[DataFileError]:
    path = root / FOLDER / GROUPS
    _, line_of = load_yaml(path)
    seen: dict[str, str] = {}
    groups = validate_entries(path, DutyGroup)
    for n, group in enumerate(groups):
        names = [("slug", group.slug, True)]
        names += [("teams", team, team in catalogue.teams) for team in group.teams]
        names += [("services", service, service in catalogue.services) for service in group.services]
        for part, name, is_known in names:
            if not is_known:
                yield DataFileError(path, line_of((n, part)), f"{group.slug}: there is no {part[:-1]} {name}")
            if seen.setdefault(f"{part} {name}", group.slug) != group.slug or (part == "slug" and name in seen):
                yield DataFileError(
                    path, line_of((n, part)), f"{group.slug}: {name} is in {seen[f'{part} {name}']} too"
                )
        seen[group.slug] = group.slug
    if OTHER not in {group.slug for group in groups}:
        yield DataFileError(path, 1, f"one group must be “{OTHER}”, for what no other takes")


def _line_faults(register: Register, root: Path) -> Iterator[DataFileError]:
    path = root / FOLDER / f"{register.partnership.slug}.yaml"
    if not path.exists():
        return
    _, line_of = load_yaml(path)
    groups = {group.slug for group in validate_entries(root / FOLDER / GROUPS, DutyGroup)}
    file = validate_entries(path, RotaFile, many=False)[0]
    if file.partnership != path.stem:
        yield DataFileError(path, line_of(("partnership",)), f"the partnership is the name of the file, {path.stem}")
    seen: set[tuple[str, str]] = set()
    for n, entry in enumerate(file.lines):
        yield from _entry_faults(path, line_of, n, entry, register, groups)
        for group in entry.groups:
            if (entry.authority, group) in seen:
                where = line_of(("lines", n, "groups"))
                yield DataFileError(path, where, f"{entry.authority}: {group} is given twice")
            seen.add((entry.authority, group))


def _entry_faults(
    path: Path, line_of: LineOf, n: int, entry: DutyEntry, register: Register, groups: set[str]
) -> Iterator[DataFileError]:
    if entry.authority not in register.authorities_by_gss:
        where = line_of(("lines", n, "authority"))
        yield DataFileError(path, where, f"{entry.authority} is not a council of this partnership")
    for group in entry.groups:
        if group not in groups:
            where = line_of(("lines", n, "groups"))
            yield DataFileError(path, where, f"{entry.authority}: there is no group {group}")
