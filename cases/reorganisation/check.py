"""Whether a plan fits the register, the catalogue and the postcodes: what its own shape cannot say.

A fault names where in the plan it is (keys and positions), so that a file's can be told by line and a form's by field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service, Tier
from cases.postcodes.index import PostcodeIndex
from cases.register.register import Authority, Register
from cases.register.schema import AuthorityTier
from cases.reorganisation.schema import BoundaryMove, Change, CountyEnds, Merge, Part, Plan, Split, Stays

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class PlanFault:
    where: Where
    message: str


@dataclass(frozen=True)
class Against:
    """What a plan is checked against: the register with the plans that go before it already laid over."""

    register: Register
    catalogue: Catalogue
    postcodes: PostcodeIndex | None = None


def check_plan(plan: Plan, against: Against) -> list[PlanFault]:
    """Everything that is wrong with it; nothing when it can be carried out."""
    return [
        *check_councils(plan, against.register),
        *_area_faults(plan, against),
        *_county_faults(plan, against.register),
        *_stay_faults(plan, against),
    ]


def check_councils(plan: Plan, register: Register) -> list[PlanFault]:
    """What is wrong with the councils that it names: enough to know whether it can be laid over a register."""
    return [*_council_faults(plan, register), *_ending_faults(plan, register)]


def _council_faults(plan: Plan, register: Register) -> Iterator[PlanFault]:
    """New councils that are known already, and changes that name a council nobody knows or that is not open."""
    made: set[str] = set()
    for at, council in enumerate(plan.councils):
        earlier = register.by_gss(council.gss)
        same_again = earlier is not None and earlier.slug == council.slug and earlier.closed is not None
        if council.gss in made or (earlier and not same_again):
            yield PlanFault(("councils", at, "gss"), f"{council.gss} is the code of another council")
        if council.slug in made or (register.by_slug(council.slug) and not same_again):
            yield PlanFault(("councils", at, "slug"), f"another council is called {council.slug}")
        made |= {council.gss, council.slug}
        for n, gss in enumerate(council.lines_of):
            if register.by_gss(gss) is None:
                yield PlanFault(("councils", at, "lines_of", n), f"no council has the code {gss}")
    for at, change in enumerate(plan.changes):
        for where, gss, is_taker in named(change):
            yield from _named_faults(plan, register, gss, ("changes", at, *where), plan.day_of(change), is_taker)


def named(change: Change) -> Iterator[tuple[Where, str, bool]]:
    """Each council that a change names, and whether it takes something over."""
    if isinstance(change, Merge):
        yield from ((("councils", at), gss, False) for at, gss in enumerate(change.councils))
        yield ("into",), change.into, True
        return
    yield ("council",), change.council, False
    if isinstance(change, Split):
        yield from ((("parts", at, "to"), part.to, True) for at, part in enumerate(change.parts))
        yield ("rest",), change.rest, True
    elif isinstance(change, CountyEnds):
        yield ("heir",), change.heir, True
    elif isinstance(change, BoundaryMove):
        yield ("part", "to"), change.part.to, True


def _named_faults(
    plan: Plan, register: Register, gss: str, where: Where, day: date, is_taker: bool
) -> Iterator[PlanFault]:
    new = any(council.gss == gss for council in plan.councils)
    if new:
        if day < plan.day:
            yield PlanFault(where, f"{gss} does not exist before the plan's day")
        if not is_taker:
            yield PlanFault(where, f"{gss} is made by this plan; it cannot be changed by it too")
        return
    authority = register.by_gss(gss)
    if authority is None or not authority.partnership:
        yield PlanFault(where, f"no council of the partnership has the code {gss}")
    elif authority.closed is not None and authority.closed <= day:
        yield PlanFault(where, f"{authority.name} has closed on {authority.closed:%-d %B %Y}")
    elif authority.closed is not None and not is_taker:
        yield PlanFault(where, f"{authority.name} ends already on {authority.closed:%-d %B %Y}, by another plan")
    elif authority.opened and authority.opened > day:
        yield PlanFault(where, f"{authority.name} opens only on {authority.opened:%-d %B %Y}")
    elif is_taker and authority.tier is not AuthorityTier.UNITARY:
        yield PlanFault(where, f"{authority.name} does not do everything in its area, so it cannot take over")


def _ending_faults(plan: Plan, register: Register) -> Iterator[PlanFault]:
    """Councils that end twice, and takers that have ended by then: which is also every cycle of successors."""
    ends: dict[str, date] = {}
    for at, change in enumerate(plan.changes):
        for where, gss, is_taker in named(change):
            if is_taker or isinstance(change, Stays | BoundaryMove):
                continue
            if isinstance(change, Merge) and gss == change.into:
                yield PlanFault(("changes", at, *where), f"{gss} would be its own successor: a cycle")
            elif gss in ends:
                yield PlanFault(("changes", at, *where), f"{gss} ends twice; the dates overlap")
            ends.setdefault(gss, plan.day_of(change))
    for at, change in enumerate(plan.changes):
        for where, gss, is_taker in named(change):
            place, has_ended = ("changes", at, *where), ends.get(gss, date.max) <= plan.day_of(change)
            if not has_ended or (isinstance(change, Merge) and gss in change.councils):
                continue
            if is_taker:
                yield PlanFault(place, f"{gss} has itself ended by then: a cycle of successors, or none left")
            elif isinstance(change, BoundaryMove):
                yield PlanFault(place, f"{gss} ends by then: say in its split who has which part")


def _area_faults(plan: Plan, against: Against) -> Iterator[PlanFault]:
    seen: dict[tuple[str, str], str] = {}
    for at, change in enumerate(plan.changes):
        if not isinstance(change, Split | BoundaryMove):
            continue
        parts = [(("part",), change.part)] if isinstance(change, BoundaryMove) else _parts(change)
        council = against.register.by_gss(change.council)
        if council and council.tier is AuthorityTier.COUNTY:
            yield PlanFault(("changes", at, "council"), f"{council.name} is a county: its districts say who has what")
        for where, part in parts:
            for key, n, value in _places(part):
                place = ("changes", at, *where, key, n)
                if (change.council, value) in seen:
                    yield PlanFault(place, f"{value} is given twice")
                seen[change.council, value] = part.to
                yield from _place_faults(against, change.council, key, value, place)


def _parts(change: Split) -> list[tuple[Where, Part]]:
    return [(("parts", n), part) for n, part in enumerate(change.parts)]


def _places(part: Part) -> Iterator[tuple[str, int, str]]:
    for key in ("sectors", "postcodes", "wards"):
        yield from ((key, n, value) for n, value in enumerate(getattr(part, key)))


def _place_faults(against: Against, council: str, key: str, value: str, where: Where) -> Iterator[PlanFault]:
    index = against.postcodes
    if index is None:
        return
    if key == "wards":
        if not index.info.has_wards:
            yield PlanFault(where, "no wards are loaded: load a postcode file that has them, or name sectors")
    elif key == "postcodes":
        row = index.lookup(value)
        if row is None:
            yield PlanFault(where, f"{value} is not a postcode that we know")
        elif row.district_gss != council:
            yield PlanFault(where, f"{value} does not lie in {council}")
    else:
        counts = index.district_counts(value)
        if not counts:
            yield PlanFault(where, f"{value} is not a sector that we know")
        elif council not in counts:
            yield PlanFault(where, f"no postcode of {value} lies in {council}")


def _county_faults(plan: Plan, register: Register) -> Iterator[PlanFault]:
    ends = dict(plan.ending())
    for at, change in enumerate(plan.changes):
        if not isinstance(change, CountyEnds):
            continue
        county = register.by_gss(change.council)
        if county and county.tier is not AuthorityTier.COUNTY:
            yield PlanFault(("changes", at, "council"), f"{county.name} is not a county")
        for district in register.authorities.values():
            ended = ends.get(district.gss, district.closed or date.max)
            if district.parent == change.council and ended > plan.day_of(change):
                yield PlanFault(("changes", at, "council"), f"{district.name} would be left without its county")


def _stay_faults(plan: Plan, against: Against) -> Iterator[PlanFault]:
    merged = {g: plan.day_of(c) for c in plan.changes if isinstance(c, Merge) for g in c.councils if g != c.into}
    seen: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for at, change in enumerate(plan.changes):
        if not isinstance(change, Stays):
            continue
        day, where = plan.day_of(change), ("changes", at)
        if change.council not in merged or merged[change.council] != day:
            message = f"{change.council} does not become part of one council on that day, so no area team can stay"
            yield PlanFault((*where, "council"), message)
        if change.until <= day:
            yield PlanFault((*where, "until"), "ends before it starts")
        council = against.register.by_gss(change.council)
        for n, slug in enumerate(change.services):
            service = against.catalogue.services.get(slug)
            if service is None:
                yield PlanFault((*where, "services", n), f"no service is called {slug}")
            elif council and not _does(council, service):
                yield PlanFault((*where, "services", n), f"{slug} is not a service of {council.name}")
            spans = seen.setdefault((slug, change.council), [])
            if any(day < until and start < change.until for start, until in spans):
                yield PlanFault((*where, "services", n), f"{slug} stays with {change.council} twice; the dates overlap")
            spans.append((day, change.until))


def _does(council: Authority, service: Service) -> bool:
    return (
        service.tier is Tier.BOTH
        or council.tier is AuthorityTier.UNITARY
        or service.tier.value == council.tier.value
    )
