"""Whose job a service is at a place on a day: the tier's rule, and the agreements that say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cases.catalogue.schema import Service, Tier
from cases.register.register import Authority, Register
from cases.triage.agreements import ANY, Agreement, Agreements, Circumstances


@dataclass(frozen=True)
class Responsible:
    authority: Authority
    rule: str
    agreement: Agreement | None = None
    area_team: Authority | None = None  # the former council whose team still does it for the authority


def settle(
    register: Register,
    agreements: Agreements,
    service: Service,
    tier: Tier,
    district: str,
    on: date,
    *,
    postcode: str | None = None,
    given: Circumstances = ANY,
) -> Responsible | None:
    """The authority for one tier in one district, or None when the register cannot say (a split council).

    ``tier`` is ``county`` or ``district``: a service of both has been settled by its question before. ``postcode``
    tells a district that has been shared out apart. An agreement with a council that has ended is over.
    """
    level: Literal["county", "district"] = "county" if tier is Tier.COUNTY else "district"
    authority = register.responsible_for(level, district, on, postcode=postcode)
    agreed = by_agreement(register, agreements, service, district, on, authority, given)
    if agreed:
        return agreed
    if authority is None:
        return None
    return Responsible(authority, f"tier:{tier.value}", None, register.area_team(service.slug, level, district, on))


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
    party = _party(register, agreement, district, on, given.postcode)
    return Responsible(party, f"agreement:{agreement.id}", agreement) if party else None


def _party(
    register: Register, agreement: Agreement, district: str, on: date, postcode: str | None
) -> Authority | None:
    """The council that took the work on, or the one and only one that has taken its place; else the tier's rule."""
    if agreement.authority in ("county", "district"):
        level: Literal["county", "district"] = "county" if agreement.authority == "county" else "district"
        return register.responsible_for(level, district, on, postcode=postcode)
    named = register.by_gss(agreement.authority)
    if named is None or named.is_open(on):
        return named
    return register.responsible_for("county" if named.tier == "county" else "district", named.gss, on)


def is_single_tier(register: Register, district: str, on: date, *, postcode: str | None = None) -> bool:
    """Whether one council does everything there."""
    county = register.responsible_for("county", district, on, postcode=postcode)
    local = register.responsible_for("district", district, on, postcode=postcode)
    return county is not None and county is local
