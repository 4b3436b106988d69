"""Where one open case goes on a plan's day: the same rule for the rehearsal and for the move itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from cases.catalogue.schema import PlaceAbout, Service, Tier
from cases.register.register import Authority, Register
from cases.register.schema import AuthorityTier


class Way(StrEnum):
    """How it was told where a case goes."""

    WHOLE = "whole"  # its council has one successor
    PLACE = "place"  # by its deciding place
    HEIR = "heir"  # it belongs to no place
    AREA_TEAM = "area-team"  # it stays with the team that has it, now the successor's
    UNKNOWN = "unknown"  # no place that says it: the front desk must find out


@dataclass(frozen=True)
class Held:
    """What must be known of a case."""

    authority_gss: str
    service: Service | None
    is_sensitive: bool
    district_gss: str | None
    postcode: str | None


@dataclass(frozen=True)
class Destination:
    """``authority`` None: the front desk. ``area``: the former council whose team keeps it."""

    authority: Authority | None
    way: Way
    area: Authority | None = None


def destination_of(register: Register, held: Held, on: date) -> Destination | None:
    """Who has this case from that day on, by a register with the plan laid over it; None when nobody else."""
    council = register.by_gss(held.authority_gss)
    if council is None:
        return None
    if council.is_open(on):
        return _moved_by_boundary(register, held, council, on)
    if len(council.successors) == 1:
        heir = register.responsible_for(_level(council), council.gss, on, as_council=True)
        area = _area_team(register, held, council, on)
        return Destination(heir, Way.AREA_TEAM if area else Way.WHOLE, area)
    by_place = _by_place(register, held, council, on)
    if by_place:
        return Destination(by_place, Way.PLACE)
    heir = register.responsible_for(_level(council), council.gss, on, as_council=True)
    if _belongs_to_no_place(held) or held.is_sensitive or _lies_elsewhere(register, held, council):
        return Destination(heir, Way.HEIR)
    return Destination(None, Way.UNKNOWN)


def _moved_by_boundary(register: Register, held: Held, council: Authority, on: date) -> Destination | None:
    if held.district_gss != council.gss or not held.postcode or _belongs_to_no_place(held):
        return None
    taker = register.responsible_for(_level(council), council.gss, on, postcode=held.postcode)
    return Destination(taker, Way.PLACE) if taker and taker.gss != council.gss else None


def _by_place(register: Register, held: Held, council: Authority, on: date) -> Authority | None:
    if held.district_gss is None or _belongs_to_no_place(held) or _lies_elsewhere(register, held, council):
        return None
    return register.responsible_for(_level(council), held.district_gss, on, postcode=held.postcode)


def _belongs_to_no_place(held: Held) -> bool:
    """It is about the council itself: a complaint, a fine, what it was asked to tell."""
    service = held.service
    return service is not None and (
        service.tier is Tier.COUNCIL or service.place.about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER)
    )


def _lies_elsewhere(register: Register, held: Held, council: Authority) -> bool:
    """Its place is known, and not in the council's own area: held by agreement, or handed over."""
    if held.district_gss is None:
        return False
    district = register.by_gss(held.district_gss)
    return district is None or council.gss not in (district.gss, district.parent)


def _area_team(register: Register, held: Held, council: Authority, on: date) -> Authority | None:
    if held.service is None:
        return None
    stays = register.area_team(held.service.slug, "district", council.gss, on)
    return stays if stays and stays.gss == council.gss else None


def _level(council: Authority) -> Literal["county", "district"]:
    return "county" if council.tier is AuthorityTier.COUNTY else "district"
