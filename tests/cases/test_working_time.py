"""Promises in working time, held against a slow count of every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.catalogue.schema import Target
from cases.local_day import LONDON, london_day
from cases.register.register import Register
from cases.register.schema import Hours
from cases.working_time import OFFICE_WEEK, WorkingCalendar, bank_holidays

OFFICE = WorkingCalendar(OFFICE_WEEK)
SHORT = WorkingCalendar(
    {"mon": Hours(opens=time(10), closes=time(12)), "sat": Hours(opens=time(9), closes=time(9, 30))}
)
CLOSING = WorkingCalendar(OFFICE_WEEK, closures=frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)}))
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """A local time such as ``2026-12-24 15:00``, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


# --- the slow reference: it only ever asks whether it is open ------------------------------------------------------


def slow_hours(calendar: WorkingCalendar, received: datetime, hours: int) -> datetime:
    left, now = hours * 60, received
    while left:
        left -= calendar.is_open(now)
        now += MINUTE
    return now


@lru_cache(maxsize=20_000)
def open_minutes(calendar_id: int, day: date) -> tuple[datetime, ...]:
    calendar = CALENDARS[calendar_id]
    start = datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON).astimezone(UTC)
    minutes = (start + n * MINUTE for n in range(int((end - start) / MINUTE)))
    return tuple(minute for minute in minutes if calendar.is_open(minute))


def slow_days(calendar_id: int, received: datetime, days: int) -> datetime:
    """The close of the nth open day after the one on which it is received, or begins to be dealt with."""
    day = london_day(received)
    while not any(minute + MINUTE > received for minute in open_minutes(calendar_id, day)):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not open_minutes(calendar_id, day):
            day += timedelta(days=1)
    return open_minutes(calendar_id, day)[-1] + MINUTE


CALENDARS = [OFFICE, SHORT, CLOSING]
minutes = st.integers(0, 3 * 366 * 24 * 60).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + n * MINUTE)
near_clock_changes = st.sampled_from(["2026-03-28", "2026-10-24", "2026-12-24", "2027-03-25"]).flatmap(
    lambda day: st.integers(0, 4 * 24 * 60).map(lambda n: at(f"{day} 00:00") + n * MINUTE)
)
received_at = st.one_of(minutes, near_clock_changes)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(range(len(CALENDARS))), received_at, st.integers(1, 16))
def test_working_hours_agree_with_a_count_of_every_minute(which: int, received: datetime, hours: int) -> None:
    hours = min(hours, 3) if CALENDARS[which] is SHORT else hours
    due = CALENDARS[which].due(Target(working_hours=hours), received)
    assert due == slow_hours(CALENDARS[which], received, hours)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(range(len(CALENDARS))), received_at, st.integers(1, 12))
def test_working_days_agree_with_a_count_of_every_minute(which: int, received: datetime, days: int) -> None:
    assert CALENDARS[which].due(Target(working_days=days), received) == slow_days(which, received, days)


@given(received_at, st.integers(1, 168))
def test_round_the_clock_is_so_many_hours_whatever_the_clocks_do(received: datetime, hours: int) -> None:
    assert OFFICE.due(Target(hours=hours), received) - received == timedelta(hours=hours)


@given(received_at, received_at, st.integers(1, 10))
def test_what_comes_later_is_never_due_earlier(one: datetime, other: datetime, days: int) -> None:
    target = Target(working_days=days)
    assert OFFICE.due(target, min(one, other)) <= OFFICE.due(target, max(one, other))


# --- days that people know ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "target", "due"),
    [
        ("2026-11-20 12:00", Target(working_days=1), "2026-11-23 17:00"),  # a Friday: Monday
        ("2026-11-20 08:00", Target(working_days=1), "2026-11-23 17:00"),  # before opening counts as that day
        ("2026-11-20 17:00", Target(working_days=1), "2026-11-24 17:00"),  # at closing, as the next day
        ("2026-11-21 11:00", Target(working_days=1), "2026-11-24 17:00"),  # a Saturday, as Monday
        ("2026-12-24 12:00", Target(working_days=1), "2026-12-29 17:00"),  # 25, 26 and 28 are holidays
        ("2026-12-24 16:00", Target(working_hours=2), "2026-12-29 10:00"),
        ("2026-12-24 16:00", Target(working_hours=1), "2026-12-24 17:00"),  # just in time
        ("2026-04-02 12:00", Target(working_days=1), "2026-04-07 17:00"),  # over Easter
        ("2027-03-25 12:00", Target(working_days=2), "2027-03-31 17:00"),  # Easter again, and the clocks go forward
        ("2026-03-27 16:00", Target(working_hours=2), "2026-03-30 10:00"),  # clocks forward at the weekend
        ("2026-10-23 16:00", Target(working_hours=2), "2026-10-26 10:00"),  # clocks back
        ("2026-11-20 03:00", Target(working_hours=4), "2026-11-20 13:00"),  # the middle of the night
        ("2026-08-28 12:00", Target(working_days=1), "2026-09-01 17:00"),  # the August bank holiday
    ],
)
def test_a_promise_falls_due_when_people_would_say(received: str, target: Target, due: str) -> None:
    assert local(OFFICE.due(target, at(received))) == due


def test_an_hour_round_the_clock_crosses_the_night_the_clocks_go_forward() -> None:
    assert local(OFFICE.due(Target(hours=24), at("2026-03-28 12:00"))) == "2026-03-29 13:00"


def test_englands_holidays_are_kept_and_not_scotlands() -> None:
    assert {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 12, 28)} <= bank_holidays(2026)
    assert not {date(2026, 1, 2), date(2026, 11, 30)} & bank_holidays(2026)


def test_the_authoritys_own_closures_are_no_working_days() -> None:
    assert local(CLOSING.due(Target(working_days=1), at("2026-12-24 12:00"))) == "2027-01-04 17:00"


def test_an_authority_that_never_opens_still_makes_promises() -> None:
    due = WorkingCalendar({}).due(Target(working_days=2), at("2026-11-20 12:00"))
    assert due > at("2026-11-20 12:00")


def test_a_time_from_another_zone_is_understood(register: Register) -> None:
    received = at("2026-06-05 16:30").astimezone(LONDON)
    due = OFFICE.due(Target(working_hours=1), received)
    assert local(due) == "2026-06-08 09:30"
    assert due.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20 08:59", False),
        ("2026-11-20 09:00", True),
        ("2026-11-20 16:59", True),
        ("2026-11-20 17:00", False),
        ("2026-06-05 09:00", True),  # summer time
        ("2026-12-25 12:00", False),
    ],
)
def test_open_from_opening_until_just_before_closing(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(moment)) is is_open


def test_every_authority_of_the_register_keeps_its_own_hours(register: Register) -> None:
    for authority in register.authorities.values():
        calendar = WorkingCalendar(authority.hours)
        due = calendar.due(Target(working_days=1), at("2026-11-20 12:00"))
        assert london_day(due) == date(2026, 11, 23)
        assert local(due)[-5:] == f"{authority.hours['mon'].closes:%H:%M}"
