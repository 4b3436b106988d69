"""The second half of the proof: codes of areas that must be known, and the words that ask nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cases.catalogue.schema import Agency, PlaceName
from cases.register.register import Register
from cases.yaml_lines import DataFileError, load_yaml


def area_faults(
    value: Agency | PlaceName, registers: Iterable[Register]
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """What is wrong with the codes that an entry names, and where. Without a register nothing can be said."""
    known = tuple(registers)
    for code, where in _codes(value):
        if known and not any(register.by_gss(code) for register in known):
            yield f"no council has the code {code}", where


def _codes(value: Agency | PlaceName) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if isinstance(value, PlaceName):
        yield from ((code, ("districts", at)) for at, code in enumerate(value.districts))
        return
    for at, code in enumerate(value.area):
        if code != "everywhere":
            yield code.removeprefix("some:"), ("area", at)


def noise_faults(path: Path) -> Iterator[DataFileError]:
    """The file is one mapping of kinds, each with a list of phrases."""
    try:
        kinds, line_of = load_yaml(path)
    except DataFileError as error:
        yield error
        return
    if not isinstance(kinds, dict) or not kinds:
        yield DataFileError(path, 1, "must be kinds of noise, each with its phrases")
        return
    for kind, phrases in kinds.items():
        if not isinstance(phrases, list) or not phrases:
            yield DataFileError(path, line_of((str(kind),)), f"{kind}: must be a list of phrases")
            continue
        for at, phrase in enumerate(phrases):
            if not isinstance(phrase, str) or not phrase.strip():
                yield DataFileError(
                    path, line_of((str(kind), at)), f"{kind}: {phrase!r} is no phrase; put it in quotes"
                )


def shortened_faults(path: Path) -> Iterator[DataFileError]:
    """The file is one mapping of words as typed to words as meant, both in lower case."""
    try:
        words, line_of = load_yaml(path)
    except DataFileError as error:
        yield error
        return
    if not isinstance(words, dict) or not words:
        yield DataFileError(path, 1, "must be shortened words, each with what it stands for")
        return
    for short, written in words.items():
        if not isinstance(short, str) or not isinstance(written, str) or f"{short}{written}".lower() != short + written:
            yield DataFileError(path, line_of((str(short),)), f"{short}: both must be words in lower case, in quotes")
