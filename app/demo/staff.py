"""Who works in the demonstration. All sign in with the same password, which production settings would never allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.account.passwords import hash_password
from cases.local_day import london_day
from cases.models.staff import Appointment, Role, StaffUser
from cases.register.register import Authority, Register

PASSWORD = "front-door-demo"
_COLLEAGUES = ("Priya", "Callum", "Imogen", "Yusuf", "Bethan", "Marek", "Agnes", "Dev", "Rosa", "Hamish", "Nia", "Otis")


@dataclass(frozen=True)
class DemoPost:
    """One member of staff; ``authority`` and ``office`` are slugs, no authority is the front desk."""

    name: str
    what: str
    role: Role
    authority: str | None = None
    team: str | None = None
    office: str | None = None

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@demo.example.org"


def signing_in(register: Register) -> list[DemoPost]:
    """The seven people to sign in as, at this partnership's own councils."""
    county = next(a for a in register.authorities.values() if a.tier == "county")
    districts = [a for a in register.authorities.values() if a.tier == "district"]
    waste = _named(districts, "ashfield") or districts[0]
    homes = _named(districts, "mansfield") or next((a for a in districts if a.council_homes), districts[-1])
    office = homes.offices[0] if homes.offices else None
    where = office.name if office else homes.name
    return [
        DemoPost("Megan", "contact-centre agent, for all councils", Role.AGENT),
        DemoPost("Winston", f"counter staff, {where}", Role.COUNTER, office=office.slug if office else None),
        DemoPost("Tom", f"highways officer, {county.name}", Role.OFFICER, county.slug, "highways"),
        DemoPost("Shazia", f"waste officer, {waste.name}", Role.OFFICER, waste.slug, "waste"),
        DemoPost("Elin", f"housing officer, {homes.name}", Role.OFFICER, homes.slug, "housing-options"),
        DemoPost("Grace", "supervisor of the contact centre", Role.SUPERVISOR),
        DemoPost("Leo", "administrator", Role.ADMINISTRATOR),
    ]


def _named(authorities: list[Authority], slug: str) -> Authority | None:
    return next((a for a in authorities if a.slug == slug), None)


def colleagues(register: Register) -> Iterator[DemoPost]:
    """Officers of every council who did the past's work; they have no password."""
    for name, authority in zip(_COLLEAGUES * 2, register.authorities.values(), strict=False):
        yield DemoPost(f"{name}-{authority.slug}", f"officer, {authority.name}", Role.OFFICER, authority.slug)


def add_staff(session: Session, register: Register, now: datetime) -> dict[str, StaffUser]:
    """Everybody, by the slug of the council they work cases for; the front desk's people by name."""
    shared_hash = hash_password(PASSWORD)
    found: dict[str, StaffUser] = {}
    people = [(post, shared_hash) for post in signing_in(register)] + [(post, None) for post in colleagues(register)]
    for post, password_hash in people:
        authority = register.by_slug(post.authority) if post.authority else None
        staff = StaffUser(email=post.email, name=post.name.split("-")[0], password_hash=password_hash, created_at=now)
        staff.appointments = [
            Appointment(
                role=post.role,
                authority_gss=authority.gss if authority else None,
                team=post.team,
                office_slug=post.office,
                starts_on=london_day(now).replace(month=1, day=1).replace(year=london_day(now).year - 1),
            )
        ]
        session.add(staff)
        found.setdefault(post.authority or post.name, staff)
    session.flush()
    return found
