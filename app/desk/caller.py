"""Who it is, as the call form says: checked, and put together with the record that was chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.citizen.answers import AnswerError, read_email
from app.desk.call_form import NONE_SAFE, CallerFields
from cases.access import Actor
from cases.actions.given import PersonGiven, SafeWays
from cases.actions.kit import Kit
from cases.errors import NotFoundError
from cases.models.person import ContactPointKind, Person
from cases.phones import PhoneError, read_phone
from cases.postcodes.text import find_postcodes
from cases.queries.desk import get_person_for

LONGEST_NAME = 200


@dataclass
class Faults:
    """What is wrong, in the order of the page: field id → a plain sentence."""

    by_field: dict[str, str] = field(default_factory=dict)

    def add(self, field_id: str, message: str) -> None:
        self.by_field.setdefault(field_id, message)

    def __bool__(self) -> bool:
        return bool(self.by_field)


def person_given(session: Session, kit: Kit, actor: Actor, typed: CallerFields, faults: Faults) -> PersonGiven | None:
    """The person as given; a chosen record brings its own ways to be reached, unless new ones were typed."""
    chosen = _chosen(session, actor, typed, faults)
    for name, value, what in (
        ("name", typed.name, "name"),
        ("needs", typed.needs, "note"),
        ("hours", typed.hours, "note"),
    ):
        if len(value.strip()) > LONGEST_NAME:
            faults.add(name, f"Use a shorter {what}: at most {LONGEST_NAME} characters")
    if len(typed.address.strip()) > 1000:
        faults.add("address", "Use a shorter address: at most 1,000 characters")
    phone = _phone(typed, faults)
    email = _email(typed, faults)
    if typed.is_blank:
        return None
    address = typed.address.strip()
    own = _own_ways(chosen) if chosen else {}
    found = find_postcodes(address, kit.triage.postcodes()) if address else []
    return PersonGiven(
        person_id=chosen.id if chosen else None,
        kind=chosen.kind if chosen else PersonGiven().kind,
        name=typed.name.strip()[:LONGEST_NAME] or (chosen.name if chosen else None) or None,
        organisation=chosen.organisation if chosen else None,
        phone=phone or own.get(ContactPointKind.PHONE),
        phone_is_shared=typed.is_shared,
        email=email or own.get(ContactPointKind.EMAIL),
        address=address or own.get(ContactPointKind.ADDRESS),
        postcode=found[-1].postcode if found else None,
        language=typed.language.strip()[:80] or (chosen.language if chosen else None),
        needs=typed.needs.strip()[:LONGEST_NAME] or (chosen.needs if chosen else None),
        safe=_safe(typed),
    )


def _chosen(session: Session, actor: Actor, typed: CallerFields, faults: Faults) -> Person | None:
    if typed.person_id is None:
        return None
    try:
        return get_person_for(session, actor, typed.person_id)
    except NotFoundError:
        faults.add("find", "That person’s record is not there any more. Search again, or take their name")
        return None


def _own_ways(person: Person) -> dict[ContactPointKind, str]:
    """The newest of each; a phone as E.164."""
    return {p.kind: p.value_key if p.kind is ContactPointKind.PHONE else p.value for p in person.contact_points}


def _phone(typed: CallerFields, faults: Faults) -> str | None:
    if not typed.phone.strip():
        return None
    try:
        return read_phone(typed.phone.strip()).e164
    except PhoneError as error:
        faults.add("phone", f"{error}, or leave it empty")
        return None


def _email(typed: CallerFields, faults: Faults) -> str | None:
    if not typed.email.strip():
        return None
    try:
        return read_email(typed.email.strip())
    except AnswerError as error:
        faults.add("email", f"{error}, or leave it empty")
        return None


def _safe(typed: CallerFields) -> SafeWays:
    """Nothing is safe unless it was ticked, and "none of these" wins over a tick left by mistake."""
    if NONE_SAFE in typed.safe:
        return SafeWays()
    ways = {way: way in typed.safe for way in ("text", "call", "voicemail", "letter", "email")}
    return SafeWays(**ways, hours=typed.hours.strip()[:LONGEST_NAME] or None)
