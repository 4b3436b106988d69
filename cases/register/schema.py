"""The shape of the register files in ``cases/data/register``: who the authorities are, and how to reach them."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from cases.catalogue.schema import Sentence, Slug, Strict

Gss = Annotated[str, StringConstraints(pattern=r"^[EWSNLM]\d{8}$")]
Web = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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


Week = dict[str, Hours]


class ContactLine(Strict):
    """How one authority is reached for some of its teams."""

    teams: tuple[Slug, ...]  # team slugs, or the one word "all"
    phone: str | None = None
    out_of_hours_phone: str | None = None
    hours: Week = Field(default_factory=dict)
    source: Sentence
    checked: date | None = None  # none: nobody has checked; shown as such, never sent by itself

    @field_validator("hours")
    @classmethod
    def _known_days(cls, week: Week) -> Week:
        if unknown := set(week) - set(WEEKDAYS):
            raise ValueError(f"not a weekday: {', '.join(sorted(unknown))}")
        return week


class OfficeEntry(Strict):
    """A one-stop shop or information point."""

    slug: Slug
    name: str
    address: str
    postcode: str
    hours: Week = Field(default_factory=dict)
    source: Sentence
    checked: date | None = None


class AuthorityEntry(Strict):
    """One council of the partnership, in full."""

    gss: Gss
    slug: Slug
    name: str
    short_name: str
    tier: AuthorityTier
    parent: Gss | None = None
    web: Web
    opened: date
    closed: date | None = None
    successors: tuple[Gss, ...] = ()
    council_homes: bool | None = None  # whether it is a landlord; none: not a housing authority
    hours: Week  # the working hours its promises are counted in
    contacts: tuple[ContactLine, ...]
    offices: tuple[OfficeEntry, ...] = ()


class PartnershipEntry(Strict):
    slug: Slug
    name: str
    short_name: str
    area: str  # "Nottinghamshire", "Hampshire and the Isle of Wight"
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
    phone: str | None = None
    hours: Week
    front_desk: str  # how the shared desk is named to the public


class PartnershipFile(Strict):
    """One file of the register: a partnership and its councils."""

    partnership: PartnershipEntry
    authorities: Annotated[tuple[AuthorityEntry, ...], Field(min_length=1)]


class ElsewhereEntry(Strict):
    """Any other authority of the UK and the Crown dependencies: enough to name it and send somebody on."""

    gss: Gss
    slug: Slug
    name: str
    tier: AuthorityTier
    parent: Gss | None = None
    web: Web | None = None
    opened: date | None = None
    closed: date | None = None
    successors: tuple[Gss, ...] = ()
