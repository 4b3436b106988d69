"""The pages about whose job it is: the council chosen, who is responsible and why, what is reported already, and
where to turn when it is somebody else's."""

from __future__ import annotations

import re
from typing import Any

from flask import request

from app.citizen.filling import Filling
from app.citizen.flow import open_reports, who_has_it
from app.citizen.pages import Page, go_on, show, step_page
from app.citizen.place import UNKNOWN
from app.citizen.place_pages import short_field
from app.citizen.sending import carried_over, end_with_signpost
from app.wiring import the_kit
from cases.actions.sync_register import teams_of
from cases.catalogue.schema import AlreadyReported, Tier
from cases.register.register import Authority
from cases.triage.decision import OutcomeKind


@step_page("council")
def council(filling: Filling, rest: str) -> Page:
    choices = council_choices(filling)
    errors: dict[str, str] = {}
    if request.method == "POST":
        value, other = request.form.get("council", ""), short_field("other")
        if value == UNKNOWN:
            filling.keep(council={"choice": UNKNOWN})
            return go_on(filling)
        if value == "other" and other:
            found = _named_elsewhere(other)
            filling.keep(
                council={"choice": "other", "name": other, **({"gss": found.gss} if found else {})}, place=None
            )
            return go_on(filling)
        if any(a.gss == value for a in choices):
            filling.keep(council={"choice": value, "gss": value}, place=None)
            return go_on(filling)
        if value == "other":
            errors["other"] = "Enter the council's name"
        else:
            errors["council"] = "Choose one, or say that you do not know"
    return show(filling, "council", "council.html", errors, choices=choices)


def council_choices(filling: Filling) -> list[Authority]:
    """The partnership's councils that do this work."""
    kit, service = the_kit(), filling.service
    found = [a for a in kit.register.authorities.values() if a.is_open(filling.today)]
    if service is None or service.tier is Tier.COUNTY:
        return [a for a in found if a.tier != "district"]
    if service.tier is Tier.DISTRICT:
        return [a for a in found if a.tier != "county"]
    return [a for a in found if service.team in teams_of(a, kit.catalogue)]


@step_page("responsible")
def responsible(filling: Filling, rest: str) -> Page:
    """Who looks after it, and why; or that a person will find out."""
    decision = filling.decide()
    who = who_has_it(decision)
    if request.method == "POST":
        told = filling.data.get("told", [])
        parts: dict[str, Any] = {"told": told if who in told else [*told, who]}
        if "already" not in filling.data and _looks_for_reports(filling) and not open_reports(filling):
            parts["already"] = "none"
        filling.keep(**parts)
        return go_on(filling)
    kit = the_kit()
    team = decision.service.team if decision.service else "customer-services"
    line = kit.register.contact_line(decision.authority, team) if decision.authority else None
    district = decision.place.district if decision.place else None
    local = kit.register.by_gss(district) if district else None
    county = kit.register.county_of(district, filling.today) if district else None
    is_decided = decision.outcome is OutcomeKind.AUTHORITY
    return show(
        filling,
        "responsible",
        "responsible.html",
        decision=decision,
        authority=decision.authority if is_decided else None,
        line=line,
        local=local,
        county=county,
        changed=bool(filling.data.get("told")) and who not in filling.data["told"],
    )


@step_page("already-reported")
def already_reported(filling: Filling, rest: str) -> Page:
    reports = open_reports(filling)
    errors: dict[str, str] = {}
    if request.method == "POST":
        value = request.form.get("report", "")
        joined = next((r.case_id for r in reports if str(r.case_id) == value), None)
        if joined is not None:
            filling.keep(already=joined)
            return go_on(filling)
        if value == "different":
            filling.keep(already="different")
            return go_on(filling)
        errors["report"] = "Choose the report that is yours, or say that yours is different"
    return show(filling, "already-reported", "already_reported.html", errors, reports=reports)


@step_page("elsewhere")
def elsewhere(filling: Filling, rest: str) -> Page:
    """Somebody else's job: another council, or a body that is no council at all."""
    decision = filling.decide()
    if decision.outcome is not OutcomeKind.SIGNPOST:
        return go_on(filling)
    if request.method == "POST":
        return end_with_signpost(filling)
    register = the_kit().register
    code = decision.signpost.code if decision.signpost else ""
    agency = decision.signpost.agency if decision.signpost else None
    if agency is None:
        agency = the_kit().catalogue.agencies.get(code)
    return show(
        filling,
        "elsewhere",
        "elsewhere.html",
        decision=decision,
        agency=agency,
        outside=None if agency else register.by_gss(code),
    )


@step_page("other-service")
def other_service(filling: Filling, rest: str) -> Page:
    """The answers mean another service: its form takes over what was given."""
    decision = filling.decide()
    new = decision.service
    if new is None or filling.service is None or new.slug == filling.service.slug:
        return go_on(filling)
    if request.method == "POST":
        return go_on(carried_over(filling, new))
    return show(filling, "other-service", "other_service.html", new=new)


def _named_elsewhere(name: str) -> Authority | None:
    """A council anywhere in the UK by the name that people use for it."""
    register = the_kit().register
    words = re.sub(r"[^a-z ]", "", name.casefold())
    bare = re.sub(r"\b(?:the|city|county|district|borough|metropolitan|council|of|london)\b", " ", words)
    slugs = ("-".join(words.split()), "-".join(words.replace("council", "").split()), "-".join(bare.split()))
    return next((found for slug in slugs if slug and (found := register.by_slug(slug))), None)


def _looks_for_reports(filling: Filling) -> bool:
    return bool(filling.service) and any(isinstance(c, AlreadyReported) for c in filling.service.check_first)  # type: ignore[union-attr]
