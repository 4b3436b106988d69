"""The shape of the files in ``cases/data/rota``: the groups, and whom to ring for each of them.

Pydantic checks each entry's own shape; what ties entries together is in ``cases.urgent.loader``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from cases.catalogue.schema import Label, Sentence, Slug, Strict
from cases.register.schema import Gss, Phone, Week

# Ofcom keeps these for drama: nobody can ever be reached on them.
_INVENTED = re.compile(r"01154960\d{3}|07700900\d{3}")
OTHER = "other"


class DutyKind(StrEnum):
    """What part of the day it is for those who are rung."""

    IN_HOURS = "in-hours"
    LAST_HALF_HOUR = "last-half-hour"
    OUT_OF_HOURS = "out-of-hours"
    BANK_HOLIDAY = "bank-holiday"


class DutyGroup(Strict):
    """Services that one person on duty answers for. ``say``: the words for the one who rings; no customer's name."""

    slug: Slug
    title: Label
    teams: tuple[Slug, ...] = ()
    services: tuple[Slug, ...] = ()  # these before teams
    say: Annotated[tuple[Sentence, ...], Field(min_length=1)]


class DutyLine(Strict):
    """One number, and who is at the other end."""

    phone: Phone
    whom: Label
    source: Sentence | None = None
    checked: date | None = None  # none: nobody has checked; shown as such
    demonstration: bool = False  # an invented number: left out where the installation is in earnest

    @model_validator(mode="after")
    def _is_published_or_invented(self) -> DutyLine:
        invented = _INVENTED.fullmatch(self.phone.replace(" ", "")) is not None
        if invented != self.demonstration:
            raise ValueError("a number kept for drama, and no other, is marked as demonstration")
        if not self.demonstration and self.source is None:
            raise ValueError("say where the number is published")
        return self


class DutyTimes(Strict):
    """Whom to ring when. What is left out is looked for in the register's own lines."""

    hours: Week = Field(default_factory=dict)
    in_hours: DutyLine | None = None
    last_half_hour: DutyLine | None = None
    out_of_hours: DutyLine | None = None
    bank_holiday: DutyLine | None = None

    def line(self, kind: DutyKind) -> DutyLine | None:
        found: DutyLine | None = getattr(self, kind.value.replace("-", "_"))
        return found

    def lines(self) -> Iterator[tuple[str, DutyLine]]:
        for kind in DutyKind:
            if line := self.line(kind):
                yield kind.value.replace("-", "_"), line

    def in_earnest(self) -> DutyTimes:
        """Without the invented numbers."""
        return self.model_copy(update={name: None for name, line in self.lines() if line.demonstration})


class DutyEntry(DutyTimes):
    """One council's lines for one or more groups."""

    authority: Gss
    groups: Annotated[tuple[Slug, ...], Field(min_length=1)]


class RotaFile(Strict):
    """One partnership's file: its front desk's own lines, and each council's."""

    partnership: Slug
    front_desk: DutyTimes
    lines: tuple[DutyEntry, ...]
