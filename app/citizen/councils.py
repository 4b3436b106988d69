"""Find your council: who does what at a postcode."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request

from app.citizen import blueprint
from app.clock import now
from app.permissions import public
from app.wiring import the_kit
from cases.catalogue.schema import Tier, Topic
from cases.local_day import london_day
from cases.postcodes.text import read_postcode
from cases.register.register import Authority
from cases.register.schema import ContactLine


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
            errors["postcode"] = "Enter a full UK postcode, like NG15 7XX"
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
    local = register.responsible_for("district", district, today) or register.by_gss(district)
    county = register.county_of(district, today)
    councils = tuple(a for a in (county, local) if a)
    if district[0] in "LM" or not local or not register.in_partnership(local.gss):
        return Found(postcode, outside=tuple(reversed(councils)), is_island=district[0] in "LM")
    lines = tuple((a, register.contact_line(a, "customer-services")) for a in councils)
    return Found(postcode, lines, _who_does_what(local, county))


def _who_does_what(local: Authority, county: Authority | None) -> tuple[tuple[Topic, tuple[Share, ...]], ...]:
    catalogue = the_kit().catalogue
    table = []
    for topic in catalogue.topics.values():
        services = catalogue.in_topic(topic.slug)
        shares = []
        for council in (county, local):
            if council is None:
                continue
            tier = Tier.COUNTY if council is county else Tier.DISTRICT
            mine = [s for s in services if county is None or s.tier in (tier, Tier.BOTH, Tier.COUNCIL)]
            things = tuple(dict.fromkeys(catalogue.teams[s.team].things for s in mine))
            if things:
                shares.append(Share(council, things))
        if shares:
            table.append((topic, tuple(shares)))
    return tuple(table)
