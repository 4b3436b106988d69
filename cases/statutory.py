"""The clocks that laws and codes set a council, counted in days. Pure: days in, days out.

They belong to one authority and start there on the day of receipt; the promise to the person is another thing.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from cases.catalogue.schema import CaseKind
from cases.working_time import bank_holidays

_COUNTRIES = ("ENG", "WLS", "SCT", "NIR")


class ClockKind(StrEnum):
    FOI = "foi"
    EIR = "eir"
    SAR = "sar"
    COMPLAINT_ACK = "complaint-ack"
    COMPLAINT_STAGE_1 = "complaint-stage-1"


def clocks_at_receipt(kind: CaseKind, service: str | None) -> tuple[ClockKind, ...]:
    """The clocks that receipt starts. A complaint's first stage starts with its acknowledgement instead."""
    if kind is CaseKind.COMPLAINT:
        return (ClockKind.COMPLAINT_ACK,)
    if kind is CaseKind.INFORMATION_REQUEST:
        return (_OF_SERVICE.get(service or "", ClockKind.FOI),)
    return ()


_OF_SERVICE = {
    "subject-access-request": ClockKind.SAR,
    "environmental-information": ClockKind.EIR,
}


def due_on(kind: ClockKind, started_on: date) -> date:
    """The last day in time. ``started_on`` is the day of receipt (of the acknowledgement: for a first stage)."""
    return _RULES[kind](started_on)


@lru_cache(maxsize=64)
def _anywhere_in_the_uk(year: int) -> frozenset[date]:
    """Section 10(6) of the Freedom of Information Act 2000 leaves out a bank holiday in any part of the UK."""
    return frozenset().union(*(holidays.country_holidays("GB", subdiv=part, years=year) for part in _COUNTRIES))


def _is_day_off(day: date, days_off: Callable[[int], frozenset[date]]) -> bool:
    return day.weekday() >= 5 or day in days_off(day.year)


def _working_days(started_on: date, days: int, days_off: Callable[[int], frozenset[date]]) -> date:
    """The day of receipt is not counted."""
    day = started_on
    while days:
        day += timedelta(days=1)
        days -= not _is_day_off(day, days_off)
    return day


def _calendar_month(started_on: date) -> date:
    """The same date of the next month, else its last day; if that is a day off, the next working day (ICO)."""
    year, month = divmod(started_on.year * 12 + started_on.month, 12)
    day = date(year, month + 1, min(started_on.day, calendar.monthrange(year, month + 1)[1]))
    while _is_day_off(day, bank_holidays):
        day += timedelta(days=1)
    return day


_RULES: dict[ClockKind, Callable[[date], date]] = {
    # Freedom of Information Act 2000, s. 10; the Environmental Information Regulations count the same days.
    ClockKind.FOI: lambda day: _working_days(day, 20, _anywhere_in_the_uk),
    ClockKind.EIR: lambda day: _working_days(day, 20, _anywhere_in_the_uk),
    # UK GDPR, article 12(3).
    ClockKind.SAR: _calendar_month,
    # Complaint Handling Code of the Local Government and Social Care Ombudsman, 6.2 and 6.3.
    ClockKind.COMPLAINT_ACK: lambda day: _working_days(day, 5, bank_holidays),
    ClockKind.COMPLAINT_STAGE_1: lambda day: _working_days(day, 10, bank_holidays),
}
