"""What the doors hand over, for tests: one person, one pothole, and changes to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven, SafeWays
from cases.actions.kit import Kit
from cases.actions.record_contact import Recorded, record_contact
from cases.models import Case, Channel, Message, PlaceKind
from tests.cases.places import IN_ASHFIELD, NOON

PHONE, EMAIL = "+447700900123", "ann@example.org"
ALL_SAFE = SafeWays(text=True, call=True, voicemail=True, letter=True, email=True)


def person(**given: Any) -> PersonGiven:
    return PersonGiven(**{"name": "Ann Example", "phone": PHONE, "safe": ALL_SAFE, **given})


def place(postcode: str = IN_ASHFIELD, **given: Any) -> PlaceGiven:
    return PlaceGiven(**{"kind": PlaceKind.POSTCODE, "said": postcode, "postcode": postcode, **given})


def matter(service: str | None = "pothole", **given: Any) -> NewMatter:
    return NewMatter(**{"text": "Large pothole by the shops", "service": service, "place": place(), **given})


def contact(*matters: NewMatter, **given: Any) -> NewContact:
    whole = {"channel": Channel.WEB, "received_at": NOON, "person": person(), **given}
    return NewContact(matters=matters or (matter(),), **whole)


def record(session: Session, kit: Kit, *matters: NewMatter, **given: Any) -> Recorded:
    return record_contact(session, kit, contact(*matters, **given), now=given.get("received_at", NOON))


def open_one(session: Session, kit: Kit, *matters: NewMatter, **given: Any) -> Case:
    (case,) = record(session, kit, *matters, **given).cases
    return case


def messages(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.id)))
