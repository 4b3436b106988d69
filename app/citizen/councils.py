"""Find your council: who does what at a postcode."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request

from app.citizen import blueprint
from app.citizen.place import not_a_postcode
from app.clock import now
from app.permissions import public
from app.wiring import the_kit
from cases.catalogue.schema import Service, Tier, Topic
from cases.local_day import london_day
from cases.postcodes.text import read_postcode
from cases.register.register import Authority
from cases.register.schema import ContactLine

MUCH = 3  # services of one team in one topic


@dataclass(frozen=True)
class Share:
    """What one council does of a topic, as the plural things of its teams."""

    council: Authority
    things: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The councils of one postcode. ``outside`` when they are not ours; none at all when nobody knows."""

    postcode: str
    councils: tuple[tuple[Authority, ContactLine | None], ...] = ()
    table: tuple[tuple[Topic, tuple[Share, ...]], ...] = ()
    outside: tuple[Authority, ...] = ()
    is_island: bool = False


@blueprint.route("/find-your-council", methods=["GET", "POST"])
@public
def find_your_council() -> str | tuple[str, int]:
    """By POST from its own form, so that the postcode stays out of addresses; a link may carry one all the same."""
    typed = (request.form if request.method == "POST" else request.args).get("postcode", "").strip()[:100]
    errors: dict[str, str] = {}
    found = None
    if typed:
        index = the_kit().triage.postcodes()
        postcode = read_postcode(typed, index)
        row = index.lookup(postcode) if postcode else None
        if postcode is None:
            errors["postcode"] = not_a_postcode()
        elif row is None:
            errors["postcode"] = f"We do not know the postcode {postcode}. Check it, or try one close by"
        else:
            found = look_up(postcode, row.district_gss)
    elif request.method == "POST":
        errors["postcode"] = "Enter a postcode"
    page = render_template("citizen/councils.html", found=found, typed_postcode=typed, errors=errors)
    return (page, 422) if errors else page


def look_up(postcode: str, district: str | None) -> Found:
    register, today = the_kit().register, london_day(now())
    if district is None:
        return Found(postcode)
    local = register.responsible_for("district", district, today, postcode=postcode) or register.by_gss(district)
    county = register.county_of(district, today, postcode=postcode)
    councils = tuple(a for a in (county, local) if a)
    if district[0] in "LM" or not local or not register.in_partnership(local.gss):
        return Found(postcode, outside=tuple(reversed(councils)), is_island=district[0] in "LM")
    lines = tuple((a, register.contact_line(a, "customer-services")) for a in councils)
    return Found(postcode, lines, _who_does_what(local, county))


def _who_does_what(local: Authority, county: Authority | None) -> tuple[tuple[Topic, tuple[Share, ...]], ...]:
    catalogue, today = the_kit().catalogue, london_day(now())
    table = []
    for topic in catalogue.topics.values():
        services = [s for s in catalogue.in_topic(topic.slug) if s.is_provided(today)]
        shares = []
        for council in (county, local):
            if council is None:
                continue
            tiers = (Tier.COUNTY if council is county else Tier.DISTRICT, Tier.BOTH, Tier.COUNCIL)
            things = _things([s for s in services if county is None or s.tier in tiers])
            if things:
                shares.append(Share(council, things))
        if shares:
            table.append((topic, tuple(shares)))
    return tuple(table)


def _things(services: list[Service]) -> tuple[str, ...]:
    """What they come to, in few words: a team's things where it does much of a topic, else the services' names."""
    teams = the_kit().catalogue.teams
    by_team: dict[str, list[Service]] = {}
    for service in services:
        by_team.setdefault(service.team, []).append(service)
    things: list[str] = []
    for team, its in sorted(by_team.items(), key=lambda item: -len(item[1])):
        is_much = len([s for s in its if s.tier is not Tier.BOTH]) >= MUCH
        is_every_councils = all(s.tier is Tier.COUNCIL for s in its)
        things += [teams[team].things] if is_much or is_every_councils else [s.title for s in its]
    return tuple(things)
