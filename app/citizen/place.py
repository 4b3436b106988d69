"""The deciding place as the form keeps it, and as the domain takes it.

Kept in a draft as a plain object: ``way`` (postcode, spot, described, no-address or unknown), and what was typed or
chosen: postcode, listed (the gazetteer has it), not_listed, uprn, line, number, street, town, typed (a postcode we do
not know), district (GSS, from an address or a town), named (districts that a town may be in), area (GSS or unknown).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.clock import now
from app.wiring import the_kit
from cases.actions.given import PlaceGiven
from cases.catalogue.schema import Exactness, PlaceAbout, Service
from cases.local_day import london_day
from cases.models.place import PlaceKind
from cases.register.register import Authority
from cases.triage.decision import Enquiry

UNKNOWN = "unknown"
_ANY_DAY = date(2026, 1, 1)  # where a place is does not depend on the day
_SPOTS = (PlaceAbout.THING, PlaceAbout.EVENT)
_HOMES = (PlaceAbout.HOME, PlaceAbout.CHILD_HOME)


def is_spot(service: Service | None) -> bool:
    """Whether the place is somewhere out and about, which street and town describe as well as a postcode."""
    if service is None:
        return True
    return service.place.about in _SPOTS or service.place.exact is Exactness.NONE


def may_have_no_address(service: Service | None) -> bool:
    return service is not None and service.place.about in (*_HOMES, PlaceAbout.COUNCIL)


def may_go_without(service: Service | None) -> bool:
    """Whether it makes sense with no place at all."""
    return service is None or (service.place.exact is Exactness.NONE and is_spot(service))


def wants_property(service: Service | None) -> bool:
    """Whether the postcode alone is not enough."""
    return (
        service is not None and not is_spot(service) and service.place.exact in (Exactness.PROPERTY, Exactness.STREET)
    )


def place_given(place: Mapping[str, Any]) -> PlaceGiven | None:
    """None when nothing is known of it."""
    if not place or place.get("way") == UNKNOWN:
        return None
    area = place.get("area")
    district = place.get("district") or (area if area not in (None, UNKNOWN) else None)
    typed = f"Postcode given: {place['typed']}" if place.get("typed") else None
    said = ", ".join(p for p in (place.get("line"), place.get("town"), typed) if p) or None
    kind = PlaceKind.POSTCODE
    if place.get("way") == "no-address":
        kind = PlaceKind.NO_FIXED_ADDRESS
    elif place.get("uprn") or place.get("number"):
        kind = PlaceKind.PROPERTY
    elif place.get("street"):
        kind = PlaceKind.STREET
    elif not place.get("postcode"):
        kind = PlaceKind.NAME
    return PlaceGiven(
        kind=kind,
        said=said,
        postcode=place.get("postcode"),
        uprn=place.get("uprn"),
        number=place.get("number"),
        street=place.get("street"),
        district=district,
    )


def show_place(place: Mapping[str, Any]) -> str:
    """One line for the check page."""
    parts = [
        "No fixed address" if place.get("way") == "no-address" else None,
        place.get("line"),
        " ".join(p for p in (place.get("number"), place.get("street")) if p),
        place.get("town"),
        place.get("postcode") if place.get("postcode", "") not in (place.get("line") or "") else None,
        place.get("typed"),
    ]
    area = place.get("area")
    if area and area != UNKNOWN and (found := the_kit().register.by_gss(area)):
        parts.append(f"in {found.short_name}")
    return ", ".join(p for p in parts if p) or "Not known"


def needs_area(place: Mapping[str, Any]) -> bool:
    """Whether nothing that was given says which council's area it is in, and it has not been asked."""
    if place.get("district") or not place or place.get("way") == UNKNOWN:
        return False
    if postcode := place.get("postcode"):
        row = the_kit().triage.postcodes().lookup(postcode)
        return row is None or row.district_gss is None
    return True


def districts_named(text: str) -> tuple[str, ...]:
    """The districts (GSS) that a town or village in the text lies in, or a postcode in it."""
    kit = the_kit()
    return kit.triage.where(Enquiry(on=_ANY_DAY, text=text)).districts


def area_choices(named: tuple[str, ...]) -> list[Authority]:
    """The partnership's councils that have an area of their own to be in; only the named ones when some are."""
    register, today = the_kit().register, london_day(now())
    local = [a for a in register.authorities.values() if a.tier != "county" and a.is_open(today)]
    fitting = [a for a in local if a.gss in named]
    return fitting or local


def example_postcode() -> str:
    """A real one of the partnership's own area: that of its first office."""
    offices = (o for a in the_kit().register.authorities.values() for o in a.offices)
    return next((office.postcode for office in offices), "SW1A 1AA")


def not_a_postcode() -> str:
    return f"Enter a full UK postcode, like {example_postcode()}"
