"""Short enquiries as people write and say them, with what a good agent would make of them: what measures the
understanding, and (but for the fifth that is held out) teaches it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from cases.catalogue.loader import DATA, Catalogue
from cases.catalogue.schema import Strict
from cases.understanding.examples import AGENCY, NOISE, Example
from cases.yaml_lines import DataFileError, DataFilesError, load_yaml, validate_entries

FOLDS = 5
Gss = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{8}$")]
Meaning = Annotated[str, StringConstraints(pattern=r"^(agency:)?[a-z0-9]+(-[a-z0-9]+)*$")]
Manner = Literal["web", "text", "phone", "search"]


class PlaceMeant(Strict):
    """One of three: the postcode that the text has, the district (GSS) that it means, or the council (GSS) that the
    matter must go to at once, with nothing asked."""

    postcode: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$")] | None = None
    district: Gss | None = None
    council: Gss | None = None

    @property
    def gss(self) -> str | None:
        return self.district or self.council

    @model_validator(mode="after")
    def _one_of_three(self) -> PlaceMeant:
        if sum(part is not None for part in (self.postcode, self.district, self.council)) != 1:
            raise ValueError("give one of postcode, district and council")
        return self


class Labelled(Strict):
    """``wants``: a service's slug or LGSL number, ``agency:slug`` or ``noise``; a list for several matters at once."""

    say: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    wants: Meaning | Annotated[tuple[Meaning, ...], Field(min_length=2, max_length=4)]
    urgent: bool = False
    also_right: tuple[Meaning, ...] = ()  # other services and bodies that a good agent could just as well choose
    place: PlaceMeant | None = None
    manner: Manner = "web"

    @property
    def meanings(self) -> tuple[str, ...]:
        return (self.wants,) if isinstance(self.wants, str) else self.wants

    @property
    def is_held_out(self) -> bool:
        """A fifth of all, by what is said: never learned from."""
        return hashlib.sha256(self.say.encode()).digest()[0] % FOLDS == 0


def meaning_in(catalogue: Catalogue, meaning: str) -> str | None:
    """The meaning with a service's slug in place of its number; None: the catalogue has no such thing."""
    if meaning.startswith(AGENCY):
        return meaning if meaning.removeprefix(AGENCY) in catalogue.agencies else None
    service = catalogue.find(meaning)
    return NOISE if meaning == NOISE else (service.slug if service else None)


def load_labelled(root: Path = DATA, catalogue: Catalogue | None = None) -> list[Labelled]:
    """Raises ``DataFilesError`` with file and line, also for what is not in ``catalogue`` when one is given."""
    found: list[Labelled] = []
    errors: list[DataFileError] = []
    for path in sorted((root / "bench").glob("*.yaml")):
        entries = validate_entries(path, Labelled)
        found += entries
        errors += _unknown(path, entries, catalogue) if catalogue else ()
    if errors:
        raise DataFilesError(errors)
    return found


def taught_examples(catalogue: Catalogue, root: Path = DATA) -> list[Example]:
    """What may be learned from: nothing held out, and nothing with more than one meaning."""
    found = []
    for item in load_labelled(root):
        means = meaning_in(catalogue, item.wants) if isinstance(item.wants, str) else None
        if means and not item.is_held_out:
            found.append(Example(item.say, means, danger=item.urgent))
    return found


def _unknown(path: Path, entries: Iterable[Labelled], catalogue: Catalogue) -> Iterable[DataFileError]:
    _, line_of = load_yaml(path)
    for i, item in enumerate(entries):
        for meaning in (*item.meanings, *item.also_right):
            if meaning_in(catalogue, meaning) is None:
                yield DataFileError(path, line_of((i,)), f"“{meaning}” is not in the catalogue")
