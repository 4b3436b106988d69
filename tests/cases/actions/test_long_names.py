"""Names that grow when they are folded for looking up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.models import PlaceKind
from cases.queries.already_reported import find_open_reports
from tests.cases.contacts import matter, open_one, person, place
from tests.cases.places import ASHFIELD, NOON

STREET = "ß" * 200


def test_a_street_that_is_longer_in_small_letters_is_kept_and_found(session: Session, kit: Kit) -> None:
    here = place(kind=PlaceKind.STREET, street=STREET, district=ASHFIELD)
    case = open_one(session, kit, matter(place=here))
    found = find_open_reports(
        session, "pothole", 30, NOON + timedelta(days=1), postcode=None, street=STREET, district_gss=ASHFIELD
    )
    assert [report.case_id for report in found] == [case.id]


def test_a_persons_name_that_is_longer_in_small_letters_is_kept(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, person=person(name="ß" * 200))
    assert case.roles[0].person.name == "ß" * 200


def test_an_address_longer_than_an_index_holds_is_kept(session: Session, kit: Kit) -> None:
    address = "".join(chr(0x4E00 + n * 7_919 % 20_000) for n in range(1_000))  # nothing that could be squeezed
    case = open_one(session, kit, person=person(address=address))
    assert address in [point.value for point in case.roles[0].person.contact_points]
