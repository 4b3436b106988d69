"""Working time: an authority's own hours, England's bank holidays, Europe/London.

Promises are counted here and nowhere else. Times go in and come out as aware UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from cases.catalogue.schema import Target
from cases.local_day import LONDON
from cases.register.schema import WEEKDAYS, Hours

_OFFICE = Hours(opens=time(9), closes=time(17))
OFFICE_WEEK: Mapping[str, Hours] = dict.fromkeys(WEEKDAYS[:5], _OFFICE)
_LONGEST_CLOSURE_DAYS = 60


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@dataclass(frozen=True)
class WorkingCalendar:
    """One authority's hours. ``closures`` are its own closed days beside the bank holidays."""

    week: Mapping[str, Hours]
    closures: Collection[date] = frozenset()

    def hours_on(self, day: date) -> Hours | None:
        if day in self.closures or day in bank_holidays(day.year):
            return None
        return self.week.get(WEEKDAYS[day.weekday()])

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(LONDON)
        hours = self.hours_on(local.date())
        return hours is not None and hours.opens <= local.time() < hours.closes

    def due(self, target: Target, received_at: datetime) -> datetime:
        """When a promise made at ``received_at`` falls due.

        Working days are counted after the day of receipt (out of hours: after the next working day begins) and
        end with that day's closing; working hours run only while open.
        """
        if target.round_the_clock:
            return received_at + target.round_the_clock
        if target.working_days:
            return self._end_of_working_day(received_at, target.working_days)
        return self._after_working_time(received_at, timedelta(hours=target.working_hours or 0))

    def _days_from(self, day: date) -> tuple[date, Hours]:
        for ahead in range(_LONGEST_CLOSURE_DAYS):
            hours = self.hours_on(day + timedelta(days=ahead))
            if hours:
                return day + timedelta(days=ahead), hours
        # An authority that never opens keeps office hours for its promises rather than never.
        return day, _OFFICE

    def _end_of_working_day(self, received_at: datetime, days: int) -> datetime:
        local = received_at.astimezone(LONDON)
        day, hours = self._days_from(local.date())
        if day == local.date() and local.time() >= hours.closes:
            day, hours = self._days_from(day + timedelta(days=1))
        for _ in range(days):
            day, hours = self._days_from(day + timedelta(days=1))
        return _utc(day, hours.closes)

    def _after_working_time(self, received_at: datetime, left: timedelta) -> datetime:
        local = received_at.astimezone(LONDON)
        day, hours = self._days_from(local.date())
        start = max(_utc(day, hours.opens), received_at.astimezone(UTC))
        while start + left > (closes := _utc(day, hours.closes)):
            left -= max(closes - start, timedelta())
            day, hours = self._days_from(day + timedelta(days=1))
            start = _utc(day, hours.opens)
        return start + left


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
