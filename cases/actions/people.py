"""Finding or making the person record of a controller, and its contact points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Exists, exists, not_, select
from sqlalchemy.orm import Session

from cases.actions.given import PersonGiven
from cases.models.case import Case, CaseRole
from cases.models.person import ContactPoint, ContactPointKind, Person


def name_key(name: str | None) -> str | None:
    return " ".join((name or "").casefold().split())[:200] or None


@dataclass(frozen=True)
class Known:
    """A person record with the contact point that answers should go to."""

    person: Person
    contact_point: ContactPoint | None


def find_or_make_person(
    session: Session,
    given: PersonGiven,
    controller_gss: str | None,
    now: datetime,
    *,
    apart: bool = False,
    of_case_id: int | None = None,
) -> Known:
    """The controller's record of this person.

    An existing record is used when staff chose it, or when a phone or e-mail and the name agree (for a bare text
    message, the phone alone when only one record has it and it is not shared). Else a new one: two records of one
    human are a nuisance, one record of two humans is a breach.

    ``apart``: it is about something sensitive. Only a record of such a case is used, and no other matter finds it by
    itself: a new number told in confidence is not shown with a pothole, and who knows somebody's name and number
    cannot call a way safe that is not.
    """
    if apart and of_case_id is None:
        given = _without_ordinary_record(session, given)
    person = _chosen(session, given, controller_gss, now, apart=apart) or _same(
        session, given, controller_gss, apart=apart, of_case_id=of_case_id
    )
    if person is None:
        person = Person(
            kind=given.kind,
            controller_gss=controller_gss,
            name=given.name,
            name_key=name_key(given.name),
            organisation=given.organisation,
            language=given.language,
            needs=given.needs,
            created_at=now,
        )
        session.add(person)
        session.flush()
    elif given.needs:
        person.needs = given.needs
    points = _points(session, person, given, controller_gss, now)
    return Known(person, _to_use(points, given))


def _without_ordinary_record(session: Session, given: PersonGiven) -> PersonGiven:
    """What staff chose is not added to, unless it is kept apart already; its own ways came with ``given``."""
    chosen = session.get(Person, given.person_id) if given.person_id else None
    if chosen is None or session.scalar(select(Person.id).where(Person.id == chosen.id, _stands_in_private())):
        return given
    return replace(given, person_id=None, needs=given.needs or chosen.needs)


def _stands_in_private() -> Exists:
    return exists().where(CaseRole.person_id == Person.id, Case.id == CaseRole.case_id, Case.is_sensitive)


def _chosen(
    session: Session, given: PersonGiven, controller_gss: str | None, now: datetime, *, apart: bool
) -> Person | None:
    person = session.get(Person, given.person_id) if given.person_id else None
    return record_for_controller(session, person, controller_gss, now, apart=apart) if person else None


def _same(
    session: Session,
    given: PersonGiven,
    controller_gss: str | None,
    *,
    apart: bool = False,
    of_case_id: int | None = None,
) -> Person | None:
    if apart and of_case_id is None:
        return None
    in_case = exists().where(CaseRole.person_id == Person.id, CaseRole.case_id == of_case_id)
    may_be_used = in_case if apart else not_(_stands_in_private())
    keys = [(ContactPointKind.PHONE, given.phone), (ContactPointKind.EMAIL, (given.email or "").lower() or None)]
    for kind, key in keys:
        if not key:
            continue
        query = (
            select(Person)
            .join(ContactPoint)
            .where(ContactPoint.kind == kind, ContactPoint.value_key == key, Person.blanked_at.is_(None))
            .where(may_be_used)
            .where(Person.controller_gss == controller_gss if controller_gss else Person.controller_gss.is_(None))
            .order_by(Person.id)
        )
        found = session.scalars(query.limit(20)).unique().all()
        if given.name:
            named = [p for p in found if p.name_key == name_key(given.name)]
            if named:
                return named[0]
        elif len(found) == 1 and not given.phone_is_shared and not any(c.is_shared for c in found[0].contact_points):
            return found[0]
    return None


def _points(
    session: Session, person: Person, given: PersonGiven, controller_gss: str | None, now: datetime
) -> list[ContactPoint]:
    wanted = [
        (ContactPointKind.PHONE, given.phone, given.phone),
        (ContactPointKind.EMAIL, given.email, (given.email or "").lower()),
        # As much of an address as an index of PostgreSQL can hold.
        (ContactPointKind.ADDRESS, given.address, " ".join((given.address or "").casefold().split())[:200]),
    ]
    points = []
    for kind, value, key in wanted:
        if not value or not key:
            continue
        point = next((p for p in person.contact_points if p.kind is kind and p.value_key == key), None)
        if point is None:
            point = ContactPoint(
                kind=kind,
                controller_gss=controller_gss,
                value=value,
                value_key=key,
                postcode=given.postcode if kind is ContactPointKind.ADDRESS else None,
                is_shared=given.phone_is_shared and kind is ContactPointKind.PHONE,
                created_at=now,
            )
            person.contact_points.append(point)
        _mark_safe(point, given)
        if kind is ContactPointKind.PHONE and given.phone_is_verified and point.verified_at is None:
            point.verified_at = now
        points.append(point)
    session.flush()
    return points


def _mark_safe(point: ContactPoint, given: PersonGiven) -> None:
    """What was said last holds: a way no longer named as safe stops being used."""
    safe = given.safe
    if point.kind is ContactPointKind.PHONE:
        point.safe_text, point.safe_call, point.safe_voicemail = safe.text, safe.call, safe.voicemail
    elif point.kind is ContactPointKind.EMAIL:
        point.safe_email = safe.email
    else:
        point.safe_letter = safe.letter
    point.safe_hours = safe.hours


def _to_use(points: list[ContactPoint], given: PersonGiven) -> ContactPoint | None:
    """The point that answers by themselves may go to: a text before an e-mail, and only what is safe."""
    for point in points:
        if point.kind is ContactPointKind.PHONE and point.safe_text:
            return point
    for point in points:
        if point.kind is ContactPointKind.EMAIL and point.safe_email:
            return point
    return points[0] if points else None


def record_for_controller(
    session: Session, person: Person, controller_gss: str | None, now: datetime, *, apart: bool = False
) -> Person:
    """The twin of this person at another controller, made when there is none: records are not shared.

    ``apart``: always a new one. A way to reach them that both records have is safe only where both say so.
    """
    if person.controller_gss == controller_gss:
        return person
    phone = next((p for p in person.contact_points if p.kind is ContactPointKind.PHONE), None)
    given = PersonGiven(name=person.name, phone=phone.value_key if phone else None)
    twin = _same(session, given, controller_gss) if phone and person.name and not apart else None
    if twin is None:
        twin = Person(
            kind=person.kind,
            controller_gss=controller_gss,
            name=person.name,
            name_key=person.name_key,
            organisation=person.organisation,
            language=person.language,
            needs=person.needs,
            created_at=now,
        )
        session.add(twin)
    have = {(p.kind, p.value_key): p for p in twin.contact_points}
    for point in person.contact_points:
        if same := have.get((point.kind, point.value_key)):
            _narrow(same, point)
        else:
            twin.contact_points.append(_copy(point, controller_gss, now))
    session.flush()
    return twin


_COPIED = (
    *("kind", "value", "value_key", "postcode", "is_preferred", "is_shared", "safe_text", "safe_call"),
    *("safe_voicemail", "safe_letter", "safe_email", "safe_hours", "verified_at", "opted_out_at"),
)

_SAFE = ("safe_text", "safe_call", "safe_voicemail", "safe_letter", "safe_email")


def _narrow(point: ContactPoint, other: ContactPoint) -> None:
    for name in _SAFE:
        setattr(point, name, getattr(point, name) and getattr(other, name))
    point.safe_hours = point.safe_hours or other.safe_hours
    point.is_shared = point.is_shared or other.is_shared
    point.opted_out_at = point.opted_out_at or other.opted_out_at


def _copy(point: ContactPoint, controller_gss: str | None, now: datetime) -> ContactPoint:
    fields = {name: getattr(point, name) for name in _COPIED}
    return ContactPoint(controller_gss=controller_gss, created_at=now, **fields)
