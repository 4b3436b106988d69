"""What makes a rule a bad one: the same for entries of the data files and for what an administrator types."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date

from cases.catalogue.schema import Service
from cases.register.register import Authority, Register
from cases.rules.schema import ServiceChange
from cases.triage.agreements import Agreement

Where = tuple[str | int, ...]
Fault = tuple[str, Where]


def agreement_faults(
    agreement: Agreement,
    others: Iterable[Agreement],
    services: Mapping[str, Service],
    registers: Iterable[Register],
) -> Iterator[Fault]:
    """Each fault as a sentence, and the keys that lead to it. Without a register nothing is said about councils."""
    known = tuple(registers)
    for at, slug in enumerate(agreement.services):
        if slug not in services:
            yield f"no service is called {slug}", ("services", at)
        else:
            yield from _question_faults(agreement, services[slug])
    if agreement.ends and agreement.ends <= agreement.starts:
        yield "ends before it starts", ("ends",)
    for at, code in enumerate(agreement.area):
        yield from _council_faults(code, agreement, known, ("area", at))
    if agreement.authority not in ("county", "district"):
        yield from _council_faults(agreement.authority, agreement, known, ("authority",))
    for other in others:
        if other.id != agreement.id:
            yield from _overlap(agreement, other)


def service_faults(
    change: ServiceChange, service: Service, services: Container[str], agencies: Container[str]
) -> Iterator[Fault]:
    for question_id, leads in change.goes_to.items():
        question = service.question(question_id)
        values = {choice.value for choice in question.choices} if question else set()
        if question is None:
            yield f"it has no question called {question_id}", ("goes_to", question_id)
        for value, target in leads.items():
            where = ("goes_to", question_id, value)
            if question and value not in values:
                yield f"{question_id} does not offer the answer {value}", where
            yield from _target_faults(target, service, services, agencies, where)
    for at, slug in enumerate(change.could_be or ()):
        yield from _target_faults(
            slug if ":" in slug else f"service:{slug}", service, services, agencies, ("could_be", at)
        )
    changed = change.lay_over(service)
    if changed.tier == "both":
        split = changed.question(changed.split) if changed.split else None
        if split is None:
            yield "both councils do it, so one of its questions must say which", ("tier",)
        elif not any(choice.goes_to for choice in split.choices):
            yield f"no answer of the question {split.id} leads anywhere", ("tier",)


def _question_faults(agreement: Agreement, service: Service) -> Iterator[Fault]:
    for question_id, wanted in agreement.when.items():
        question = service.question(question_id)
        if question is None:
            yield f"{service.slug} has no question called {question_id}", ("when", question_id)
            continue
        offered = {choice.value for choice in question.choices} or {"yes", "no"}
        for at, value in enumerate(wanted):
            if value not in offered:
                yield f"the question {question_id} does not offer the answer {value}", ("when", question_id, at)


def _council_faults(code: str, agreement: Agreement, registers: tuple[Register, ...], where: Where) -> Iterator[Fault]:
    found = next((a for r in registers if (a := r.by_gss(code))), None)
    if found is None:
        if registers:
            yield f"no council has the code {code}", where
        return
    yield from _closed_faults(found, agreement.starts, agreement.ends, where)


def _closed_faults(council: Authority, starts: date, ends: date | None, where: Where) -> Iterator[Fault]:
    if council.opened and council.opened > starts:
        yield f"{council.name} opened only on {council.opened:%-d %B %Y}", where
    if council.closed and (ends is None or ends > council.closed):
        yield f"{council.name} closed on {council.closed:%-d %B %Y}, within the agreement's days", where


def _overlap(agreement: Agreement, other: Agreement) -> Iterator[Fault]:
    if not (set(agreement.services) & set(other.services) and set(agreement.area) & set(other.area)):
        return
    if (other.ends and other.ends <= agreement.starts) or (agreement.ends and agreement.ends <= other.starts):
        return
    if agreement.postcodes and other.postcodes and not set(agreement.postcodes) & set(other.postcodes):
        return
    shared = agreement.when.keys() & other.when.keys()
    if any(not set(agreement.when[question]) & set(other.when[question]) for question in shared):
        return
    yield f"its days overlap those of {other.id} for the same service and area", ("starts",)


def _target_faults(
    target: str, service: Service, services: Container[str], agencies: Container[str], where: Where
) -> Iterator[Fault]:
    kind, _, slug = target.partition(":")
    if kind == "service" and slug == service.slug:
        yield "it cannot lead to itself", where
    elif kind == "service" and slug not in services:
        yield f"no service is called {slug}", where
    elif kind == "agency" and slug not in agencies:
        yield f"no agency is called {slug}", where
