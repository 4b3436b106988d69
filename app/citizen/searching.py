"""Finding the right service: in one's own words, by topic, by letter; and asking when nothing fits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.citizen import blueprint
from app.citizen.answers import too_long
from app.citizen.filling import begin_filling
from app.citizen.flow import next_step
from app.clock import now
from app.extensions import db
from app.permissions import public
from app.wiring import the_kit
from cases.catalogue.schema import Agency, Service
from cases.local_day import london_day
from cases.triage.decision import Enquiry
from cases.triage.signals import fold

LONGEST_QUERY = 300
SHORTEST_SUGGESTED = 3
MOST_SUGGESTED = 6
LEAST = 0.04  # matches below it are more likely to mislead than to help


@dataclass(frozen=True)
class Match:
    service: Service | None = None
    agency: Agency | None = None


@blueprint.get("/report")
@public
def report() -> str:
    query = " ".join(request.args.get("q", "").split())
    kit = the_kit()
    urgent = kit.triage.best(Enquiry(on=london_day(now()), text=query)) if query else None
    return render_template(
        "citizen/report.html",
        query=query[:LONGEST_QUERY],
        words=query,
        matches=find_matches(query),
        advice=urgent.advice if urgent and urgent.urgent else None,
        topics=kit.catalogue.topics.values(),
    )


def find_matches(query: str) -> list[Match]:
    """Services and other bodies that the words may mean, the likeliest first."""
    if not query:
        return []
    kit, today = the_kit(), london_day(now())
    found = []
    for candidate in kit.triage.understanding.read(query[:LONGEST_QUERY]).candidates:
        if candidate.score < LEAST:
            continue
        if candidate.is_agency:
            found.append(Match(agency=kit.catalogue.agencies[candidate.slug]))
            continue
        service = kit.catalogue.services[candidate.slug]
        instead = kit.service(service.instead)
        if service.is_provided(today):
            found.append(Match(service))
        elif instead and all(m.service is not instead for m in found):
            found.append(Match(instead))
    return found


@blueprint.get("/report/suggestions")
@public
def suggestions() -> str:
    """A fragment for under the search box, while somebody types."""
    return render_template("citizen/_suggestions.html", services=suggest(request.args.get("q", "")[:LONGEST_QUERY]))


def suggest(typed: str) -> list[Service]:
    """Services that the words may mean, the last of which may be half a word."""
    if len("".join(fold(typed).split())) < SHORTEST_SUGGESTED:
        return []
    kit, today = the_kit(), london_day(now())
    services = (kit.service(c.slug) for c in kit.triage.suggest(typed) if not c.is_agency)
    return [s for s in services if s and s.is_provided(today)][:MOST_SUGGESTED]


@blueprint.get("/report/topics/<slug>")
@public
def topic(slug: str) -> str:
    kit, today = the_kit(), london_day(now())
    if slug not in kit.catalogue.topics:
        abort(404)
    services = [s for s in kit.catalogue.in_topic(slug) if s.is_provided(today)]
    return render_template("citizen/topic.html", topic=kit.catalogue.topics[slug], services=services)


@blueprint.get("/report/a-to-z")
@public
def a_to_z() -> str:
    today = london_day(now())
    services = sorted(
        (s for s in the_kit().catalogue.services.values() if s.is_provided(today)), key=lambda s: s.title.casefold()
    )
    letters = [(letter, list(group)) for letter, group in groupby(services, key=lambda s: s.title[0].upper())]
    return render_template("citizen/a_to_z.html", letters=letters)


@blueprint.route("/report/other", methods=["GET", "POST"])
@public
def other() -> Response | str | tuple[str, int]:
    """Ask us anyway: no service chosen, the person's own words only."""
    if request.method == "GET":
        return render_template("citizen/other.html", errors={}, text="")
    text = request.form.get("text", "").strip()
    problem = too_long(text) if text else "Tell us what you need, in your own words"
    if problem:
        return render_template("citizen/other.html", errors={"text": problem}, text=text), 422
    filling = begin_filling(None, {"text": text})
    where = filling.url(next_step(filling))
    db.session.commit()
    return redirect(where, 303)
