"""Whole enquiries to learn from, beside the catalogue's phrases: ``data/enquiries`` by what they mean, ``data/danger``
with and without danger. None of them measures anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from cases.catalogue.loader import DATA, Catalogue
from cases.catalogue.schema import Strict
from cases.understanding.examples import Example
from cases.understanding.labelled import Meaning, meaning_in
from cases.yaml_lines import DataFileError, DataFilesError, load_yaml, validate_entries

Said = Annotated[str, StringConstraints(min_length=2, max_length=600)]
IN_DANGER, CALM = "urgent.yaml", "calm.yaml"


class _Told(Strict):
    say: Said
    wants: Meaning


def whole_enquiries(catalogue: Catalogue, root: Path = DATA) -> list[Example]:
    """Raises ``DataFilesError`` with file and line for what cannot be read or is not in the catalogue."""
    found: list[Example] = []
    errors: list[DataFileError] = []
    for path in sorted((root / "enquiries").glob("*.yaml")):
        _add(found, errors, path, catalogue, _by_meaning(path))
    for name in (IN_DANGER, CALM):
        path = root / "danger" / name
        _add(found, errors, path, catalogue, _one_by_one(path), danger=name == IN_DANGER)
    if errors:
        raise DataFilesError(errors)
    return found


_Entry = tuple[int, str, str]  # line, meaning, what was said


def _add(
    found: list[Example],
    errors: list[DataFileError],
    path: Path,
    catalogue: Catalogue,
    entries: Iterator[_Entry],
    *,
    danger: bool = False,
) -> None:
    try:
        for line, meaning, said in entries:
            means = meaning_in(catalogue, meaning)
            if means is None:
                errors.append(DataFileError(path, line, f"the catalogue has no {meaning}"))
            else:
                found.append(Example(said, means, danger=danger))
    except DataFilesError as error:
        errors += error.errors


def _by_meaning(path: Path) -> Iterator[_Entry]:
    try:
        told, line_of = load_yaml(path)
    except DataFileError as error:
        raise DataFilesError([error]) from error
    if not isinstance(told, dict):
        raise DataFilesError([DataFileError(path, 1, "must be meanings, each with its enquiries")])
    for meaning, texts in told.items():
        where = line_of((str(meaning),))
        if not isinstance(texts, list) or not all(isinstance(t, str) and len(t) > 1 for t in texts):
            raise DataFilesError([DataFileError(path, where, f"{meaning}: must be a list of enquiries, in quotes")])
        for at, said in enumerate(texts):
            yield line_of((str(meaning), at)), str(meaning), said


def _one_by_one(path: Path) -> Iterator[_Entry]:
    if not path.exists():
        return
    entries = validate_entries(path, _Told)
    _, line_of = load_yaml(path)
    for at, entry in enumerate(entries):
        yield line_of((at,)), entry.wants, entry.say
