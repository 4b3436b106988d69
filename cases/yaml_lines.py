"""Data files in YAML that can say on which line they are wrong.

The YAML is a small, plain one: only ``true`` and ``false`` are booleans (``yes``,
``no``, ``on`` and ``off`` are words, as they are in questions), dates and times stay
text for pydantic to read, ``0115`` keeps its nought, and a key given twice is an
error instead of the last one winning in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from yaml import SafeLoader as _FastLoader
else:
    _FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster, but optional

Location = tuple[str | int, ...]
LineOf = Callable[[Location], int]
Model = TypeVar("Model", bound=BaseModel)

_PROJECT = Path(__file__).resolve().parents[1]


class DataFileError(Exception):
    """One thing wrong in one data file; its text is ``file:line: message``."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path, self.line, self.message = path, line, message

    def __str__(self) -> str:
        return f"{_shown(self.path)}:{self.line}: {self.message}"


class DataFilesError(Exception):
    """Everything wrong in a set of data files, one ``file:line: message`` a line."""

    def __init__(self, errors: Iterable[DataFileError]) -> None:
        self.errors: tuple[DataFileError, ...] = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def load_yaml(path: Path) -> tuple[object, LineOf]:
    """The parsed file, and the 1-based line of a pydantic error's location in it.

    Raises ``DataFileError`` when the file cannot be read or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, 1, f"cannot be read: {error}") from error
    try:
        loader = _PlainLoader(text)
        root = loader.get_single_node()
        data: object = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DataFileError(path, mark.line + 1 if mark else 1, error.problem or "is not YAML") from error
    except yaml.reader.ReaderError as error:
        raise DataFileError(path, text.count("\n", 0, error.position) + 1, error.reason) from error
    return data, lambda location: _deepest(root, location)[1] if root is not None else 1


def validate_entries(path: Path, model: type[Model], *, many: bool = True) -> list[Model]:
    """The file's entries (``many``: it is a list of them; else the file is one entry).

    Raises ``DataFilesError`` with all that is wrong in the file, in the order of its lines.
    """
    try:
        data, line_of = load_yaml(path)
    except DataFileError as error:
        raise DataFilesError([error]) from error
    if not many:
        candidates: list[tuple[Location, object]] = [((), data)]
    elif data is None or isinstance(data, list):
        candidates = [((i,), item) for i, item in enumerate(data or ())]
    else:
        raise DataFilesError([DataFileError(path, line_of(()), "must be a list of entries")])
    entries: list[Model] = []
    errors: list[DataFileError] = []
    for where, candidate in candidates:
        try:
            entries.append(model.model_validate(candidate))
        except ValidationError as error:
            errors += _as_file_errors(path, error, line_of, where, candidate)
    if errors:
        raise DataFilesError(sorted(errors, key=lambda error: error.line))
    return entries


def _as_file_errors(
    path: Path, error: ValidationError, line_of: LineOf, where: Location, candidate: object
) -> Iterable[DataFileError]:
    slug = candidate.get("slug") if isinstance(candidate, dict) else None
    for detail in error.errors(include_url=False, include_context=False):
        parts = [slug if isinstance(slug, str) else "", ".".join(map(str, detail["loc"])), detail["msg"]]
        yield DataFileError(path, line_of(where + detail["loc"]), ": ".join(part for part in parts if part))


def _deepest(node: yaml.Node, location: Location) -> tuple[int, int]:
    """How many parts of ``location`` lead from ``node`` into the file, and the line they end on.

    Parts that are not in the file (a missing field, the name pydantic gives to a
    member of a union) are stepped over; of two readings the deeper one is right.
    """
    if not location:
        return 0, node.start_mark.line + 1
    head, rest = location[0], location[1:]
    skipped = _deepest(node, rest)
    for line, child in _children(node, head):
        deeper, deeper_line = _deepest(child, rest)
        dead_end = bool(rest) and isinstance(child, yaml.ScalarNode)
        if 1 + deeper > skipped[0] or (1 + deeper == skipped[0] and not dead_end):
            return 1 + deeper, deeper_line if deeper else line
    return skipped


def _children(node: yaml.Node, key: str | int) -> list[tuple[int, yaml.Node]]:
    if isinstance(node, yaml.SequenceNode):
        items = node.value
        if isinstance(key, int) and 0 <= key < len(items):
            return [(items[key].start_mark.line + 1, items[key])]
    elif isinstance(node, yaml.MappingNode):
        return [(name.start_mark.line + 1, value) for name, value in node.value if name.value == str(key)]
    return []


def _shown(path: Path) -> str:
    """Short enough to read and to click: relative to the project when it lies inside."""
    resolved = path.resolve()
    return str(resolved.relative_to(_PROJECT)) if resolved.is_relative_to(_PROJECT) else str(path)


class _PlainLoader(_FastLoader):
    """See the module's words on what this YAML leaves out."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for name, _ in node.value:
                if isinstance(name, yaml.ScalarNode) and name.tag != "tag:yaml.org,2002:merge":
                    if name.value in seen:
                        raise yaml.constructor.ConstructorError(
                            None, None, f"“{name.value}” is given twice", name.start_mark
                        )
                    seen.add(name.value)
        mapping: dict[Hashable, object] = super().construct_mapping(node, deep=deep)
        return mapping


def _read_as(kind: str, pattern: str, first: str) -> None:
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{pattern})$"), list(first))


_PlainLoader.yaml_implicit_resolvers = {}  # none of YAML's own guesses, only these
_read_as("bool", "true|false", "tf")
_read_as("int", "0|-?[1-9][0-9]*", "-0123456789")
_read_as("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789")
_read_as("null", "~|null", "~n")
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^$"), [""])
_read_as("merge", "<<", "<")
