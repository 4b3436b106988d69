"""Agreements: dated exceptions to what the tier says, as data.

An agreement names a service, the area it holds in, its days, who takes the work and where that is written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from cases.catalogue.loader import DATA
from cases.catalogue.schema import Sentence, Slug, Strict
from cases.register.schema import Gss, Postcode
from cases.yaml_lines import validate_entries

Answers = Mapping[str, str | tuple[str, ...]]


class Agreement(Strict):
    """``starts`` is the first day it holds, ``ends`` the first day it no longer does.

    ``authority`` is a council's code, or the tier whose council of the place does it. ``when`` narrows it to cases in
    which a question of the catalogue was answered so, ``postcodes`` to those places of its area. ``or_own_council``:
    the person may as well go to the council that the tier names, so that council is left alone when it was chosen.
    """

    id: Slug
    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    area: Annotated[tuple[Gss, ...], Field(min_length=1)]
    authority: Gss | Literal["county", "district"]
    starts: date
    ends: date | None = None
    when: Mapping[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    postcodes: tuple[Postcode, ...] = ()
    or_own_council: bool = False
    reason: Sentence  # in words fit for the public
    source: Sentence
    checked: date | None = None  # none: nobody has checked it

    def holds(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or on < self.ends)


@dataclass(frozen=True)
class Circumstances:
    """What of an enquiry an agreement may depend on, beside service, area and day."""

    postcode: str | None = None
    answers: Answers = field(default_factory=dict)
    council: str | None = None  # GSS code of the one approached or chosen

    def fit(self, agreement: Agreement) -> bool:
        if agreement.postcodes and self.postcode not in agreement.postcodes:
            return False
        return all(self._answered(question, wanted) for question, wanted in agreement.when.items())

    def _answered(self, question: str, wanted: tuple[str, ...]) -> bool:
        given = self.answers.get(question, ())
        return bool(set(wanted).intersection((given,) if isinstance(given, str) else given))


ANY = Circumstances()


@dataclass(frozen=True)
class Agreements:
    by_service_and_area: Mapping[tuple[str, str], tuple[Agreement, ...]]

    @classmethod
    def of(cls, agreements: Iterable[Agreement]) -> Agreements:
        found: dict[tuple[str, str], tuple[Agreement, ...]] = {}
        for agreement in agreements:
            for service in agreement.services:
                for gss in agreement.area:
                    found[service, gss] = (*found.get((service, gss), ()), agreement)
        return cls(found)

    def all(self) -> tuple[Agreement, ...]:
        """Each once, in the order in which they were given."""
        return tuple({a.id: a for found in self.by_service_and_area.values() for a in found}.values())

    def find(self, service: str, district_gss: str, on: date, given: Circumstances = ANY) -> Agreement | None:
        for agreement in self.by_service_and_area.get((service, district_gss), ()):
            if agreement.holds(on) and given.fit(agreement):
                return agreement
        return None


def load_agreements(partnership: str, root: Path = DATA) -> Agreements:
    path = root / "agreements" / f"{partnership}.yaml"
    return Agreements.of(validate_entries(path, Agreement) if path.exists() else ())
