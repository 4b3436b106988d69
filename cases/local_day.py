"""The day it is in England. Everything else is kept in UTC."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_day(moment: datetime) -> date:
    """The calendar day in London at an aware ``moment``."""
    return moment.astimezone(LONDON).date()
