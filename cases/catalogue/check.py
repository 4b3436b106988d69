"""Proving the catalogue's files consistent: what no single entry can say about itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.catalogue.check_areas import area_faults, noise_faults, shortened_faults
from cases.catalogue.loader import DATA, service_files
from cases.catalogue.schema import Agency, Choice, PlaceName, QuestionType, Service, Team, Tier, Topic, UrgentSign
from cases.register.loader import RegisterError, load_register
from cases.register.register import Register
from cases.rules.check import agreement_faults
from cases.triage.agreements import Agreement
from cases.yaml_lines import DataFileError, DataFilesError, LineOf, load_yaml, validate_entries

PARTNERSHIPS = ("nottinghamshire", "hampshire-iow")
FEWEST_COMPLETE_QUESTIONS = 2
_ONLY_DESCRIBE = ("describe", "tell us", "what happened", "details")


@dataclass(frozen=True)
class _Entry:
    """One entry with where it stands, for a message that names the line."""

    path: Path
    index: int
    line_of: LineOf
    value: Any

    @property
    def line(self) -> int:
        return self.line_of((self.index,))

    def fault(self, message: str, *where: str | int) -> DataFileError:
        """``where``: the keys and positions that lead from the entry to what is wrong."""
        return DataFileError(self.path, self.line_of((self.index, *where)), f"{self.label}: {message}")

    @property
    def label(self) -> str:
        """Its slug, id or name, whichever the entry has."""
        return next(str(found) for key in ("slug", "id", "name") if (found := getattr(self.value, key, None)))


def check_catalogue(root: Path = DATA) -> list[DataFileError]:
    """Every fault, in file and line order; an empty list is a consistent catalogue."""
    faults: list[DataFileError] = []
    folder = root / "catalogue"
    services = [e for path in service_files(root) for e in _entries(path, Service, faults)]
    agencies = _entries(folder / "agencies.yaml", Agency, faults)
    teams = _entries(folder / "teams.yaml", Team, faults)
    topics = _entries(folder / "topics.yaml", Topic, faults)
    signs = _entries(folder / "urgent.yaml", UrgentSign, faults)
    names = _entries(root / "gazetteer" / "places.yaml", PlaceName, faults)
    agreements = [e for path in sorted((root / "agreements").glob("*.yaml")) for e in _entries(path, Agreement, faults)]
    for group in (services, agencies, teams, topics, signs, agreements, names):
        faults += _given_twice(group)
    registers = _registers(root, faults)
    for entry in (*agencies, *names):
        faults += [entry.fault(message, *where) for message, where in area_faults(entry.value, registers)]
    faults += noise_faults(folder / "noise.yaml")
    faults += shortened_faults(folder / "shortened.yaml")
    known = _Known(
        {e.value.slug: e.value for e in services},
        {e.value.slug for e in agencies},
        {e.value.slug for e in teams},
        {e.value.slug for e in topics},
    )
    for entry in services:
        faults += _service_faults(entry, known)
    for entry in signs:
        if (entry.value.service is None) == (entry.value.agency is None):
            faults.append(entry.fault("leads to one service or one agency"))
        faults += _unknown_service(entry, known, entry.value.service, "service")
        faults += _unknown_agency(entry, known, entry.value.agency, "agency")
    for entry in agreements:
        beside = [e.value for e in agreements if e.path == entry.path]
        found = agreement_faults(entry.value, beside, known.services, registers)
        faults += [entry.fault(message, *where) for message, where in found]
    return sorted({str(f): f for f in faults}.values(), key=lambda f: (str(f.path), f.line))


@dataclass(frozen=True)
class _Known:
    services: dict[str, Service]
    agencies: set[str]
    teams: set[str]
    topics: set[str]


def _entries(path: Path, model: Any, faults: list[DataFileError]) -> list[_Entry]:
    try:
        values = validate_entries(path, model)
        _, line_of = load_yaml(path)
    except DataFilesError as error:
        faults += error.errors
        return []
    return [_Entry(path, i, line_of, value) for i, value in enumerate(values)]


def _given_twice(entries: list[_Entry]) -> Iterator[DataFileError]:
    first: dict[str, _Entry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.label, entry)
        if earlier is not entry:
            yield entry.fault(f"is given already in {earlier.path.name}:{earlier.line}")


def _service_faults(entry: _Entry, known: _Known) -> Iterator[DataFileError]:
    service: Service = entry.value
    if service.team not in known.teams:
        yield entry.fault(f"no team is called {service.team}", "team")
    if service.topic not in known.topics:
        yield entry.fault(f"no topic is called {service.topic}", "topic")
    for at, slug in enumerate(service.could_be):
        yield from _unknown_target(entry, known, slug if ":" in slug else f"service:{slug}", "could_be", at)
    for choice, where in _choices(service):
        yield from _unknown_target(entry, known, choice.goes_to or "", *where)
    yield from _unknown_service(entry, known, service.instead, "instead")
    yield from _question_faults(entry, service)
    yield from _split_faults(entry, service)
    if service.complete:
        yield from _completeness_faults(entry, service)
    if service.closed_on is None and service.instead:
        yield entry.fault("names what took its place but not the day it closed", "instead")


def _choices(service: Service) -> Iterator[tuple[Choice, tuple[str | int, ...]]]:
    """Each choice, and where it stands in its entry."""
    for n, question in enumerate(service.questions):
        for at, choice in enumerate(question.choices):
            yield choice, ("questions", n, "choices", at)
    for n, rule in enumerate(service.check_first):
        for at, choice in enumerate(rule.choices if rule.rule == "ask" else ()):
            yield choice, ("check_first", n, "choices", at)


def _unknown_target(entry: _Entry, known: _Known, target: str, *where: str | int) -> Iterator[DataFileError]:
    """``target``: ``service:slug``, ``agency:slug`` or a tier, which is always known."""
    kind, _, slug = target.partition(":")
    if kind == "service":
        yield from _unknown_service(entry, known, slug, *where)
    elif kind == "agency":
        yield from _unknown_agency(entry, known, slug, *where)


def _unknown_service(entry: _Entry, known: _Known, slug: str | None, *where: str | int) -> Iterator[DataFileError]:
    if slug and slug not in known.services:
        yield entry.fault(f"no service is called {slug}", *where)


def _unknown_agency(entry: _Entry, known: _Known, slug: str | None, *where: str | int) -> Iterator[DataFileError]:
    if slug and slug not in known.agencies:
        yield entry.fault(f"no agency is called {slug}", *where)


def _question_faults(entry: _Entry, service: Service) -> Iterator[DataFileError]:
    seen: dict[str, set[str]] = {}
    for n, rule in enumerate(service.check_first):
        if rule.rule == "ask":
            values = {c.value for c in rule.choices} or {"yes", "no"}
            if not set(rule.stop_on) <= values:
                yield entry.fault(
                    f"check first “{rule.id}” stops on an answer that it does not offer", "check_first", n
                )
            seen[rule.id] = values
    for n, question in enumerate(service.questions):
        where = ("questions", n)
        if question.id in seen:
            yield entry.fault(f"two questions are called {question.id}", *where)
        for other, wanted in question.when.items():
            if other not in seen:
                yield entry.fault(f"question {question.id} depends on {other}, which is not asked before it", *where)
            elif not set(wanted) <= seen[other]:
                yield entry.fault(f"question {question.id} waits for an answer that {other} does not offer", *where)
        codes = {c.value for c in question.choices}
        if len(codes) < len(question.choices):
            yield entry.fault(f"question {question.id} offers one answer twice", *where)
        seen[question.id] = codes or ({"yes", "no"} if question.type is QuestionType.YES_NO else set())


def _split_faults(entry: _Entry, service: Service) -> Iterator[DataFileError]:
    if service.tier is Tier.BOTH and service.split is None:
        yield entry.fault("both tiers provide it, so one question must settle which (split)")
    if service.split is None:
        return
    question = service.question(service.split)
    if question is None:
        yield entry.fault(f"the split question {service.split} is not among its questions", "split")
    elif not any(c.goes_to for c in question.choices):
        yield entry.fault(f"no answer of the split question {service.split} settles anything", "split")


def _completeness_faults(entry: _Entry, service: Service) -> Iterator[DataFileError]:
    real = [q for q in service.questions if not any(w in q.ask.lower() for w in _ONLY_DESCRIBE)]
    if len(service.questions) < FEWEST_COMPLETE_QUESTIONS or not real:
        yield entry.fault("a complete service asks at least two questions, one of them more than “please describe”")
    if not service.script:
        yield entry.fault("a complete service has a script")
    if not (service.check_first or service.exclusions or service.danger):
        yield entry.fault("a complete service says what to check first, what is left out, or what is dangerous")


def _registers(root: Path, faults: list[DataFileError]) -> list[Register]:
    registers = []
    for partnership in PARTNERSHIPS:
        try:
            registers.append(load_register(partnership, root / "register"))
        except RegisterError as error:
            faults += error.errors
    return registers
