"""Whose job a service is at a place on a day: the tier's rule, and the agreements that say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.catalogue.schema import Service, Tier
from cases.register.register import Authority, Register
from cases.triage.agreements import ANY, Agreement, Agreements, Circumstances


@dataclass(frozen=True)
class Responsible:
    authority: Authority
    rule: str
    agreement: Agreement | None = None


def settle(
    register: Register,
    agreements: Agreements,
    service: Service,
    tier: Tier,
    district: str,
    on: date,
    *,
    given: Circumstances = ANY,
) -> Responsible | None:
    """The authority for one tier in one district, or None when the register cannot say (a split council).

    ``tier`` is ``county`` or ``district``: a service of both has been settled by its question before.
    """
    authority = register.responsible_for("county" if tier is Tier.COUNTY else "district", district, on)
    agreed = by_agreement(register, agreements, service, district, on, authority, given)
    if agreed:
        return agreed
    return Responsible(authority, f"tier:{tier.value}") if authority else None


def by_agreement(
    register: Register,
    agreements: Agreements,
    service: Service,
    district: str,
    on: date,
    otherwise: Authority | None,
    given: Circumstances,
) -> Responsible | None:
    """Who has agreed to do it there; ``otherwise`` is the council that the tier names."""
    agreement = agreements.find(service.slug, district, on, given)
    if agreement is None or (agreement.or_own_council and otherwise and otherwise.gss == given.council):
        return None
    party = _party(register, agreement, district, on)
    return Responsible(party, f"agreement:{agreement.id}", agreement) if party else None


def _party(register: Register, agreement: Agreement, district: str, on: date) -> Authority | None:
    """The council that took the work on, or the one and only one that has taken its place."""
    if agreement.authority in ("county", "district"):
        return register.responsible_for("county" if agreement.authority == "county" else "district", district, on)
    named = register.by_gss(agreement.authority)
    if named is None or named.is_open(on):
        return named
    return register.responsible_for("county" if named.tier == "county" else "district", named.gss, on)


def is_single_tier(register: Register, district: str, on: date) -> bool:
    """Whether one council does everything there."""
    county = register.responsible_for("county", district, on)
    local = register.responsible_for("district", district, on)
    return county is not None and county is local
