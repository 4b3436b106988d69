"""Whose job a service is at a place on a day: the tier's rule, and the agreements that say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cases.catalogue.schema import Service, Tier
from cases.register.register import Authority, Register
from cases.triage.agreements import Agreement, Agreements


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
) -> Responsible | None:
    """The authority for one tier in one district, or None when the register cannot say (a split council).

    ``tier`` is ``county`` or ``district``: a service of both has been settled by its question before. ``postcode``
    tells a district that has been shared out apart. An agreement with a council that has ended is over.
    """
    agreement = agreements.find(service.slug, district, on)
    if agreement:
        by_agreement = register.by_gss(agreement.authority)
        if by_agreement and by_agreement.is_open(on):
            return Responsible(by_agreement, f"agreement:{agreement.id}", agreement)
    level: Literal["county", "district"] = "county" if tier is Tier.COUNTY else "district"
    authority = register.responsible_for(level, district, on, postcode=postcode)
    if authority is None:
        return None
    return Responsible(authority, f"tier:{tier.value}", None, register.area_team(service.slug, level, district, on))


def is_single_tier(register: Register, district: str, on: date, *, postcode: str | None = None) -> bool:
    """Whether one council does everything there."""
    county = register.responsible_for("county", district, on, postcode=postcode)
    local = register.responsible_for("district", district, on, postcode=postcode)
    return county is not None and county is local
