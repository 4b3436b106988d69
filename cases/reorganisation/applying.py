"""Laying plans over the register: pure, and nothing changes before a plan's own day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from cases.register.areas import Shared, Stay, WardOf
from cases.register.register import Authority, Register
from cases.register.schema import AuthorityTier, ContactLine
from cases.reorganisation.schema import BoundaryMove, CountyEnds, Merge, NewCouncil, Part, Plan, Split, Stays


def with_plans(
    register: Register,
    plans: Iterable[Plan],
    *,
    undone: Iterable[tuple[Plan, date]] = (),
    ward_of: WardOf | None = None,
) -> Register:
    """The register with these plans in it, oldest first; each has been checked against those before it.

    ``undone``: plans that were undone, with the day: their councils can still be named, because cases went through
    them, and do nothing any more. ``ward_of`` says which ward a postcode is in, for parts given by ward.
    """
    layered = register
    for plan, day in undone:
        layered = _remembered(layered, plan, day)
    for plan in plans:
        layered = _with_plan(layered, plan)
    if layered is register:
        return register
    return replace(layered, _ward_of=ward_of, _delivered=register.as_delivered)


def _with_plan(register: Register, plan: Plan) -> Register:
    by_gss = dict(register._by_gss)
    for council in plan.councils:
        by_gss[council.gss] = replace(_new(council, plan.day), contacts=_lines(council, by_gss))
    shared = dict(register._shared)
    heirs = dict(register._heirs)
    stays = dict(register._stays)
    for change in plan.changes:
        day = plan.day_of(change)
        if isinstance(change, Merge):
            for gss in change.councils:
                if gss != change.into:
                    by_gss[gss] = replace(by_gss[gss], closed=day, successors=(change.into,))
        elif isinstance(change, Split):
            takers = (*dict.fromkeys([part.to for part in change.parts] + [change.rest]),)
            by_gss[change.council] = replace(by_gss[change.council], closed=day, successors=takers)
            _share(shared, change.council, day, change.parts, change.rest)
            heirs[change.council] = change.rest
        elif isinstance(change, CountyEnds):
            heirs[change.council] = change.heir
        elif isinstance(change, BoundaryMove):
            _share(shared, change.council, day, (change.part,), change.council)
        elif isinstance(change, Stays):
            for service in change.services:
                stay = Stay(change.council, day, change.until)
                stays[service, change.council] = (*stays.get((service, change.council), ()), stay)
    for change in plan.changes:
        if isinstance(change, CountyEnds):
            takers = _takers_of_county(by_gss, change)
            by_gss[change.council] = replace(by_gss[change.council], closed=plan.day_of(change), successors=takers)
    layered = replace(register, _shared=shared, _heirs=heirs, _stays=stays)
    return _indexed(layered, by_gss, plan.councils)


def _new(council: NewCouncil, day: date) -> Authority:
    return Authority(
        gss=council.gss,
        slug=council.slug,
        name=council.name,
        short_name=council.short_name,
        tier=AuthorityTier.UNITARY,
        web=council.web,
        opened=day,
        council_homes=council.council_homes,
        hours=MappingProxyType(council.hours),
        contacts=council.contacts,
        partnership=True,
    )


def _lines(council: NewCouncil, by_gss: Mapping[str, Authority]) -> tuple[ContactLine, ...]:
    """Its own, then those of the former councils for the teams that have none yet."""
    lines = list(council.contacts)
    for gss in council.lines_of:
        have = {team for line in lines for team in line.teams}
        for line in by_gss[gss].contacts:
            if teams := tuple(team for team in line.teams if team not in have):
                lines.append(line.model_copy(update={"teams": teams}))
    return tuple(lines)


def _share(
    shared: dict[str, tuple[Shared, ...]], council: str, day: date, parts: Iterable[Part], rest: str
) -> None:
    """Several boundary moves of one council on one day are one sharing out."""
    by_place: dict[str, str] = {}
    by_ward: dict[str, str] = {}
    earlier = [s for s in shared.get(council, ()) if s.starts != day]
    for same in (s for s in shared.get(council, ()) if s.starts == day):
        by_place |= same.by_place
        by_ward |= same.by_ward
    for part in parts:
        by_place |= dict.fromkeys((*part.sectors, *part.postcodes), part.to)
        by_ward |= dict.fromkeys(part.wards, part.to)
    new = Shared(day, rest, by_place, by_ward)
    shared[council] = tuple(sorted((*earlier, new), key=lambda s: s.starts))


def _takers_of_county(by_gss: Mapping[str, Authority], change: CountyEnds) -> tuple[str, ...]:
    takers = dict.fromkeys([change.heir])
    for authority in set(by_gss.values()):
        if authority.parent == change.council:
            takers |= dict.fromkeys(authority.successors)
    return (change.heir, *sorted(gss for gss in takers if gss != change.heir))


def _remembered(register: Register, plan: Plan, day: date) -> Register:
    """The councils of a plan that was undone: known by code and address, and closed."""
    by_gss, by_slug = dict(register._by_gss), dict(register._by_slug)
    for council in plan.councils:
        closed = replace(_new(council, plan.day), closed=max(day, date.fromordinal(plan.day.toordinal() + 1)))
        by_gss.setdefault(council.gss, closed)
        by_slug.setdefault(council.slug, closed)
    return replace(register, _by_gss=by_gss, _by_slug=by_slug)


def _indexed(register: Register, by_gss: dict[str, Authority], new: Iterable[NewCouncil]) -> Register:
    """All look-ups over the councils as they are now; the partnership's own keep the order of their file."""
    codes = (*register.authorities_by_gss, *(council.gss for council in new))
    mine = {gss: by_gss[gss] for gss in codes}
    by_slug = {**register._by_slug, **{authority.slug: authority for authority in mine.values()}}
    return replace(
        register,
        authorities=MappingProxyType({authority.slug: authority for authority in mine.values()}),
        authorities_by_gss=MappingProxyType(mine),
        _by_gss=by_gss,
        _by_slug=by_slug,
    )
