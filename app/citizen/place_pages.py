"""The pages that find out where: the postcode, the property, the street, the council's area, the council."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, request

from app.citizen.filling import Filling
from app.citizen.flow import open_reports, who_has_it
from app.citizen.pages import Page, go_on, show, step_page
from app.citizen.place import (
    UNKNOWN,
    area_choices,
    districts_named,
    is_spot,
    may_go_without,
    may_have_no_address,
    not_a_postcode,
    wants_property,
)
from app.citizen.sending import carried_over, end_with_signpost
from app.extensions import db
from app.wiring import the_kit
from cases.actions.sync_register import teams_of
from cases.catalogue.schema import AlreadyReported, PlaceAbout, Tier
from cases.postcodes.text import read_postcode
from cases.queries.addresses import find_address, find_addresses
from cases.register.register import Authority
from cases.triage.decision import OutcomeKind

LONGEST = 200


def keep_place(filling: Filling, place: dict[str, Any]) -> Page:
    """A place that differs from the one before is looked at afresh."""
    changed = {} if filling.place == place else {"already": None}
    filling.keep(place=place, **changed)
    return go_on(filling)


@step_page("place")
def place(filling: Filling, rest: str) -> Page:
    if request.method == "GET":
        return _show_place(filling, {})
    way, typed = request.form.get("way"), request.form.get("postcode", "").strip()[:LONGEST]
    if way == "unknown":
        return keep_place(filling, {"way": UNKNOWN if may_go_without(filling.service) else "described"})
    if way == "no-address" and may_have_no_address(filling.service):
        return redirect(filling.url("place/no-address"), 303)
    street, town = _short("street"), _short("town")
    errors = _too_long_fields()
    postcode, problem = _read_postcode(typed)
    if problem and way == "without":
        if not (street or town):
            return keep_place(filling, {"way": "described", "typed": typed})
        problem = None
    if problem and not errors:
        errors["postcode"] = problem
    if not typed and not street and not town and filling.service is None:
        return keep_place(filling, {"way": UNKNOWN})
    if not typed and not street and not town:
        errors["postcode"] = "Give a street and town, or a postcode" if is_spot(filling.service) else not_a_postcode()
    if errors:
        return _show_place(filling, errors, is_unknown=problem is not None and problem != not_a_postcode())
    if is_spot(filling.service):
        spot = {"way": "spot", "street": street, "town": town, "postcode": postcode}
        if typed and not postcode:
            spot["typed"] = typed
        return keep_place(filling, _with_district({k: v for k, v in spot.items() if v}))
    found: dict[str, Any] = {"way": "postcode", "postcode": postcode}
    if wants_property(filling.service) and postcode and find_addresses(db.session, postcode):
        found["listed"] = True
    same = filling.place.get("postcode") == postcode and filling.place.get("way") == "postcode"
    return keep_place(filling, {**filling.place, **found} if same else found)


@step_page("place/described")
def described(filling: Filling, rest: str) -> Page:
    if request.method == "GET":
        return _show_described(filling, {})
    if request.form.get("way") == "unknown":
        return keep_place(filling, {"way": UNKNOWN})
    number, street, town = _short("number"), _short("street"), _short("town")
    errors = _too_long_fields()
    if not street and not town:
        errors.setdefault("town", "Enter a town or village, and the street if you can")
    if errors:
        return _show_described(filling, errors)
    found = {"way": "described", "number": number, "street": street, "town": town, "typed": filling.place.get("typed")}
    return keep_place(filling, _with_district({k: v for k, v in found.items() if v}))


@step_page("place/address")
def address(filling: Filling, rest: str) -> Page:
    postcode = filling.place.get("postcode")
    found = find_addresses(db.session, postcode) if postcode else []
    if not found:
        return redirect(filling.url("place"), 303)
    errors: dict[str, str] = {}
    if request.method == "POST":
        uprn = request.form.get("address", "")
        kept = {k: v for k, v in filling.place.items() if k in ("way", "postcode", "listed", "number", "street")}
        if uprn == "not-listed":
            return keep_place(filling, {**kept, "not_listed": True})
        known = find_address(db.session, uprn) if uprn else None
        if known is None or known.postcode != postcode:
            errors["address"] = "Choose the address, or say that it is not in the list"
        else:
            chosen = {"way": "postcode", "postcode": postcode, "listed": True, "uprn": uprn, "line": known.line}
            if known.district_gss:
                chosen["district"] = known.district_gss
            return keep_place(filling, chosen)
    return show(filling, "place/address", "address.html", errors, addresses=found, postcode=postcode)


@step_page("place/number")
def number(filling: Filling, rest: str) -> Page:
    errors: dict[str, str] = {}
    if request.method == "POST":
        house, street, town = _short("number"), _short("street"), _short("town")
        errors = _too_long_fields()
        if not house and _needs_number(filling):
            errors.setdefault("number", "Enter the house number or name")
        if not street:
            errors.setdefault("street", "Enter the street")
        if not errors:
            given = {"number": house, "street": street, "town": town}
            kept = {k: v for k, v in filling.place.items() if k not in ("uprn", "line", *given)}
            return keep_place(filling, {**kept, **{k: v for k, v in given.items() if v}})
    return show(filling, "place/number", "number.html", errors, needs_number=_needs_number(filling))


@step_page("place/no-address")
def no_address(filling: Filling, rest: str) -> Page:
    return _choose_area(filling, "place/no-address", {"way": "no-address"}, ())


@step_page("area")
def area(filling: Filling, rest: str) -> Page:
    kept = {k: v for k, v in filling.place.items() if k != "area"}
    return _choose_area(filling, "area", kept, tuple(filling.place.get("named", ())))


def _choose_area(filling: Filling, step: str, kept: dict[str, Any], named: tuple[str, ...]) -> Page:
    choices = area_choices(named)
    errors: dict[str, str] = {}
    if request.method == "POST":
        value = request.form.get("area", "")
        if value == UNKNOWN or any(a.gss == value for a in choices):
            return keep_place(filling, {**kept, "area": value})
        errors["area"] = "Choose one, or say that you do not know"
    return show(filling, step, "area.html", errors, choices=choices, no_address=step == "place/no-address")


@step_page("council")
def council(filling: Filling, rest: str) -> Page:
    choices = council_choices(filling)
    errors: dict[str, str] = {}
    if request.method == "POST":
        value, other = request.form.get("council", ""), _short("other")
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


def _looks_for_reports(filling: Filling) -> bool:
    return bool(filling.service) and any(isinstance(c, AlreadyReported) for c in filling.service.check_first)  # type: ignore[union-attr]


def _needs_number(filling: Filling) -> bool:
    return filling.service is not None and filling.service.place.about in (PlaceAbout.PROPERTY, PlaceAbout.HOME)


def _show_place(filling: Filling, errors: dict[str, str], *, is_unknown: bool = False) -> Page:
    return show(
        filling,
        "place",
        "place.html",
        errors,
        is_spot=is_spot(filling.service),
        may_go_without=may_go_without(filling.service),
        may_have_no_address=may_have_no_address(filling.service),
        is_unknown=is_unknown,
    )


def _show_described(filling: Filling, errors: dict[str, str]) -> Page:
    return show(filling, "place/described", "described.html", errors, wants_property=wants_property(filling.service))


def _read_postcode(typed: str) -> tuple[str | None, str | None]:
    """The postcode as it is written, or what is wrong with it."""
    if not typed:
        return None, None
    index = the_kit().triage.postcodes()
    found = read_postcode(typed, index)
    if found is None:
        return None, not_a_postcode()
    if index.lookup(found) is None:
        return None, f"We do not know the postcode {found}. Check it, or go on without it"
    return found, None


def _with_district(place: dict[str, Any]) -> dict[str, Any]:
    if place.get("postcode"):
        return place
    named = districts_named(f"{place.get('street', '')} {place.get('town', '')}")
    if len(named) == 1:
        return {**place, "district": named[0]}
    return {**place, "named": list(named)} if named else place


def _short(field: str) -> str:
    return " ".join(request.form.get(field, "").split())


def _too_long_fields() -> dict[str, str]:
    return {
        field: f"Use {LONGEST} characters or fewer here. You can say more later"
        for field in ("number", "street", "town")
        if len(_short(field)) > LONGEST
    }


def _named_elsewhere(name: str) -> Authority | None:
    """A council anywhere in the UK by the name that people use for it."""
    register = the_kit().register
    words = re.sub(r"[^a-z ]", "", name.casefold())
    bare = re.sub(r"\b(?:the|city|county|district|borough|metropolitan|council|of|london)\b", " ", words)
    slugs = ("-".join(words.split()), "-".join(words.replace("council", "").split()), "-".join(bare.split()))
    return next((found for slug in slugs if slug and (found := register.by_slug(slug))), None)
