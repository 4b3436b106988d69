"""Whom to ring about something urgent: an authority, a group and a minute in, one number and the words out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from cases.catalogue.schema import Service
from cases.local_day import LONDON
from cases.register.register import Authority, Register
from cases.register.schema import ContactLine, Hours
from cases.urgent.schema import OTHER, DutyGroup, DutyKind, DutyLine, DutyTimes
from cases.working_time import OFFICE_WEEK, WorkingCalendar, bank_holidays

LAST = timedelta(minutes=30)
_NO_TEAM = "customer-services"


@dataclass(frozen=True)
class Duty:
    """``line`` is none only where no number is known at all. ``afterwards`` is who answers once ``closes`` has passed.

    ``is_closed``: the only number known is one of office hours, and it is outside them.
    """

    kind: DutyKind
    group: DutyGroup
    authority_gss: str | None
    line: DutyLine | None
    say: tuple[str, ...]
    closes: time | None = None
    afterwards: DutyLine | None = None
    is_closed: bool = False

    @property
    def phone(self) -> str | None:
        return self.line.phone if self.line else None


@dataclass(frozen=True)
class Rota:
    """The partnership's lines, loaded once. Empty, it still answers from the register's contact lines."""

    groups: Mapping[str, DutyGroup] = field(default_factory=dict)
    front_desk: DutyTimes = field(default_factory=DutyTimes)
    lines: Mapping[tuple[str, str], DutyTimes] = field(default_factory=dict)

    def group_of(self, service: Service | None) -> DutyGroup:
        """The service's own group, else its team's, else the one for all the rest."""
        if service is not None:
            for group in self.groups.values():
                if service.slug in group.services:
                    return group
            for group in self.groups.values():
                if service.team in group.teams:
                    return group
        return self.group(OTHER)

    def group(self, slug: str) -> DutyGroup:
        return self.groups.get(slug) or self.groups.get(OTHER) or _ANY

    def duty_for(self, register: Register, authority_gss: str | None, group: DutyGroup, at: datetime) -> Duty:
        """Whom to ring at this minute. Without an authority: the front desk's supervisor."""
        authority = register.by_gss(authority_gss) if authority_gss else None
        if authority is None or not authority.partnership:
            return self._at_front_desk(register, group, at)
        times = self.lines.get((authority.gss, group.slug)) or DutyTimes()
        contact = _contact(register, authority, group)
        week = times.hours or (contact.hours if contact else {}) or authority.hours or OFFICE_WEEK
        kind, hours = part_of_day(WorkingCalendar(week), at)
        line, is_closed = self._line(times, contact, authority, kind)
        if line is None:
            return self._at_front_desk(register, group, at)
        after, _ = self._line(times, contact, authority, DutyKind.OUT_OF_HOURS)
        is_last = kind is DutyKind.LAST_HALF_HOUR
        closes = hours.closes if hours and is_last else None
        say = (*_opening(register), *group.say, *_closing(kind, closes))
        return Duty(kind, group, authority.gss, line, say, closes, after if is_last else None, is_closed)

    def _line(
        self, times: DutyTimes, contact: ContactLine | None, authority: Authority, kind: DutyKind
    ) -> tuple[DutyLine | None, bool]:
        """The line for this part of the day, and whether it is only one of office hours after all."""
        day = times.in_hours or _of_register(contact, authority, "phone")
        if kind is DutyKind.IN_HOURS:
            return day, False
        if kind is DutyKind.LAST_HALF_HOUR:
            return times.last_half_hour or day, False
        night = times.out_of_hours or _of_register(contact, authority, "out_of_hours_phone")
        if kind is DutyKind.BANK_HOLIDAY:
            night = times.bank_holiday or night
        return (night, False) if night else (day, True)

    def _at_front_desk(self, register: Register, group: DutyGroup, at: datetime) -> Duty:
        times = self.front_desk
        kind, hours = part_of_day(WorkingCalendar(times.hours or register.partnership.hours or OFFICE_WEEK), at)
        by_day = times.in_hours or _own_number(register)
        line = times.line(kind) or (by_day if kind is DutyKind.LAST_HALF_HOUR else None)
        if line is None and kind is DutyKind.BANK_HOLIDAY:
            line = times.out_of_hours
        is_closed = line is None and kind in (DutyKind.OUT_OF_HOURS, DutyKind.BANK_HOLIDAY)
        is_last = kind is DutyKind.LAST_HALF_HOUR
        closes = hours.closes if hours and is_last else None
        say = (*_opening(register), *group.say, *_closing(kind, closes))
        after = times.out_of_hours if is_last else None
        return Duty(kind, group, None, line or by_day, say, closes, after, is_closed)


def part_of_day(calendar: WorkingCalendar, at: datetime) -> tuple[DutyKind, Hours | None]:
    """London's wall clock decides; the hours of that day beside it, where there are any."""
    local = at.astimezone(LONDON)
    day, clock = local.date(), local.time().replace(second=0, microsecond=0)
    if day in bank_holidays(day.year):
        return DutyKind.BANK_HOLIDAY, None
    hours = calendar.hours_on(day)
    if hours is None or not hours.opens <= clock < hours.closes:
        return DutyKind.OUT_OF_HOURS, hours
    last = (datetime.combine(day, hours.closes) - LAST).time()
    return (DutyKind.LAST_HALF_HOUR if clock >= last else DutyKind.IN_HOURS), hours


_ANY = DutyGroup(
    slug=OTHER,
    title="Anything urgent",
    say=("Something urgent has been reported to us. I have the place and what was said.",),
)


def _contact(register: Register, authority: Authority, group: DutyGroup) -> ContactLine | None:
    found = [register.contact_line(authority, team) for team in group.teams or (_NO_TEAM,)]
    own = [line for line in found if line and set(line.teams) & set(group.teams)]
    return own[0] if own else (found[0] if found else None)


def _of_register(contact: ContactLine | None, authority: Authority, which: str) -> DutyLine | None:
    """The register's own number; out of hours the council's general emergency number where the team has none."""
    general = next((line for line in authority.contacts if "all" in line.teams), None)
    for line in (contact, general):
        if line and (phone := getattr(line, which)):
            whom = "the team’s own line" if line is not general else "the council’s general line"
            whom = "whoever answers out of hours" if which != "phone" else whom
            return DutyLine.model_construct(
                phone=phone, whom=whom, source=line.source, checked=line.checked, demonstration=False
            )
    return None


def _own_number(register: Register) -> DutyLine | None:
    phone = register.partnership.phone
    if phone is None:
        return None
    whom, source = "the front desk’s supervisor", "The partnership's entry in the register."
    return DutyLine.model_construct(phone=phone, whom=whom, source=source, checked=None, demonstration=False)


def _opening(register: Register) -> tuple[str, ...]:
    return (f"“This is {register.partnership.name}. I have something urgent that I must hand to a person by name.”",)


def _closing(kind: DutyKind, closes: time | None) -> tuple[str, ...]:
    end = "“What is your name, please, and what will you do, and by when?”"
    if kind is DutyKind.LAST_HALF_HOUR and closes:
        return (f"“I know that you close at {closes:%H:%M}. It cannot wait: please take it before you go.”", end)
    if kind in (DutyKind.OUT_OF_HOURS, DutyKind.BANK_HOLIDAY):
        return ("“I know that the office is closed. It cannot wait for the next working day.”", end)
    return (end,)
