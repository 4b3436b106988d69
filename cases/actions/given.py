"""What a door hands over about a contact, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from cases.models.case import RoleKind
from cases.models.contact import Channel, Openness
from cases.models.person import PersonKind
from cases.models.place import PlaceKind
from cases.triage.decision import Answer


@dataclass(frozen=True)
class SafeWays:
    """The ways somebody said are safe. Nothing is safe until it was said."""

    text: bool = False
    call: bool = False
    voicemail: bool = False
    letter: bool = False
    email: bool = False
    hours: str | None = None


@dataclass(frozen=True)
class PersonGiven:
    """A person as they gave themselves. ``phone`` is E.164; ``person_id`` an existing record that staff chose."""

    person_id: int | None = None
    kind: PersonKind = PersonKind.PERSON
    name: str | None = None
    organisation: str | None = None
    phone: str | None = None
    phone_is_shared: bool = False
    phone_is_verified: bool = False
    email: str | None = None
    address: str | None = None
    postcode: str | None = None
    language: str | None = None
    needs: str | None = None
    safe: SafeWays = field(default_factory=SafeWays)


@dataclass(frozen=True)
class PlaceGiven:
    """A deciding place. ``district`` (GSS) is given when an address settles it; it wins over the postcode."""

    kind: PlaceKind
    said: str | None = None
    postcode: str | None = None
    uprn: str | None = None
    number: str | None = None
    street: str | None = None
    district: str | None = None


@dataclass(frozen=True)
class NewMatter:
    """One question within a contact.

    ``join_case_id`` adds it to an open case as a chaser, or (``is_answer``) as the answer to what we had asked.
    ``ends`` other than ``case`` records what was said without opening one. ``queue`` (slug) with ``correction_code``
    is a member of staff overruling triage on the spot.
    """

    text: str = ""
    service: str | None = None
    place: PlaceGiven | None = None
    council: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    join_case_id: int | None = None
    is_answer: bool = False
    ends: Literal["case", "information-given", "signposted"] = "case"
    signpost: str | None = None
    queue: str | None = None
    correction_code: str | None = None


@dataclass(frozen=True)
class NewContact:
    """One time somebody got in touch. ``submission_key`` and ``inbox_item_id`` make a repeat harmless."""

    channel: Channel
    matters: tuple[NewMatter, ...]
    received_at: datetime
    person: PersonGiven | None = None
    role: RoleKind = RoleKind.REPORTER
    openness: Openness = Openness.OPEN
    staff_user_id: int | None = None
    office_id: int | None = None
    submission_key: str | None = None
    inbox_item_id: int | None = None
    language: str | None = None
