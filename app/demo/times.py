"""When things happen: the public by its habits, officers in office hours, and nothing later than now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from cases.local_day import LONDON, london_day
from cases.working_time import bank_holidays

_CALLS = (8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 17)
_MONDAY_CALLS = (8, 9, 9, 9, 10, 10, 10, 11, 14)
_COUNTER = (9, 10, 10, 11, 11, 12, 13, 14, 15, 16)
_AT_HOME = (7, 8, 8, 9, 10, 11, 12, 12, 13, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21)
_OPENS, _CLOSES = time(8, 30), time(17)
_JUST_NOW = timedelta(minutes=8)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def working_days_before(day: date, count: int) -> date:
    """The day that lies ``count`` working days before."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def contact_time(channel: str, day: date, random: Random, now: datetime) -> datetime:
    """On or near ``day``: by phone and at the counter only while they are open. Never after ``now``."""
    if channel in ("phone", "counter") and not is_working_day(day):
        later = next(d for n in range(1, 9) if is_working_day(d := day + timedelta(days=n)))
        day = later if later < london_day(now) else working_days_before(day, 1)
    hour = random.choice(_hours(channel, day))
    at = datetime.combine(day, time(hour, random.randrange(60), random.randrange(60)), tzinfo=LONDON)
    while at > now - _JUST_NOW:
        day = working_days_before(day, 1) if channel in ("phone", "counter") else day - timedelta(days=1)
        at = datetime.combine(day, at.time(), tzinfo=LONDON)
    return at


def _hours(channel: str, day: date) -> tuple[int, ...]:
    if channel == "phone":
        return _MONDAY_CALLS if day.weekday() == 0 else _CALLS
    return _COUNTER if channel == "counter" else _AT_HOME


def is_office_time(at: datetime) -> bool:
    local = at.astimezone(LONDON)
    return is_working_day(local.date()) and _OPENS <= local.time() < _CLOSES


class Steps:
    """Moments at which officers did something: each later than the last, in office hours, and before ``now``."""

    def __init__(self, random: Random, at: datetime, now: datetime, *, day_and_night: bool = False) -> None:
        self._random, self.at, self._now, self._day_and_night = random, at, now, day_and_night

    def next(self, longest: timedelta) -> bool:
        """Move on by up to ``longest``; False, and nothing moved, when that would be in the future."""
        minutes = max(int(longest.total_seconds() // 60), 12)
        later = self.at + timedelta(minutes=self._random.randrange(9, minutes), seconds=self._random.randrange(60))
        later = later if self._day_and_night else self._in_office_hours(later)
        if later >= self._now - timedelta(minutes=1):
            return False
        self.at = later
        return True

    def _in_office_hours(self, at: datetime) -> datetime:
        if is_office_time(at):
            return at
        local = at.astimezone(LONDON)
        day = local.date()
        if not (is_working_day(day) and local.time() < _OPENS):
            day = next(d for n in range(1, 9) if is_working_day(d := day + timedelta(days=n)))
        return datetime.combine(day, _OPENS, tzinfo=LONDON) + timedelta(minutes=self._random.randrange(5, 300))
