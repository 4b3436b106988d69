"""Proving the catalogue's files consistent: what no single entry can say about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.catalogue.loader import DATA, service_files
from cases.catalogue.schema import Agency, PlaceName, QuestionType, Service, Team, Tier, Topic, UrgentSign
from cases.register.loader import RegisterError, load_register
from cases.triage.agreements import Agreement
from cases.yaml_lines import DataFileError, DataFilesError, LineOf, load_yaml, validate_entries

PARTNERSHIPS = ("nottinghamshire", "hampshire-iow")
FEWEST_COMPLETE_QUESTIONS = 2
_ONLY_DESCRIBE = ("describe", "tell us", "what happened", "details")


@dataclass(frozen=True)
class _Entry:
    """One entry with where it stands, for a message that names the line."""

    path: Path
    line: int
    value: Any

    def fault(self, message: str) -> DataFileError:
        return DataFileError(self.path, self.line, f"{getattr(self.value, 'slug', '')}: {message}")


def check_catalogue(root: Path = DATA) -> list[DataFileError]:
    """Every fault, in file and line order; an empty list is a consistent catalogue."""
    faults: list[DataFileError] = []
    folder = root / "catalogue"
    services = [e for path in service_files(root) for e in _entries(path, Service, faults)]
    agencies = _entries(folder / "agencies.yaml", Agency, faults)
    teams = _entries(folder / "teams.yaml", Team, faults)
    topics = _entries(folder / "topics.yaml", Topic, faults)
    signs = _entries(folder / "urgent.yaml", UrgentSign, faults)
    _entries(root / "gazetteer" / "places.yaml", PlaceName, faults)
    for group in (services, agencies, teams, topics):
        faults += _given_twice(group)
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
            faults.append(entry.fault(f"{entry.value.id} leads to one service or one agency"))
        faults += _unknown(entry, known, (entry.value.service,), (entry.value.agency,))
    faults += _agreement_faults(root, known) + _register_faults(root)
    return sorted(faults, key=lambda f: (str(f.path), f.line))


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
    line: LineOf | Callable[..., int] = line_of
    return [_Entry(path, line((i,)), value) for i, value in enumerate(values)]


def _given_twice(entries: list[_Entry]) -> Iterator[DataFileError]:
    first: dict[str, _Entry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.value.slug, entry)
        if earlier is not entry:
            yield entry.fault(f"the slug is given already in {earlier.path.name}:{earlier.line}")


def _service_faults(entry: _Entry, known: _Known) -> Iterator[DataFileError]:
    service: Service = entry.value
    if service.team not in known.teams:
        yield entry.fault(f"no team is called {service.team}")
    if service.topic not in known.topics:
        yield entry.fault(f"no topic is called {service.topic}")
    services = [c for c in service.could_be if not c.startswith("agency:")]
    agencies = [c.removeprefix("agency:") for c in service.could_be if c.startswith("agency:")]
    for choice in _choices(service):
        kind, _, slug = (choice.goes_to or "").partition(":")
        (services if kind == "service" else agencies if kind == "agency" else []).append(slug)
    yield from _unknown(entry, known, (*services, service.instead), tuple(agencies))
    yield from _question_faults(entry, service)
    yield from _split_faults(entry, service)
    if service.complete:
        yield from _completeness_faults(entry, service)
    if service.closed_on is None and service.instead:
        yield entry.fault("names what took its place but not the day it closed")


def _choices(service: Service) -> Iterator[Any]:
    for question in service.questions:
        yield from question.choices
    for rule in service.check_first:
        if rule.rule == "ask":
            yield from rule.choices


def _unknown(entry: _Entry, known: _Known, services: Any, agencies: Any) -> Iterator[DataFileError]:
    for slug in services:
        if slug and slug not in known.services:
            yield entry.fault(f"no service is called {slug}")
    for slug in agencies:
        if slug and slug not in known.agencies:
            yield entry.fault(f"no agency is called {slug}")


def _question_faults(entry: _Entry, service: Service) -> Iterator[DataFileError]:
    seen: dict[str, set[str]] = {}
    for rule in service.check_first:
        if rule.rule == "ask":
            values = {c.value for c in rule.choices} or {"yes", "no"}
            if not set(rule.stop_on) <= values:
                yield entry.fault(f"check first “{rule.id}” stops on an answer that it does not offer")
            seen[rule.id] = values
    for question in service.questions:
        if question.id in seen:
            yield entry.fault(f"two questions are called {question.id}")
        for other, wanted in question.when.items():
            if other not in seen:
                yield entry.fault(f"question {question.id} depends on {other}, which is not asked before it")
            elif not set(wanted) <= seen[other]:
                yield entry.fault(f"question {question.id} waits for an answer that {other} does not offer")
        codes = {c.value for c in question.choices}
        seen[question.id] = codes or ({"yes", "no"} if question.type is QuestionType.YES_NO else set())


def _split_faults(entry: _Entry, service: Service) -> Iterator[DataFileError]:
    if service.tier is Tier.BOTH and service.split is None:
        yield entry.fault("both tiers provide it, so one question must settle which (split)")
    if service.split is None:
        return
    question = service.question(service.split)
    if question is None:
        yield entry.fault(f"the split question {service.split} is not among its questions")
    elif not any(c.goes_to for c in question.choices):
        yield entry.fault(f"no answer of the split question {service.split} settles anything")


def _completeness_faults(entry: _Entry, service: Service) -> Iterator[DataFileError]:
    real = [q for q in service.questions if not any(w in q.ask.lower() for w in _ONLY_DESCRIBE)]
    if len(service.questions) < FEWEST_COMPLETE_QUESTIONS or not real:
        yield entry.fault("a complete service asks at least two questions, one of them more than “please describe”")
    if not service.script:
        yield entry.fault("a complete service has a script")
    if not (service.check_first or service.exclusions or service.danger):
        yield entry.fault("a complete service says what to check first, what is left out, or what is dangerous")


def _agreement_faults(root: Path, known: _Known) -> list[DataFileError]:
    faults: list[DataFileError] = []
    for path in sorted((root / "agreements").glob("*.yaml")):
        for entry in _entries(path, Agreement, faults):
            faults += _unknown(entry, known, entry.value.services, ())
            if entry.value.ends and entry.value.ends <= entry.value.starts:
                faults.append(entry.fault(f"{entry.value.id} ends before it starts"))
    return faults


def _register_faults(root: Path) -> list[DataFileError]:
    faults: list[DataFileError] = []
    for partnership in PARTNERSHIPS:
        try:
            load_register(partnership, root / "register")
        except RegisterError as error:
            faults += error.errors
    return faults
