"""The pages about the person: whether to give a name, how to be reached, and which of those ways are safe."""

from __future__ import annotations

from typing import Any

from flask import request

from app.citizen.answers import AnswerError, read_email, too_long
from app.citizen.filling import Filling
from app.citizen.pages import Page, go_on, show, step_page
from cases.actions.given import PersonGiven, SafeWays
from cases.catalogue.schema import Reporter
from cases.phones import PhoneError, read_phone

LONGEST = 200
WAYS = ("text", "call", "voicemail", "email", "letter")


@step_page("how-to-report")
def how_to_report(filling: Filling, rest: str) -> Page:
    assert filling.service is not None
    allowed = [r.value for r in filling.service.reporters]
    errors: dict[str, str] = {}
    if request.method == "POST":
        value = request.form.get("openness", "")
        if value in allowed:
            filling.keep(openness=value)
            return go_on(filling)
        errors["openness"] = "Choose one"
    return show(filling, "how-to-report", "how_to_report.html", errors, allowed=allowed)


def is_required(filling: Filling) -> bool:
    """Whether we cannot do it without knowing who asks and how to reach them."""
    joined = isinstance(filling.data.get("already"), int)
    return filling.service is not None and filling.service.contact == "required" and not joined


@step_page("details")
def details(filling: Filling, rest: str) -> Page:
    errors: dict[str, str] = {}
    if request.method == "POST":
        contact, errors = _read_details(is_required(filling))
        if not errors:
            before = filling.data.get("contact") or {}
            same = all(before.get(way) == contact.get(way) for way in ("phone", "email", "address"))
            filling.keep(contact=contact, **({} if same else {"safe": None}))
            return go_on(filling)
    return show(
        filling,
        "details",
        "details.html",
        errors,
        contact=filling.data.get("contact") or {},
        is_required=is_required(filling),
        is_confidential=filling.data.get("openness") == Reporter.CONFIDENTIAL,
        joined=isinstance(filling.data.get("already"), int),
    )


@step_page("safe-ways")
def safe_ways(filling: Filling, rest: str) -> Page:
    offered = ways_offered(filling.data.get("contact") or {})
    errors: dict[str, str] = {}
    if request.method == "POST":
        ticked = [way for way in request.form.getlist("ways") if way in offered]
        hours = request.form.get("hours", "").strip()
        if problem := too_long(hours, LONGEST):
            errors["hours"] = problem
        elif is_required(filling) and not ticked and not filling.is_sensitive:
            errors["ways"] = "Choose at least one way that is safe for you, or we cannot answer"
        else:
            filling.keep(safe={"ways": ticked, "hours": hours})
            return go_on(filling)
    return show(filling, "safe-ways", "safe_ways.html", errors, offered=offered, safe=filling.data.get("safe") or {})


def ways_offered(contact: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if phone := contact.get("phone"):
        found += ["text"] if read_phone(phone).takes_texts else []
        found += ["call", "voicemail"]
    found += ["email"] if contact.get("email") else []
    return found + (["letter"] if contact.get("address") else [])


def person_given(filling: Filling) -> PersonGiven | None:
    contact = filling.data.get("contact") or {}
    if not any(contact.values()):
        return None
    offered, safe = ways_offered(contact), filling.data.get("safe") or {}
    ways = {way: way in safe.get("ways", ()) and way in offered for way in WAYS}
    return PersonGiven(
        name=contact.get("name"),
        phone=contact.get("phone"),
        email=contact.get("email"),
        address=contact.get("address"),
        safe=SafeWays(**ways, hours=safe.get("hours") or None),
    )


def _read_details(required: bool) -> tuple[dict[str, str], dict[str, str]]:
    """What was given, and what is wrong with it by field."""
    name = " ".join(request.form.get("name", "").split())
    phone, email = request.form.get("phone", "").strip(), request.form.get("email", "").strip()
    address = request.form.get("address", "").strip()
    found, errors = {"name": name, "address": address}, {}
    for field, text in (("name", name), ("email", email), ("address", address)):
        if problem := too_long(text, LONGEST):
            errors[field] = problem
    if required and not name:
        errors["name"] = "Enter your name"
    if phone:
        try:
            found["phone"] = read_phone(phone).e164
        except PhoneError as error:
            errors["phone"] = str(error)
    if email and "email" not in errors:
        try:
            found["email"] = read_email(email)
        except AnswerError as error:
            errors["email"] = str(error)
    if required and not (phone or email or address):
        errors["phone"] = "Enter a phone number, an email address or a postal address, so that we can answer"
    ordered: dict[str, str] = {
        field: errors[field] for field in ("name", "phone", "email", "address") if field in errors
    }
    return {k: v for k, v in found.items() if v}, ordered
