"""Agreements: dated exceptions to what the tier says, as data.

An agreement names a service, the area it holds in, its days, who takes the work and where that is written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cases.catalogue.loader import DATA
from cases.catalogue.schema import Sentence, Slug, Strict
from cases.register.schema import Gss
from cases.yaml_lines import validate_entries


class Agreement(Strict):
    """``starts`` is the first day it holds, ``ends`` the first day it no longer does."""

    id: Slug
    services: tuple[Slug, ...]
    area: tuple[Gss, ...]
    authority: Gss
    starts: date
    ends: date | None = None
    reason: Sentence  # in words fit for the public
    source: Sentence

    def holds(self, on: date) -> bool:
        return self.starts <= on and (self.ends is None or on < self.ends)


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

    def find(self, service: str, district_gss: str, on: date) -> Agreement | None:
        return next((a for a in self.by_service_and_area.get((service, district_gss), ()) if a.holds(on)), None)


def load_agreements(partnership: str, root: Path = DATA) -> Agreements:
    path = root / "agreements" / f"{partnership}.yaml"
    return Agreements.of(validate_entries(path, Agreement) if path.exists() else ())
