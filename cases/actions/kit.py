"""What actions need beside the session and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service
from cases.register.register import Register
from cases.sealing import Sealer
from cases.triage import Triage
from cases.urgent.rota import Rota
from cases.working_time import OFFICE_WEEK, WorkingCalendar


@dataclass(frozen=True)
class Kit:
    """One per process, put together at the edge. ``base_url`` has no slash at its end.

    ``triage_now`` is called for the triage under the rules in force, which an administrator may change at any time.
    """

    triage_now: Callable[[], Triage]
    sealer: Sealer
    base_url: str
    partnership_name: str
    rota: Rota = field(default_factory=Rota)

    @property
    def triage(self) -> Triage:
        return self.triage_now()

    @property
    def register(self) -> Register:
        return self.triage.register

    @property
    def catalogue(self) -> Catalogue:
        return self.triage.catalogue

    def service(self, slug: str | None) -> Service | None:
        return self.catalogue.services.get(slug) if slug else None

    def calendar(self, authority_gss: str | None) -> WorkingCalendar:
        authority = self.register.by_gss(authority_gss) if authority_gss else None
        week = authority.hours if authority else self.register.partnership.hours
        return WorkingCalendar(week or OFFICE_WEEK)

    def authority_name(self, gss: str | None) -> str:
        authority = self.register.by_gss(gss) if gss else None
        return authority.name if authority else self.register.partnership.front_desk
