"""Who the authorities are: one installation's partnership in full, and every other in the UK by name.

All look-ups are single steps in a dictionary: a whole decision has 100 µs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cases.register.areas import Shared, Stay, WardOf
from cases.register.schema import ALL_TEAMS, AuthorityTier, ContactLine, Hours, OfficeEntry, PartnershipEntry


@dataclass(frozen=True, slots=True)
class Authority:
    """One council, or one government of a Crown dependency.

    ``partnership`` says whether it belongs to the partnership that this installation
    serves. ``closed`` is the first day on which it no longer exists.
    """

    gss: str
    slug: str
    name: str
    short_name: str
    tier: AuthorityTier
    parent: str | None = None
    web: str | None = None
    opened: date | None = None
    closed: date | None = None
    successors: tuple[str, ...] = ()
    council_homes: bool | None = None
    hours: Mapping[str, Hours] = field(default_factory=dict, hash=False)
    contacts: tuple[ContactLine, ...] = field(default=(), hash=False)
    offices: tuple[OfficeEntry, ...] = field(default=(), hash=False)
    partnership: bool = False

    def is_open(self, on: date) -> bool:
        return (self.opened is None or self.opened <= on) and (self.closed is None or on < self.closed)


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Made by ``load_register``, which has checked that its parts fit together."""

    partnership: PartnershipEntry
    authorities: Mapping[str, Authority]
    """The partnership's own, by slug, in the order of its file."""
    authorities_by_gss: Mapping[str, Authority]
    """The same by GSS code."""
    version: str
    """A short hash of the data files, kept with each decision."""
    _by_gss: Mapping[str, Authority] = field(repr=False)
    _by_slug: Mapping[str, Authority] = field(repr=False)
    _shared: Mapping[str, tuple[Shared, ...]] = field(default_factory=dict, repr=False)
    """By the GSS code of the council whose area it was, oldest first."""
    _heirs: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Who takes what belongs to no place, where several share a council."""
    _stays: Mapping[tuple[str, str], tuple[Stay, ...]] = field(default_factory=dict, repr=False)
    """By service and the council whose area team goes on."""
    _ward_of: WardOf | None = field(default=None, repr=False)
    _delivered: Register | None = field(default=None, repr=False)

    @property
    def as_delivered(self) -> Register:
        """The register of the files, without the plans that were laid over it."""
        return self._delivered or self

    def by_gss(self, gss: str) -> Authority | None:
        """Any authority, inside or outside; a code from before a boundary change finds the same council."""
        return self._by_gss.get(gss)

    def by_slug(self, slug: str) -> Authority | None:
        return self._by_slug.get(slug)

    def find(self, gss_or_slug: str) -> Authority | None:
        return self._by_gss.get(gss_or_slug) or self._by_slug.get(gss_or_slug)

    def in_partnership(self, gss: str) -> bool:
        authority = self._by_gss.get(gss)
        return authority is not None and authority.partnership

    def is_open(self, gss: str, on: date) -> bool:
        authority = self._by_gss.get(gss)
        return authority is not None and authority.is_open(on)

    def county_of(self, district_gss: str, on: date, *, postcode: str | None = None) -> Authority | None:
        """The county council above this place on that day; none where one council does everything."""
        district = self._standing(district_gss, on, postcode)
        return self._standing(district.parent, on) if district and district.parent else None

    def responsible_for(
        self,
        tier: Literal["county", "district"],
        district_gss: str,
        on: date,
        *,
        postcode: str | None = None,
        as_council: bool = False,
    ) -> Authority | None:
        """Who does the work of this tier in this place on that day.

        A council that does everything (a unitary, and the Crown dependencies' own
        governments, whose ``tier`` tells them apart) answers for both. None when the
        code is unknown, the council did not yet exist, or several have shared it out
        and ``postcode`` does not say which (then ask ``successors_of``).
        ``as_council``: it is about the council itself and not about a place, so its
        heir answers for one that was shared out.
        """
        authority = self._standing(district_gss, on, postcode, as_council)
        if authority is None or authority.tier not in (AuthorityTier.DISTRICT, AuthorityTier.COUNTY):
            return authority
        if authority.tier.value == tier:
            return authority
        return self._standing(authority.parent, on, None, as_council) if authority.parent else None

    def area_team(
        self, service: str, tier: Literal["county", "district"], district_gss: str, on: date
    ) -> Authority | None:
        """The former council whose area team still does this service there on that day; mostly none."""
        if not self._stays:
            return None
        district = self._by_gss.get(district_gss)
        of = district.parent if district and district.parent and tier == "county" else district and district.gss
        stay = next((s for s in self._stays.get((service, of or ""), ()) if s.starts <= on < s.until), None)
        return self._by_gss.get(stay.of) if stay else None

    def successors_of(self, gss: str, on: date) -> tuple[Authority, ...]:
        """Those among whom a closed authority's area is shared on that day; nobody while it is open."""
        authority = self._by_gss.get(gss)
        if authority is None or authority.closed is None or on < authority.closed:
            return ()
        heirs: dict[str, Authority] = {}
        for successor in authority.successors:
            for heir in self.successors_of(successor, on) or (self._by_gss[successor],):
                heirs.setdefault(heir.gss, heir)
        return tuple(heirs.values())

    def contact_line(self, authority: Authority | str, team: str) -> ContactLine | None:
        """The line for this team (a team's slug), else the line for all; none for councils elsewhere."""
        found = self.find(authority) if isinstance(authority, str) else authority
        general = None
        for line in found.contacts if found else ():
            if team in line.teams:
                return line
            if ALL_TEAMS in line.teams:
                general = line
        return general

    def find_office(self, slug: str) -> tuple[Authority, OfficeEntry] | None:
        """One of the partnership's offices, and whose it is."""
        for authority in self.authorities.values():
            for office in authority.offices:
                if office.slug == slug:
                    return authority, office
        return None

    def _standing(
        self, gss: str, on: date, postcode: str | None = None, as_council: bool = False
    ) -> Authority | None:
        """Who stands in this authority's place on that day, if it is one and only one."""
        authority = self._by_gss.get(gss)
        since = date.min
        while authority is not None:
            if shared := self._shared_on(authority.gss, since, on):
                since = shared.starts
                if (taker := self._taker(authority, shared, postcode, as_council)) != authority.gss:
                    authority = self._by_gss.get(taker) if taker else None
                    continue
            if authority.closed is None or authority.closed > on:
                break
            if len(authority.successors) == 1:
                authority = self._by_gss.get(authority.successors[0])
            else:
                authority = self._by_gss.get(self._heirs.get(authority.gss, "")) if as_council else None
        return authority if authority is not None and authority.is_open(on) else None

    def _shared_on(self, gss: str, since: date, on: date) -> Shared | None:
        """The next sharing out, later than the last one followed: an area that changed hands does not go round."""
        return next((s for s in self._shared.get(gss, ()) if since < s.starts <= on), None)

    def _taker(self, authority: Authority, shared: Shared, postcode: str | None, as_council: bool) -> str | None:
        if as_council:
            return shared.rest
        return shared.taker(postcode, self._ward_of) if postcode else None
