"""A service's start page, and the page for a form that is no longer there."""

from __future__ import annotations

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from app.citizen import blueprint
from app.citizen.filling import begin_filling, find_filling
from app.citizen.flow import next_step
from app.citizen.searching import find_matches
from app.citizen.visitor import forget_form, remembered_form
from app.clock import now
from app.extensions import db
from app.permissions import public
from app.wiring import the_kit
from cases.catalogue.schema import Service, TellFirst, Tier
from cases.local_day import london_day


@blueprint.get("/report/<slug>")
@public
def start(slug: str) -> Response | str | tuple[str, int]:
    kit = the_kit()
    service = kit.catalogue.find(slug)
    if service is None:
        matches = find_matches(slug.replace("-", " "))
        return render_template("citizen/unknown_service.html", matches=matches), 404
    if service.slug != slug:
        return redirect(f"/report/{service.slug}", 301)
    if not service.is_provided(london_day(now())):
        return render_template("citizen/closed_service.html", service=service, instead=kit.service(service.instead))
    return _show_start(service)


def _show_start(service: Service) -> str:
    kit = the_kit()
    could_be = [
        (kit.catalogue.agencies[c.removeprefix("agency:")], None)
        if c.startswith("agency:")
        else (None, kit.catalogue.services[c])
        for c in service.could_be
    ]
    token = remembered_form(service.slug)
    begun = find_filling(token) if token else None
    return render_template(
        "citizen/start.html",
        service=service,
        tells=[c.say for c in service.check_first if isinstance(c, TellFirst)],
        who=who_usually(service),
        agencies=[a for a, _ in could_be if a],
        services=[s for _, s in could_be if s],
        topic=kit.catalogue.topics[service.topic],
        begun=begun if begun and begun.draft.sent_at is None else None,
    )


@blueprint.post("/report/<slug>")
@public
def begin(slug: str) -> Response:
    service = the_kit().catalogue.services.get(slug)
    if service is None or not service.is_provided(london_day(now())):
        abort(404)
    begun = remembered_form(service.slug)
    if begun and request.form.get("way") == "forget":
        filling = find_filling(begun)
        if filling and filling.draft.sent_at is None:
            db.session.delete(filling.draft)
        forget_form(service.slug)
        db.session.commit()
        return redirect(f"/report/{service.slug}", 303)
    filling = begin_filling(service)
    where = filling.url(next_step(filling))
    db.session.commit()
    return redirect(where, 303)


def who_usually(service: Service) -> str:
    """Who does it in most places, before the place is known."""
    today = london_day(now())
    standing = [a for a in the_kit().register.authorities.values() if a.is_open(today)]
    counties = [a.name for a in standing if a.tier == "county"]
    alone = [a.name for a in standing if a.tier == "unitary"]
    there = f" Where there is only one council, it is that one: {_either(alone)}." if alone else ""
    if service.tier is Tier.COUNTY and counties:
        return f"{_either(counties)}.{there}"
    if service.tier is Tier.DISTRICT:
        return f"Your district, borough or city council.{there}"
    if service.tier is Tier.BOTH:
        return "It depends on what and where it is. We ask, and then tell you which council it is."
    return "The council that it is about."


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
