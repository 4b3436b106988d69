"""The pages that find out where: the postcode, the property, the street, the council's area."""

from __future__ import annotations

from typing import Any

from flask import redirect, request

from app.citizen.filling import Filling
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
from app.extensions import db
from app.wiring import the_kit
from cases.catalogue.schema import PlaceAbout
from cases.postcodes.text import read_postcode
from cases.queries.addresses import find_address, find_addresses

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
    street, town = short_field("street"), short_field("town")
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
    number, street, town = short_field("number"), short_field("street"), short_field("town")
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
        house, street, town = short_field("number"), short_field("street"), short_field("town")
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
    areas = filling.doubtful.areas if filling.doubtful else ()
    return _choose_area(filling, "area", kept, areas or tuple(filling.place.get("named", ())))


def _choose_area(filling: Filling, step: str, kept: dict[str, Any], named: tuple[str, ...]) -> Page:
    choices = area_choices(named)
    errors: dict[str, str] = {}
    if request.method == "POST":
        value = request.form.get("area", "")
        if value == UNKNOWN or any(a.gss == value for a in choices):
            return keep_place(filling, {**kept, "area": value})
        errors["area"] = "Choose one, or say that you do not know"
    is_homeless = step == "place/no-address"
    return show(filling, step, "area.html", errors, choices=choices, no_address=is_homeless, doubt=filling.doubtful)


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


def short_field(field: str) -> str:
    return " ".join(request.form.get(field, "").split())


def _too_long_fields() -> dict[str, str]:
    return {
        field: f"Use {LONGEST} characters or fewer here. You can say more later"
        for field in ("number", "street", "town")
        if len(short_field(field)) > LONGEST
    }
