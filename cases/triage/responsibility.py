"""Whose job a service is at a place on a day: the tier's rule, and the agreements that say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cases.catalogue.schema import Service, Tier
from cases.register.register import Authority, Register
from cases.triage.agreements import Agreement, Agreements


@dataclass(frozen=True)
class Responsible:
    authority: Authority
    rule: str
    agreement: Agreement | None = None


def settle(
    register: Register, agreements: Agreements, service: Service, tier: Tier, district: str, on: date
) -> Responsible | None:
    """The authority for one tier in one district, or None when the register cannot say (a split council).

    ``tier`` is ``county`` or ``district``: a service of both has been settled by its question before.
    """
    agreement = agreements.find(service.slug, district, on)
    if agreement:
        by_agreement = register.by_gss(agreement.authority)
        if by_agreement:
            return Responsible(by_agreement, f"agreement:{agreement.id}", agreement)
    authority = register.responsible_for("county" if tier is Tier.COUNTY else "district", district, on)
    return Responsible(authority, f"tier:{tier.value}") if authority else None


def is_single_tier(register: Register, district: str, on: date) -> bool:
    """Whether one council does everything there."""
    county = register.responsible_for("county", district, on)
    local = register.responsible_for("district", district, on)
    return county is not None and county is local
