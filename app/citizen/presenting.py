"""How register entries are written on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from flask import current_app

from app.citizen import blueprint
from app.citizen.place import example_postcode
from app.config import Settings
from app.navigation import path_exists
from cases.models.case import CaseStatus
from cases.phones import show_phone
from cases.references import show_reference
from cases.register.schema import WEEKDAYS, Hours

_PROGRESS = {
    CaseStatus.NEW: "waiting to be looked at",
    CaseStatus.IN_PROGRESS: "being worked on",
    CaseStatus.WAITING: "waiting for an answer",
    CaseStatus.SCHEDULED: "work is planned",
    CaseStatus.CLOSED: "closed",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@blueprint.app_template_filter("as_week")
def as_week(week: Mapping[str, Hours]) -> str:
    """ "Monday to Friday, 8:30am to 5pm"; days with the same hours in a row are put together."""
    runs: list[tuple[int, int, Hours]] = []
    for n, day in enumerate(WEEKDAYS):
        hours = week.get(day)
        if hours is None:
            continue
        if runs and runs[-1][1] == n - 1 and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], n, hours)
        else:
            runs.append((n, n, hours))
    return "; ".join(f"{_span(first, last)}, {_clock(h.opens)} to {_clock(h.closes)}" for first, last, h in runs)


@blueprint.app_template_filter("as_phone")
def as_phone(number: str) -> str:
    return show_phone(number)


@blueprint.app_template_filter("as_host")
def as_host(address: str) -> str:
    """ "www.ashfield.gov.uk" for the link's words."""
    return address.partition("://")[2].rstrip("/")


@blueprint.app_template_global("text_number")
def text_number() -> str | None:
    """The number to text, once there is a real one."""
    settings: Settings = current_app.extensions["settings"]
    return settings.twilio_number if settings.sms_provider == "twilio" else None


@blueprint.app_template_global("has_handset")
def has_handset() -> bool:
    settings: Settings = current_app.extensions["settings"]
    return settings.sms_provider == "handset" and path_exists("/handset")


@blueprint.app_template_global("has_tracking")
def has_tracking() -> bool:
    return path_exists("/track")


def _span(first: int, last: int) -> str:
    return _DAYS[first] if first == last else f"{_DAYS[first]} to {_DAYS[last]}"


def _clock(at: time) -> str:
    if at == time(12):
        return "midday"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


@blueprint.app_template_filter("as_reference")
def as_reference(reference: str) -> str:
    return show_reference(reference)


@blueprint.app_template_filter("as_progress")
def as_progress(status: CaseStatus) -> str:
    return _PROGRESS[status]


@blueprint.app_template_filter("lower_first")
def lower_first(text: str) -> str:
    """For putting a sentence behind other words; an abbreviation or "I" keeps its capital."""
    if len(text) > 1 and (text[1].isupper() or not text[1].isalpha()):
        return text
    return text[:1].lower() + text[1:]


@blueprint.app_template_filter("trim_zero")
def trim_zero(digits: str) -> str:
    return digits.lstrip("0")


@blueprint.app_template_global("example_postcode")
def show_example_postcode() -> str:
    return example_postcode()
