"""How a plan of reorganisation is said on a page, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from app.administration.plans import blueprint
from app.formats import as_date
from app.wiring import the_kit
from cases.models.reorganisation import PlanState, ReorganisationPlan
from cases.register.register import Register
from cases.reorganisation.destination import Way
from cases.reorganisation.schema import BoundaryMove, Change, CountyEnds, Merge, Part, Plan, Split

STANDING = {"decided": "Decided", "proposal": "A proposal; nothing has been decided"}
WAYS = {
    Way.WHOLE: "the whole council goes there",
    Way.PLACE: "by the place",
    Way.HEIR: "belongs to no place",
    Way.AREA_TEAM: "stays with its area team",
    Way.UNKNOWN: "the place that says it is not known",
}


@dataclass(frozen=True)
class Said:
    """One change: a sentence, and the list of places that it names."""

    text: str
    places: tuple[str, ...] = ()


def state_of(row: ReorganisationPlan | None) -> tuple[str, str]:
    """A word for how a plan stands, and the class of its tag."""
    if row is None or row.state is PlanState.CALLED_OFF:
        return "Rehearsal only", "govuk-tag--grey"
    if row.state is PlanState.PLANNED:
        return f"Planned for {as_date(row.day)}", "govuk-tag--yellow"
    if row.state is PlanState.IN_FORCE:
        return "In force", "govuk-tag--green"
    return "Undone", "govuk-tag--red"


def say_changes(plan: Plan, register: Register) -> list[Said]:
    """``register`` has the plan laid over it, so that the councils to come have their names."""
    return [_say(plan, change, register) for change in plan.changes]


def _say(plan: Plan, change: Change, register: Register) -> Said:
    def name(gss: str) -> str:
        return name_in(register, gss)

    when = "" if plan.day_of(change) == plan.day else f" From {as_date(plan.day_of(change))}."
    if isinstance(change, Merge):
        return Said(f"{_listed([name(gss) for gss in change.councils])} become part of {name(change.into)}.{when}")
    if isinstance(change, Split):
        places = tuple(f"To {name(part.to)}: {_places(part)}" for part in change.parts)
        return Said(
            f"{name(change.council)} ends and is shared out. What is not listed, and what belongs to no place, goes to "
            f"{name(change.rest)}.{when}",
            places,
        )
    if isinstance(change, CountyEnds):
        return Said(
            f"{name(change.council)} ends. Its work goes to the council that each place is then in; what belongs to no "
            f"place goes to {name(change.heir)}.{when}"
        )
    if isinstance(change, BoundaryMove):
        return Said(
            f"Part of {name(change.council)} goes to {name(change.part.to)}; both go on.{when}", (_places(change.part),)
        )
    titles = [found.title if (found := the_kit().service(slug)) else slug for slug in change.services]
    old = register.by_gss(change.council)
    return Said(
        f"{_listed(titles)} stays with the {old.short_name if old else change.council} area team until "
        f"{as_date(change.until)}."
    )


def _places(part: Part) -> str:
    kinds = (("postcode sectors", part.sectors), ("postcodes", part.postcodes), ("wards", part.wards))
    return "; ".join(f"{kind} {', '.join(values)}" for kind, values in kinds if values)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@blueprint.context_processor
def plan_words() -> dict[str, object]:
    return {"plan_state": state_of, "standing_words": STANDING, "way_words": WAYS, "name_in": name_in}


def name_in(register: Register, gss: str | None) -> str:
    """A council's name, also of one that is only to come."""
    found = register.by_gss(gss) if gss else None
    return found.name if found else (gss or register.partnership.front_desk)
