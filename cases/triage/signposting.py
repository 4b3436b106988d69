"""Ending at somebody else: another body, or a council outside the partnership."""

from __future__ import annotations

from dataclasses import replace

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Agency
from cases.register.register import Authority, Register
from cases.triage import wording
from cases.triage.decision import Decision, OutcomeKind, Outside, SignpostTo


def to_agency(catalogue: Catalogue, base: Decision, slug: str, district: str | None, rule: str) -> Decision:
    """The decision as a signpost to the body whose area has the district (GSS)."""
    agency = concrete_agency(catalogue, slug, district)
    return replace(
        base,
        outcome=OutcomeKind.SIGNPOST,
        rule=rule,
        outside=Outside(agency.name, agency.how),
        signpost=SignpostTo(agency.slug, agency),
        public_reasons=(f"{agency.name} deals with this, not a council. {agency.does}",),
        queue=None,
    )


def concrete_agency(catalogue: Catalogue, slug: str, district: str | None) -> Agency:
    """The body itself for a generic one: "water-company" is the one ``water-…`` that has the whole district."""
    stem = slug.removesuffix("-company")
    if district and slug.endswith("-company"):
        whole = [a for a in catalogue.agencies.values() if a.slug.startswith(f"{stem}-") and district in a.area]
        if len(whole) == 1:
            return whole[0]
    if district and slug in ("police", "fire-and-rescue", "national-park"):
        near = [a for a in catalogue.agencies.values() if a.slug != slug and district in a.area]
        start = {"police": "police-", "fire-and-rescue": "fire-", "national-park": ""}[slug]
        own = [a for a in near if (a.slug.startswith(start) if start else a.slug.endswith("national-park"))]
        if len(own) == 1:
            return own[0]
    return catalogue.agencies[slug]


def to_council_outside(decided: Decision, authority: Authority, reason: str) -> Decision:
    """A council that is not one of the partnership's: named, with its web address."""
    how = f"{authority.name}: {authority.web}" if authority.web else f"{authority.name}, on its own website"
    return replace(
        decided,
        outcome=OutcomeKind.SIGNPOST,
        outside=Outside(authority.name, how),
        signpost=SignpostTo(authority.gss),
        public_reasons=(f"{reason} It is not one of the councils we work for.",),
    )


def to_crown_dependency(register: Register, base: Decision, gss: str) -> Decision:
    island = register.by_gss(gss)
    name = island.name if island else "the island's own government"
    how = f"{name}: {island.web}" if island and island.web else wording.CHANNEL_ISLANDS
    return replace(
        base,
        outcome=OutcomeKind.SIGNPOST,
        rule="outside:crown-dependency",
        authority=None,
        outside=Outside(name, how),
        signpost=SignpostTo(gss),
        public_reasons=(wording.CROWN_DEPENDENCY,),
    )
