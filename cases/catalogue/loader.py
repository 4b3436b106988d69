"""The catalogue in memory: every service, agency, topic and team, loaded once per process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from cases.catalogue.schema import Agency, PlaceName, Service, Team, Topic, UrgentSign
from cases.yaml_lines import load_yaml, validate_entries

_WORDS = ("catalogue", "bench", "enquiries", "danger")  # what free text is understood by
DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class DatedService:
    """A service as it is in a span of days; ``ends`` is the first day on which it no longer is."""

    starts: date
    ends: date | None
    service: Service


@dataclass(frozen=True)
class Catalogue:
    """Immutable. ``version`` changes whenever any file does, and is kept with each decision.

    ``dated`` has the services that an administrator changed, newest change first; ``services`` has them as of today.
    """

    services: Mapping[str, Service]
    agencies: Mapping[str, Agency]
    topics: Mapping[str, Topic]
    teams: Mapping[str, Team]
    urgent_signs: tuple[UrgentSign, ...]
    noise: Mapping[str, tuple[str, ...]]
    place_names: tuple[PlaceName, ...]
    shortened: Mapping[str, str]
    """What people shorten, written out."""
    version: str
    words_version: str
    """Changes only when a file does that free text is understood by."""
    dated: Mapping[str, tuple[DatedService, ...]] = field(default_factory=dict)

    def on(self, service: Service, on: date) -> Service:
        """The service as it was, is or will be on that day."""
        for each in self.dated.get(service.slug, ()):
            if each.starts <= on and (each.ends is None or on < each.ends):
                return each.service
        return service

    @cached_property
    def by_lgsl(self) -> Mapping[int, Service]:
        """The first service of each LGSL id (several of ours may share one); else the one that takes it in as well."""
        found: dict[int, Service] = {}
        for service in self.services.values():
            if service.lgsl is not None:
                found.setdefault(service.lgsl, service)
        for service in self.services.values():
            for number in service.also_lgsl:
                found.setdefault(number, service)
        return MappingProxyType(found)

    def find(self, service: str | int | None) -> Service | None:
        """By slug, LGSL number or numeric string."""
        if service is None:
            return None
        if isinstance(service, int):
            return self.by_lgsl.get(service)
        text = service.strip().lower()
        return self.services.get(text) or (
            self.by_lgsl.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else None
        )

    def in_topic(self, topic: str) -> list[Service]:
        return sorted((s for s in self.services.values() if s.topic == topic), key=lambda s: s.title)


def service_files(root: Path) -> list[Path]:
    return sorted((root / "catalogue" / "services").glob("*.yaml"))


def load_catalogue(root: Path = DATA) -> Catalogue:
    """Raises :class:`cases.yaml_lines.DataFilesError` naming each fault by file and line."""
    folder = root / "catalogue"
    services = [s for path in service_files(root) for s in validate_entries(path, Service)]
    noise, _ = load_yaml(folder / "noise.yaml")
    shortened, _ = load_yaml(folder / "shortened.yaml")
    assert isinstance(noise, dict) and isinstance(shortened, dict)
    return Catalogue(
        services=MappingProxyType({s.slug: s for s in services}),
        agencies=MappingProxyType({a.slug: a for a in validate_entries(folder / "agencies.yaml", Agency)}),
        topics=MappingProxyType({t.slug: t for t in validate_entries(folder / "topics.yaml", Topic)}),
        teams=MappingProxyType({t.slug: t for t in validate_entries(folder / "teams.yaml", Team)}),
        urgent_signs=tuple(validate_entries(folder / "urgent.yaml", UrgentSign)),
        noise=MappingProxyType({kind: tuple(phrases) for kind, phrases in noise.items()}),
        place_names=tuple(validate_entries(root / "gazetteer" / "places.yaml", PlaceName)),
        shortened=MappingProxyType(shortened),
        version=_version(root, root.rglob("*.yaml")),
        words_version=_version(root, (path for part in _WORDS for path in (root / part).rglob("*.yaml"))),
    )


def _version(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
