"""Finding cases by what a caller can say: a reference, a phone number, an e-mail address, a postcode or a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from cases.access import Actor, cases_seen_at_desk_by, cases_worked_by
from cases.actions.people import name_key
from cases.models.case import Case, CaseRole
from cases.models.person import ContactPoint, ContactPointKind, Person
from cases.models.place import Place
from cases.phones import find_phone
from cases.postcodes.text import normalise
from cases.queries.queues import CaseLine, lines_of
from cases.queries.stubs import Stub, find_stub_for
from cases.references import find_references, read_reference

SHORTEST = 2
LONGEST = 200
MOST_FITTING = 500


@dataclass(frozen=True)
class Found:
    """``looked_for`` says how the text was read. ``openable`` holds the ids whose case page the actor may open."""

    looked_for: str
    lines: tuple[CaseLine, ...] = ()
    openable: frozenset[int] = frozenset()
    stub: Stub | None = None


def find_cases_for(session: Session, actor: Actor, text: str, now: datetime) -> Found:
    """The newest fifty cases that fit, among those the actor works or, at the desk, may tell a caller about."""
    text = " ".join(text.split())[:LONGEST]
    looked_for, condition = _read(text)
    if condition is None:
        return Found(looked_for)
    # First what fits, then who may see it: asked together, the databases walk through every case of the council.
    fitting = session.scalars(_near(actor, condition).order_by(Case.id.desc()).limit(MOST_FITTING)).all()
    seen = or_(cases_worked_by(actor), cases_seen_at_desk_by(actor))
    lines = lines_of(session, actor, now, [Case.id.in_(fitting), seen]).lines if fitting else ()
    openable = frozenset(
        session.scalars(select(Case.id).where(Case.id.in_([line.id for line in lines]), cases_worked_by(actor)))
        if lines
        else ()
    )
    reference = _reference(text)
    stub = find_stub_for(session, actor, reference) if reference and not lines else None
    return Found(looked_for, lines, openable, stub)


def _near(actor: Actor, condition: ColumnElement[bool]) -> Select[int]:
    """The actor's own councils' cases, so that others' do not fill the page; the front desk looks everywhere.

    ``+ ""`` keeps the databases from beginning with the council, which most cases share.
    """
    query = select(Case.id).where(condition)
    if actor.at_front_desk:
        return query
    return query.where((Case.authority_gss + "").in_(sorted(actor.authorities | actor.desk_authorities)))


def _reference(text: str) -> str | None:
    return read_reference(text) or next(iter(find_references(text)), None)


def _read(text: str) -> tuple[str, ColumnElement[bool] | None]:
    if reference := _reference(text):
        return "reference", Case.reference == reference
    if "@" in text:
        return "email", _by_point(ContactPointKind.EMAIL, text.lower())
    if phone := find_phone(text):
        return "phone", _by_point(ContactPointKind.PHONE, phone.e164)
    if postcode := normalise(text):
        lives = select(CaseRole.case_id).join(ContactPoint, ContactPoint.person_id == CaseRole.person_id)
        return "postcode", or_(
            Case.place_id.in_(select(Place.id).where(Place.postcode == postcode)),
            Case.id.in_(lives.where(ContactPoint.postcode == postcode)),
        )
    key = name_key(text)
    if key is None or len(key) < SHORTEST or not any(letter.isalpha() for letter in key):
        return "nothing", None
    return "name", Case.id.in_(_named(key))


def _by_point(kind: ContactPointKind, key: str) -> ColumnElement[bool]:
    roles = select(CaseRole.case_id).join(ContactPoint, ContactPoint.person_id == CaseRole.person_id)
    return Case.id.in_(roles.where(ContactPoint.kind == kind, ContactPoint.value_key == key))


def _named(key: str) -> Select[int]:
    """Every word must begin a word of the name, in any order."""
    query = select(CaseRole.case_id).join(Person, Person.id == CaseRole.person_id)
    for word in key.split():
        start = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        query = query.where(
            or_(Person.name_key.like(f"{start}%", escape="\\"), Person.name_key.like(f"% {start}%", escape="\\"))
        )
    return query
