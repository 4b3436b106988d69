"""The shape of a plan (``cases/data/plans``): dated changes to councils and their areas.

Pydantic checks each part's own shape; what ties a plan to the register, the catalogue and the postcodes is in
``reorganisation.check``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from cases.catalogue.schema import Sentence, Slug, Strict
from cases.register.schema import ContactLine, Gss, Name, Postcode, Web, Week

# The councils to come have no GSS codes yet. E06000900 to E06000999 is in the pattern of the Office for National
# Statistics for a unitary, and far above what it has given out: taken here until the real codes exist.
ProvisionalGss = Annotated[str, StringConstraints(pattern=r"^E060009\d{2}$")]
Sector = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9]$")]
Ward = Annotated[str, StringConstraints(pattern=r"^[EW]05\d{6}$")]


class NewCouncil(Strict):
    """A council that a plan makes: one that does everything in its area.

    ``lines_of``: former councils whose numbers go on being answered for it, for each team the first that has one.
    """

    gss: ProvisionalGss
    slug: Slug
    name: Name
    short_name: Name
    web: Web | None = None
    council_homes: bool
    hours: Week
    contacts: tuple[ContactLine, ...] = ()
    lines_of: tuple[Gss, ...] = ()


class _Dated(Strict):
    on: date | None = None  # none: the plan's day


class Merge(_Dated):
    """Whole councils become one, or become part of one."""

    kind: Literal["merge"]
    councils: Annotated[tuple[Gss, ...], Field(min_length=1)]
    into: Gss


class Part(Strict):
    """Some of a council's area. Only those postcodes are meant that lie in that council's area."""

    to: Gss
    sectors: tuple[Sector, ...] = ()
    postcodes: tuple[Postcode, ...] = ()
    wards: tuple[Ward, ...] = ()

    @model_validator(mode="after")
    def _is_somewhere(self) -> Part:
        if not (self.sectors or self.postcodes or self.wards):
            raise ValueError("name the sectors, postcodes or wards that it is")
        return self


class Split(_Dated):
    """A council ends and others share its area. ``rest`` takes what is in no part, and what belongs to no place."""

    kind: Literal["split"]
    council: Gss
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    rest: Gss


class CountyEnds(_Dated):
    """A county council ends: its work goes to whoever each of its districts has become part of.

    ``heir`` takes what belongs to no place: complaints about it, what it was asked under freedom of information.
    """

    kind: Literal["county-ends"]
    council: Gss
    heir: Gss


class BoundaryMove(_Dated):
    """Some of a council's area goes to another; both go on."""

    kind: Literal["boundary-move"]
    council: Gss
    part: Part


class Stays(_Dated):
    """Services that an area team, the old council's own, goes on doing for the successor until a day."""

    kind: Literal["stays"]
    council: Gss
    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    until: date  # the first day on which it no longer does


Change = Annotated[Merge | Split | CountyEnds | BoundaryMove | Stays, Field(discriminator="kind")]


class Plan(Strict):
    """One reorganisation. ``rehearsal``: made to be rehearsed; something in it is approximate or undecided."""

    slug: Slug
    partnership: Slug
    title: Sentence
    standing: Literal["decided", "proposal"]
    rehearsal: bool
    day: date
    undo_days: Annotated[int, Field(ge=1, le=365)]
    summary: Sentence
    source: Sentence
    notes: tuple[Sentence, ...] = ()
    councils: tuple[NewCouncil, ...] = ()
    changes: Annotated[tuple[Change, ...], Field(min_length=1)]

    def day_of(self, change: _Dated) -> date:
        return change.on or self.day

    def on_day(self, day: date) -> Plan:
        """The same plan for another day; every other date in it moves by as many days."""
        by = day - self.day
        if not by:
            return self
        changes = []
        for change in self.changes:
            moved: dict[str, date | None] = {"on": change.on + by if change.on else None}
            if isinstance(change, Stays):
                moved["until"] = change.until + by
            changes.append(change.model_copy(update=moved))
        return self.model_copy(update={"day": day, "changes": tuple(changes)})

    def stages(self) -> tuple[date, ...]:
        """The days at whose midnight something moves."""
        days = {self.day_of(change) for change in self.changes}
        return tuple(sorted(days | {change.until for change in self.changes if isinstance(change, Stays)}))

    def ending(self) -> Iterator[tuple[str, date]]:
        """Each council that ends, and the first day on which it no longer exists."""
        for change in self.changes:
            if isinstance(change, Merge):
                yield from ((gss, self.day_of(change)) for gss in change.councils if gss != change.into)
            elif isinstance(change, Split | CountyEnds):
                yield change.council, self.day_of(change)
