"""The shape of the register files in ``cases/data/register``: who the authorities are, and how to reach them.

Pydantic checks each entry's own shape; what ties entries together (a parent that
is a county, successors that exist) is checked in ``register.loader``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator, model_validator

from cases.catalogue.schema import Sentence, Slug, Strict

Gss = Annotated[str, StringConstraints(pattern=r"^[EWSNLM]\d{8}$")]
Web = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Phone = Annotated[str, StringConstraints(pattern=r"^0[0-9 ]{9,13}$")]
Postcode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$")]
Name = Annotated[str, StringConstraints(min_length=2, max_length=100)]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_TEAMS = "all"


class AuthorityTier(StrEnum):
    COUNTY = "county"
    DISTRICT = "district"
    UNITARY = "unitary"  # with metropolitan and London boroughs, Scottish, Welsh and Northern Irish councils
    CROWN_DEPENDENCY = "crown-dependency"  # Channel Islands and Isle of Man: not the UK


class Hours(Strict):
    """Opening hours of one day, local time; ``closes`` is later than ``opens``."""

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if isinstance(value, str):
            opens, _, closes = value.partition("-")
            return {"opens": opens.strip(), "closes": closes.strip()}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if self.opens >= self.closes:
            raise ValueError("closes must be later than opens")
        return self


def _each_day(week: object) -> object:
    """``mon-thu: 08:30-17:00`` is the same hours on each of those days."""
    if not isinstance(week, dict):
        return week
    days: dict[object, object] = {}
    for key, hours in week.items():
        first, dash, last = str(key).partition("-")
        span = [key]
        if dash and first in WEEKDAYS and last in WEEKDAYS:
            span = list(WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1])
        for day in span:
            if day in days:
                raise ValueError(f"{day} is given twice")
            days[day] = hours
    return days


def _known_days(week: Mapping[str, Hours]) -> Mapping[str, Hours]:
    if unknown := set(week) - set(WEEKDAYS):
        raise ValueError(f"not a weekday: {', '.join(sorted(unknown))}")
    return week


Week = Annotated[dict[str, Hours], BeforeValidator(_each_day), AfterValidator(_known_days)]
"""Hours by weekday ("mon" … "sun"); a day that is not there is a day it is closed."""


class ContactLine(Strict):
    """How one authority is reached for some of its teams."""

    teams: Annotated[tuple[Slug, ...], Field(min_length=1)]  # team slugs, or the one word "all"
    phone: Phone | None = None
    out_of_hours_phone: Phone | None = None
    hours: Week = Field(default_factory=dict)
    source: Sentence
    checked: date | None = None  # none: nobody has checked; shown as such, never sent by itself

    @field_validator("teams")
    @classmethod
    def _all_stands_alone(cls, teams: tuple[str, ...]) -> tuple[str, ...]:
        if ALL_TEAMS in teams and len(teams) > 1:
            raise ValueError('"all" stands alone')
        return teams


class OfficeEntry(Strict):
    """A one-stop shop or information point."""

    slug: Slug
    name: Name
    address: Sentence
    postcode: Postcode
    hours: Week = Field(default_factory=dict)
    source: Sentence
    checked: date | None = None


class AreaEntry(Strict):
    """What the register knows of every authority.

    ``closed`` is the first day on which it no longer exists, which is the day its
    successors open. One successor takes over all of it; several share it out, and
    then only the place can say which.
    """

    gss: Gss
    slug: Slug
    name: Name
    short_name: Name
    tier: AuthorityTier
    parent: Gss | None = None
    web: Web | None = None
    opened: date | None = None
    closed: date | None = None
    successors: tuple[Gss, ...] = ()

    @model_validator(mode="after")
    def _is_told_whole(self) -> AreaEntry:
        if (self.parent is not None) != (self.tier is AuthorityTier.DISTRICT):
            raise ValueError("a district, and only a district, has a parent county")
        if (self.closed is not None) != bool(self.successors):
            raise ValueError("a closed authority names its successors, an open one has none")
        if self.opened and self.closed and self.opened >= self.closed:
            raise ValueError("closed must be later than opened")
        return self


class ElsewhereEntry(AreaEntry):
    """Any other authority of the UK and the Crown dependencies: enough to name it and send somebody on."""

    former: tuple[Gss, ...] = ()  # codes the same council had before a change of its boundary


class AuthorityEntry(AreaEntry):
    """One council of the partnership, in full."""

    web: Web
    opened: date
    council_homes: bool | None = None  # whether it is a landlord; none: not a housing authority
    hours: Week  # the working hours its promises are counted in
    contacts: tuple[ContactLine, ...]
    offices: tuple[OfficeEntry, ...] = ()

    @field_validator("contacts")
    @classmethod
    def _answers_for_all_and_for_each_once(cls, contacts: tuple[ContactLine, ...]) -> tuple[ContactLine, ...]:
        teams = [team for line in contacts for team in line.teams]
        if ALL_TEAMS not in teams:
            raise ValueError('one line must be for "all" teams')
        if twice := sorted({team for team in teams if teams.count(team) > 1}):
            raise ValueError(f"more than one line for {', '.join(twice)}")
        return contacts

    @model_validator(mode="after")
    def _says_whether_it_is_a_landlord(self) -> AuthorityEntry:
        if (self.council_homes is None) != (self.tier is AuthorityTier.COUNTY):
            raise ValueError("council_homes is yes or no for all but counties, which are not housing authorities")
        return self


class PartnershipEntry(Strict):
    slug: Slug
    name: Name
    short_name: Name
    area: Name  # "Nottinghamshire", "Hampshire and the Isle of Wight"
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
    phone: Phone | None = None
    hours: Week
    front_desk: Name  # how the shared desk is named to the public


class PartnershipFile(Strict):
    """One file of the register: a partnership and its councils."""

    partnership: PartnershipEntry
    authorities: Annotated[tuple[AuthorityEntry, ...], Field(min_length=1)]
