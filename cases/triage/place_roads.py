"""Numbered roads in free text: the districts that one passes through, and whose road it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Road, RoadKind, Service
from cases.register.register import Register
from cases.triage.decision import Enquiry
from cases.understanding.candidate import Candidate

_NUMBER = re.compile(
    r"(?<![\w.])(?:(?P<letter>[ABM])[ ]?(?P<number>[1-9]\d{0,3})(?P<motorway>[ ]?\(M\)|M\b)?)(?![\w])", re.IGNORECASE
)
_FLAT_BEFORE = re.compile(r"\b(?:flat|unit|room|block|bay|plot|gate|paper|size|level|grade)\s+$", re.IGNORECASE)
KIND_QUESTION = "road-kind"  # the id that every service about roads uses
NOT_SURE = "not-sure"
NATIONAL = "national-highways"
_NATIONAL_WORDS = re.compile(
    r"motorway|trunk|dual carriageway|hard shoulder|slip ?road|highways? (?:agency|england)|national highways|junction"
    r"|\bM\d{1,3}\b|\bA\d{1,3}\(M\)",
    re.IGNORECASE,
)
_VALUES = {
    RoadKind.MOTORWAY: ("motorway",),
    RoadKind.TRUNK: ("trunk-road",),
    RoadKind.LOCAL: ("other-road",),
    RoadKind.PART_TRUNK: (),
}


@dataclass(frozen=True)
class NamedRoad:
    """``kind`` is that of the stretch that was told; ``PART_TRUNK`` when it was not told which."""

    name: str
    kind: RoadKind
    districts: tuple[str, ...]
    ask: str | None = None


class Roads:
    """The roads known, of the register's own partnership."""

    def __init__(self, roads: Iterable[Road], register: Register) -> None:
        own = {a.gss for a in register.authorities.values()}
        self._roads = {road.road: road for road in roads if own.intersection(road.districts)}
        self._own = own

    def find(self, texts: Sequence[str]) -> NamedRoad | None:
        """The first numbered road that we know; its stretch may be told in another of the texts."""
        for said, match in ((text, match) for text in texts for match in _NUMBER.finditer(text)):
            name = f"{match['letter']}{match['number']}{'(M)' if match['motorway'] else ''}".upper()
            road = self._roads.get(name)
            if road and not _FLAT_BEFORE.search(said[max(0, match.start() - 12) : match.start()]):
                return self._stretch(road, " . ".join(texts))
        return None

    def _stretch(self, road: Road, text: str) -> NamedRoad:
        districts = tuple(d for d in road.districts if d in self._own)
        kind = road.kind
        if kind is RoadKind.PART_TRUNK:
            said = " ".join(re.findall(r"[a-z0-9]+", text.lower()))
            is_trunk, is_local = _names(said, road.trunk_at), _names(said, road.local_at)
            if is_trunk != is_local:
                kind = RoadKind.TRUNK if is_trunk else RoadKind.LOCAL
        return NamedRoad(road.road, kind, districts, road.ask)


def _names(said: str, places: tuple[str, ...]) -> bool:
    return any(f" {place} " in f" {said} " for place in places)


def with_road_told(enquiry: Enquiry, service: Service, road: NamedRoad | None) -> Enquiry:
    """The road's number answers the service's question about the kind of road, unless the person has answered it."""
    if road is None or enquiry.answers.get(KIND_QUESTION, NOT_SURE) != NOT_SURE:
        return enquiry
    value = _choice_for(service, road.kind)
    return replace(enquiry, answers={**enquiry.answers, KIND_QUESTION: value}) if value else enquiry


def is_stretch_open(enquiry: Enquiry, service: Service, road: NamedRoad) -> bool:
    """Whether it was not told which stretch it is, and that would change whose job it is."""
    if road.kind is not RoadKind.PART_TRUNK or enquiry.answers.get(KIND_QUESTION, NOT_SURE) != NOT_SURE:
        return False
    question, trunk = service.question(KIND_QUESTION), _choice_for(service, RoadKind.TRUNK)
    return bool(question and any(choice.value == trunk and choice.goes_to for choice in question.choices))


def first_by_road(
    catalogue: Catalogue, candidates: Sequence[Candidate], road: NamedRoad | None, words: str
) -> Candidate | None:
    """The likeliest meaning; National Highways only for a road that is its own, or may be for all that was said."""
    first = candidates[0] if candidates else None
    if first is None or first.slug != NATIONAL or (road and road.kind in (RoadKind.MOTORWAY, RoadKind.TRUNK)):
        return first
    if road is None and _NATIONAL_WORDS.search(words):
        return first
    for other in candidates:
        service = None if other.is_agency else catalogue.services.get(other.slug)
        if service and service.question(KIND_QUESTION):
            return Candidate(other.slug, min(0.99, first.score + other.score), other.lgsl)
    return first


def _choice_for(service: Service, kind: RoadKind) -> str | None:
    question = service.question(KIND_QUESTION)
    values = {choice.value for choice in question.choices} if question else set()
    return next((value for value in _VALUES[kind] if value in values), None)
