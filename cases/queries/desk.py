"""What the desk needs while somebody waits: who this is, and what of theirs is open already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased, selectinload

from cases.access import Actor, cases_seen_at_desk_by
from cases.actions.given import SafeWays
from cases.actions.people import name_key
from cases.errors import NotFoundError
from cases.models.authority import Office, Queue
from cases.models.case import Case, CaseRole, CaseStatus, Event, RoleKind
from cases.models.contact import Contact, Matter
from cases.models.person import ContactPoint, ContactPointKind, Person
from cases.phones import find_phone
from cases.references import read_reference

SHORTEST_NAME = 2
FEWEST_DIGITS = 5
LONGEST = 200
MOST_CASES = 20
_LONGEST_E164 = 16
# Whoever got in touch; never the person complained about, nor a witness.
_CALLERS = (RoleKind.REPORTER, RoleKind.ACTING_FOR, RoleKind.FOLLOWER)


@dataclass(frozen=True)
class CallerRecord:
    """One controller's record of somebody, as far as the desk needs it to be sure who is speaking.

    The hints are enough to check an answer against ("which number do we have?") and too little to learn from.
    """

    person_id: int
    name: str
    council_gss: str | None
    phone_hint: str | None
    email_hint: str | None
    postcode_hint: str | None
    safe: SafeWays
    language: str | None
    needs: str | None

    @property
    def hints(self) -> tuple[str, ...]:
        return tuple(hint for hint in (self.phone_hint, self.email_hint, self.postcode_hint) if hint)


@dataclass(frozen=True)
class DeskCase:
    """What may be said about a case to somebody on the line."""

    case_id: int
    reference: str
    service_slug: str | None
    status: CaseStatus
    authority_gss: str | None
    received_at: datetime
    due_at: datetime
    is_sensitive: bool

    def is_overdue(self, now: datetime) -> bool:
        return self.status is not CaseStatus.CLOSED and self.due_at < now


def find_people_for(session: Session, actor: Actor, text: str, limit: int = 8) -> list[CallerRecord]:
    """Records that a phone number (or its beginning), a name or a case's reference fits; each council's by itself.

    Two queries at most for a number or a reference, three for a name.
    """
    text = " ".join(text.split())[:LONGEST]
    if reference := read_reference(text):
        return _records(session, _people(actor).where(Person.id.in_(_people_of_case(actor, reference))), limit)
    if digits := _phone_prefix(text):
        return _records(session, _people(actor).where(Person.id.in_(_people_with_phone(digits))), limit)
    key = name_key(text)
    if key is None or len(key) < SHORTEST_NAME or not any(letter.isalpha() for letter in key):
        return []
    found = _records(session, _people(actor).where(_starts(session, key)), limit)
    if len(found) < limit and (len(found) == 0 or " " not in key):
        have = {record.person_id for record in found}
        later = _records(session, _people(actor).where(*_each_word(key)), limit + len(have))
        found += [record for record in later if record.person_id not in have]
    return found[:limit]


def get_person_for(session: Session, actor: Actor, person_id: int) -> Person:
    """The record itself, with its contact points. Raises NotFoundError for one the actor may not see."""
    person = session.scalar(_people(actor).where(Person.id == person_id))
    if person is None:
        raise NotFoundError("We cannot find that person.")
    return person


def record_of(person: Person) -> CallerRecord:
    """Reads what is loaded: no query of its own when the contact points are there."""
    points = {kind: _of_kind(person, kind) for kind in ContactPointKind}
    phones, emails, addresses = (points[kind] for kind in ContactPointKind)
    return CallerRecord(
        person_id=person.id,
        name=person.name or person.organisation or "Name not given",
        council_gss=person.controller_gss,
        phone_hint=f"number ending {phones[-1].value_key[-3:]}" if phones else None,
        email_hint=_mask_email(emails[-1].value) if emails else None,
        postcode_hint=next((p.postcode.split(" ")[0] for p in addresses if p.postcode), None),
        safe=SafeWays(
            text=any(p.safe_text for p in phones[-1:]),
            call=any(p.safe_call for p in phones[-1:]),
            voicemail=any(p.safe_voicemail for p in phones[-1:]),
            letter=any(p.safe_letter for p in addresses[-1:]),
            email=any(p.safe_email for p in emails[-1:]),
            hours=next((p.safe_hours for p in person.contact_points if p.safe_hours), None),
        ),
        language=person.language,
        needs=person.needs,
    )


def open_cases_for_person(session: Session, actor: Actor, person: Person) -> list[DeskCase]:
    """Open cases that this human got in touch about, soonest due first: one query.

    Each council keeps its own record, so the cases of records with the same name and the same phone or e-mail are
    there too, as far as the actor may see them. Sensitive cases are not, but for those who work them.
    """
    known = aliased(ContactPoint)
    shared = [(p.kind, p.value_key) for p in person.contact_points if p.kind is not ContactPointKind.ADDRESS]
    same_human: ColumnElement[bool] = Person.id == person.id
    if shared and person.name_key:
        meets = or_(*(and_(known.kind == kind, known.value_key == key) for kind, key in shared))
        twin = exists().where(known.person_id == Person.id, meets).correlate(Person)
        same_human = or_(same_human, and_(Person.name_key == person.name_key, twin))
    roles = (
        select(CaseRole.case_id)
        .join(Person, Person.id == CaseRole.person_id)
        .where(same_human, _may_see(actor), CaseRole.role.in_(_CALLERS))
    )
    query = _cases().where(Case.id.in_(roles), Case.closed_at.is_(None), cases_seen_at_desk_by(actor)).limit(MOST_CASES)
    return [DeskCase(*row) for row in session.execute(query)]


def find_desk_case_for(session: Session, actor: Actor, text: str) -> DeskCase | None:
    """The case whose reference this is, open or closed, when the actor may speak about it."""
    reference = read_reference(text)
    if reference is None:
        return None
    row = session.execute(_cases().where(Case.reference == reference, cases_seen_at_desk_by(actor))).first()
    return DeskCase(*row) if row else None


def desk_cases_by_id(session: Session, actor: Actor, case_ids: list[int]) -> list[DeskCase]:
    if not case_ids:
        return []
    query = _cases().where(Case.id.in_(case_ids), cases_seen_at_desk_by(actor))
    return [DeskCase(*row) for row in session.execute(query)]


def last_public_events(session: Session, case_id: int, limit: int = 8) -> list[Event]:
    """What a caller may be told has happened, newest first: kinds and dates, no words."""
    query = select(Event).where(Event.case_id == case_id, Event.is_public).order_by(Event.seq.desc()).limit(limit)
    return list(session.scalars(query))


def _cases() -> Select[int, str, str | None, CaseStatus, str | None, datetime, datetime, bool]:
    return select(
        Case.id,
        Case.reference,
        Case.service_slug,
        Case.status,
        Case.authority_gss,
        Case.received_at,
        Case.due_at,
        Case.is_sensitive,
    ).order_by(Case.due_at, Case.id)


def _people(actor: Actor) -> Select[Person]:
    return (
        select(Person)
        .where(_may_see(actor), Person.blanked_at.is_(None), _not_only_sensitive(actor))
        .options(selectinload(Person.contact_points))
        .order_by(Person.name_key, Person.id)
    )


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """The front desk sees all councils' records side by side, under the agreement; others their own council's."""
    if actor.at_front_desk:
        return true()
    own = sorted(actor.desk_authorities | actor.authorities)
    return Person.controller_gss.in_(own) if own else false()


def _not_only_sensitive(actor: Actor) -> ColumnElement[bool]:
    """A record that exists only because of cases nobody may be told about is itself something not to be told."""
    in_any = exists().where(CaseRole.person_id == Person.id)
    in_seen = exists().where(CaseRole.person_id == Person.id, Case.id == CaseRole.case_id, cases_seen_at_desk_by(actor))
    return or_(~in_any, in_seen)


def _people_of_case(actor: Actor, reference: str) -> Select[int]:
    return (
        select(CaseRole.person_id)
        .join(Case, Case.id == CaseRole.case_id)
        .where(Case.reference == reference, CaseRole.role.in_(_CALLERS), cases_seen_at_desk_by(actor))
    )


def _people_with_phone(prefix: str) -> Select[int]:
    """A range rather than LIKE: both databases can walk their index for it."""
    last = prefix + "9" * (_LONGEST_E164 - len(prefix))
    return select(ContactPoint.person_id).where(
        ContactPoint.kind == ContactPointKind.PHONE, ContactPoint.value_key.between(prefix, last)
    )


def _phone_prefix(text: str) -> str | None:
    """E.164, or as much of it as has been typed; None for what is no number."""
    if phone := find_phone(text):
        return phone.e164
    digits = "".join(c for c in text if c in "0123456789")
    if len(digits) < FEWEST_DIGITS or any(c.isalpha() for c in text) or len(digits) >= _LONGEST_E164:
        return None
    if text.startswith("+"):
        return "+" + digits
    return "+44" + digits.removeprefix("0") if digits.startswith("0") else None


def _starts(session: Session, key: str) -> ColumnElement[bool]:
    """Said so that each database can walk its index: PostgreSQL's for LIKE, SQLite's only for a range."""
    if session.get_bind().dialect.name == "sqlite":
        return Person.name_key.between(key, key + "\U0010ffff")
    return Person.name_key.like(_escaped(key) + "%", escape="\\")


def _each_word(key: str) -> list[ColumnElement[bool]]:
    """Every word begins a word of the name, in any order: "smi joa" finds Joanna Smith."""
    words = [_escaped(word) for word in key.split()[:6]]
    return [
        or_(Person.name_key.like(f"{w}%", escape="\\"), Person.name_key.like(f"% {w}%", escape="\\")) for w in words
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _records(session: Session, query: Select[Person], limit: int) -> list[CallerRecord]:
    return [record_of(person) for person in session.scalars(query.limit(limit))]


def _of_kind(person: Person, kind: ContactPointKind) -> list[ContactPoint]:
    return [point for point in person.contact_points if point.kind is kind]


def _mask_email(email: str) -> str:
    name, at, domain = email.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else "an e-mail address"


def offices_for(session: Session, actor: Actor) -> list[Office]:
    """The open offices that the actor may serve at."""
    query = select(Office).where(Office.is_open).order_by(Office.name)
    if not actor.at_front_desk:
        query = query.where(Office.authority_gss.in_(sorted(actor.desk_authorities)))
    return list(session.scalars(query))


def open_queues(session: Session) -> list[Queue]:
    return list(session.scalars(select(Queue).where(Queue.is_open).order_by(Queue.name)))


def contact_saved_by(session: Session, staff_id: int, contact_id: int, since: datetime) -> Contact | None:
    """What this member of staff recorded a while ago at most, with its matters."""
    query = (
        select(Contact)
        .where(Contact.id == contact_id, Contact.staff_user_id == staff_id, Contact.received_at >= since)
        .options(selectinload(Contact.matters).selectinload(Matter.case_links))
    )
    return session.scalar(query)
