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
_OFFICERS = (
    "Priya Sandhu", "Callum Reeve", "Imogen Thwaite", "Yusuf Aydin", "Bethan Rowlands", "Marek Zelinka",
    "Agnes Whitlow", "Dev Raman", "Rosa Calder", "Hamish Drury", "Nia Prosser", "Otis Fairweather",
    "Lorna Pickard", "Sanjay Mehan", "Effie Strand", "Gareth Ibbs", "Zainab Noor", "Perry Holt",
    "Maud Ellery", "Tobias Finch", "Carys Venn", "Idris Kemble", "Hollie Marsh", "Anton Brisk",
    "Ruth Oldacre", "Jamal Pryce", "Sian Loxton", "Victor Ames", "Polly Garth", "Rohan Dale",
)  # fmt: skip
_AGENTS = ("Joel Hartshorn", "Sunita Parekh")
_AT_COUNTERS = ("Mavis Tully", "Greg Sallow", "Noor Hameed", "Beth Arkle")


@dataclass(frozen=True)
class DemoPost:
    """One member of staff; ``authority`` and ``office`` are slugs, no authority is the front desk."""

    name: str
    what: str
    role: Role
    authority: str | None = None
    team: str | None = None
    office: str | None = None
    family: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.family}".strip()

    @property
    def email(self) -> str:
        return f"{self.full_name if not self.can_sign_in else self.name}@demo.example.org".lower().replace(" ", ".")

    @property
    def can_sign_in(self) -> bool:
        return bool(self.what)


def signing_in(register: Register) -> list[DemoPost]:
    """The seven people to sign in as, at this partnership's own councils."""
    county = next(a for a in register.authorities.values() if a.tier == "county")
    districts = [a for a in register.authorities.values() if a.tier == "district"]
    waste = _named(districts, "ashfield") or districts[0]
    homes = _named(districts, "mansfield") or next((a for a in districts if a.council_homes), districts[-1])
    office = homes.offices[0] if homes.offices else None
    where = office.name if office else homes.name
    return [
        DemoPost("Megan", "contact-centre agent, for all councils", Role.AGENT, family="Fry"),
        DemoPost(
            "Winston", f"counter staff, {where}", Role.COUNTER, office=office.slug if office else None, family="Bell"
        ),
        DemoPost("Tom", f"highways officer, {county.name}", Role.OFFICER, county.slug, "highways", family="Wilder"),
        DemoPost("Shazia", f"waste officer, {waste.name}", Role.OFFICER, waste.slug, "waste", family="Qadri"),
        DemoPost(
            "Elin", f"housing officer, {homes.name}", Role.OFFICER, homes.slug, "housing-options", family="Vaughan"
        ),
        DemoPost("Grace", "supervisor of the contact centre", Role.SUPERVISOR, family="Adeyemi"),
        DemoPost("Leo", "administrator", Role.ADMINISTRATOR, family="Marsden"),
    ]


def _named(authorities: list[Authority], slug: str) -> Authority | None:
    return next((a for a in authorities if a.slug == slug), None)


def colleagues(register: Register) -> Iterator[DemoPost]:
    """Those who did the past's work at every council and its counters; they have no password."""
    people = iter(_OFFICERS)
    for authority in register.authorities.values():
        for _ in range(2):
            given, _, family = next(people).partition(" ")
            yield DemoPost(given, "", Role.OFFICER, authority.slug, family=family)
    for name in _AGENTS:
        given, _, family = name.partition(" ")
        yield DemoPost(given, "", Role.AGENT, family=family)
    offices = [office for authority in register.authorities.values() for office in authority.offices]
    taken = {post.office for post in signing_in(register)}
    for name, office in zip(_AT_COUNTERS, (o for o in offices if o.slug not in taken), strict=False):
        given, _, family = name.partition(" ")
        yield DemoPost(given, "", Role.COUNTER, office=office.slug, family=family)


class Staff:
    """Everybody who works here, and who of them does what."""

    def __init__(self, rows: list[tuple[DemoPost, StaffUser]]) -> None:
        self._rows = rows
        self.agents = [row for post, row in rows if post.role is Role.AGENT]
        self.counters = {post.office: row for post, row in rows if post.role is Role.COUNTER and post.office}

    def named(self, name: str) -> StaffUser:
        return next(row for post, row in self._rows if post.name == name)

    def officer_of(self, authority_slug: str, team: str) -> StaffUser:
        """Who works this team's cases: its own officer, else always the same one of the council's others."""
        officers = [(post, row) for post, row in self._rows if post.authority == authority_slug]
        own = [row for post, row in officers if post.team == team]
        others = [row for post, row in officers if post.team is None]
        return own[0] if own else others[sum(team.encode()) % len(others)]


def add_staff(session: Session, register: Register, now: datetime) -> Staff:
    """Everybody; only those to sign in as have a password."""
    shared_hash = hash_password(PASSWORD)
    rows: list[tuple[DemoPost, StaffUser]] = []
    for post in (*signing_in(register), *colleagues(register)):
        authority = register.by_slug(post.authority) if post.authority else None
        password_hash = shared_hash if post.can_sign_in else None
        staff = StaffUser(email=post.email, name=post.full_name, password_hash=password_hash, created_at=now)
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
        rows.append((post, staff))
    session.flush()
    return Staff(rows)
