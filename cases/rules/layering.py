"""Laying changes over the rules as delivered. Pure, and cheap: no words are read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from cases.catalogue.loader import Catalogue, DatedService
from cases.catalogue.schema import Service
from cases.register.register import Register
from cases.rules.schema import ServiceChange
from cases.triage.agreements import Agreement, Agreements
from cases.triage.rules import Rules

AGREEMENT, SERVICE = "agreement", "service"


@dataclass(frozen=True)
class Change:
    """One change as it is laid over the files; ``number`` orders them, a draft's is above all others."""

    subject: str
    slug: str
    after: Mapping[str, Any]
    starts_on: date
    ends_on: date | None
    number: int


def lay_over(base: Rules, changes: Iterable[Change], today: date, *, register: Register | None = None) -> Rules:
    """The rules with each change in the order of its number; the catalogue's services are those of ``today``.

    ``register``: the one in force, when it is another than the files'.
    """
    ordered = sorted(changes, key=lambda change: change.number)
    if not ordered:
        return base
    return replace(
        base,
        register=register or base.register,
        catalogue=_with_services(base.catalogue, [c for c in ordered if c.subject == SERVICE], today),
        agreements=_with_agreements(base.agreements, [c for c in ordered if c.subject == AGREEMENT]),
        version=f"r{ordered[-1].number}",
        delivered=base,
    )


def taught_words(changes: Iterable[Change], today: date) -> dict[str, tuple[str, ...]]:
    """The phrases that administrators added, by service: those of its newest change that has begun."""
    newest: dict[str, tuple[str, ...]] = {}
    for change in sorted(changes, key=lambda change: change.number):
        if change.subject == SERVICE and _holds(change, today):
            newest[change.slug] = ServiceChange.model_validate(change.after).words
    return {slug: words for slug, words in newest.items() if words}


def _with_services(catalogue: Catalogue, changes: list[Change], today: date) -> Catalogue:
    dated: dict[str, list[DatedService]] = defaultdict(list)
    services = dict(catalogue.services)
    for change in changes:
        delivered = catalogue.services.get(change.slug)
        if delivered is None:  # a later release has dropped it
            continue
        changed = ServiceChange.model_validate(change.after).lay_over(delivered)
        dated[change.slug].insert(0, DatedService(change.starts_on, change.ends_on, changed))
        if _holds(change, today):
            services[change.slug] = changed
    if not dated:
        return catalogue
    return replace(
        catalogue,
        services=MappingProxyType(services),
        dated=MappingProxyType({slug: _with_last(found, catalogue.services[slug]) for slug, found in dated.items()}),
    )


def _with_last(found: list[DatedService], delivered: Service) -> tuple[DatedService, ...]:
    return (*found, DatedService(date.min, None, delivered))


def _with_agreements(agreements: Agreements, changes: list[Change]) -> Agreements:
    by_id = {agreement.id: agreement for agreement in agreements.all()}
    for change in changes:
        by_id[change.slug] = Agreement.model_validate(change.after)
    return Agreements.of(by_id.values())


def _holds(change: Change, today: date) -> bool:
    return change.starts_on <= today and (change.ends_on is None or today < change.ends_on)
