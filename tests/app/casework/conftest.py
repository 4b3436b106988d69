"""Councils' staff and cases, made through the actions that every door calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.database import write_transaction
from app.wiring import after_upgrade, the_kit
from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven, SafeWays
from cases.actions.record_contact import record_contact
from cases.models.contact import Channel
from cases.models.place import PlaceKind
from cases.models.staff import Appointment, Role, StaffUser
from tests.app.conftest import StandingClock
from tests.app.doors import NOON, sign_in

COUNTY, ASHFIELD = "E10000024", "E07000170"
POSTCODE = "NG15 7QL"  # Hucknall, in Ashfield


@dataclass(frozen=True)
class Made:
    """A case as its person knows it."""

    id: int
    reference: str
    pin: str | None

    @property
    def path(self) -> str:
        return f"/staff/cases/{self.reference}"


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    """With the councils and their queues, as ``db upgrade`` leaves them."""
    app = make_app(settings)
    with app.app_context(), write_transaction() as session:
        after_upgrade(session)
    return app


NewCase = Callable[..., Made]
SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def new_case(app: Flask, clock: StandingClock) -> NewCase:
    """Opens a case as a door does; the person gave a phone that is safe to text unless told otherwise."""

    def make(service: str = "pothole", text: str = "Large pothole outside the chip shop", **given: object) -> Made:
        person = given.pop("person", person_given())
        high_street = PlaceGiven(
            PlaceKind.STREET, said="High Street, Hucknall", postcode=POSTCODE, street="High Street"
        )
        with app.app_context(), write_transaction() as session:
            matter = NewMatter(
                text=text,
                service=service,
                place=given.pop("place", high_street),  # type: ignore[arg-type]
                council=given.pop("council", ASHFIELD),  # type: ignore[arg-type]
                answers=given.pop("answers", {}),  # type: ignore[arg-type]
                join_case_id=given.pop("join_case_id", None),  # type: ignore[arg-type]
            )
            contact = NewContact(
                channel=Channel(given.pop("channel", "web")),
                matters=(matter,),
                received_at=clock.now(),
                person=person,  # type: ignore[arg-type]
                **given,  # type: ignore[arg-type]
            )
            result = record_contact(session, the_kit(), contact, now=clock.now()).results[0]
            assert result.case is not None
            return Made(result.case.id, result.case.reference, result.pin)

    return make


def person_given(**fields: object) -> PersonGiven:
    whole: dict[str, object] = {
        "name": "Mary Example",
        "phone": "+447700900123",
        "phone_is_verified": True,
        "safe": SafeWays(text=True, call=True),
    }
    return PersonGiven(**(whole | fields))  # type: ignore[arg-type]


@pytest.fixture
def officer(app: Flask, password_hash: str) -> SignedIn:
    """A signed-in browser of somebody who works for a council (or, for None, at the front desk)."""

    def make(gss: str | None = COUNTY, *, role: Role = Role.OFFICER, name: str = "Ada Officer") -> FlaskClient:
        email = name.lower().replace(" ", ".") + "@example.org"
        with app.app_context(), write_transaction() as session:
            staff = StaffUser(email=email, name=name, password_hash=password_hash, created_at=NOON, session_epoch=0)
            staff.appointments = [Appointment(role=role, authority_gss=gss, starts_on=date(2026, 1, 1))]
            session.add(staff)
        client = app.test_client()
        assert sign_in(client, email=email).status_code == 302
        return client

    return make
