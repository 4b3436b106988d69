"""How times and numbers are written on a page: London time, the way GOV.UK writes dates."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from cases.local_day import LONDON


def init_app(app: Flask) -> None:
    app.add_template_filter(as_date)
    app.add_template_filter(as_time)
    app.add_template_filter(as_datetime)


def as_date(value: date | datetime) -> str:
    """``21 November 2026``; a time is first taken to London."""
    day = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{day.day} {day:%B %Y}"


def as_time(value: datetime) -> str:
    """``9:30am``, ``midday``, ``midnight``."""
    local = value.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def as_datetime(value: datetime) -> str:
    """``21 November 2026 at 9:30am``."""
    return f"{as_date(value)} at {as_time(value)}"
