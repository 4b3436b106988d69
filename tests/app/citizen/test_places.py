"""Finding the property, the council, and what has been reported already."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.database import write_transaction
from app.wiring import the_catalogue
from cases.models.case import CaseRole, RoleKind
from cases.models.contact import Matter, MatterOutcome
from cases.models.place import Address, Place
from tests.app.citizen.test_reporting import POTHOLE
from tests.app.citizen.visiting import BOLSOVER, HUCKNALL, NOTTINGHAM, NOWHERE, Visitor, all_rows, cases_in, first_row
from tests.app.conftest import StandingClock

BEFORE_BIN: dict[str, dict[str, str | list[str]]] = {
    "before/day-over": {"answer": "no"},
    "before/right-day": {"answer": "yes"},
    "before/out-in-time": {"answer": "yes"},
    "before/tag": {"answer": "no"},
    "before/right-container": {"answer": "container"},
}


@pytest.fixture
def add_address(app: Flask) -> Callable[..., None]:
    def add(uprn: str, line: str, postcode: str = HUCKNALL, district: str | None = "E07000170") -> None:
        with app.app_context(), write_transaction() as session:
            session.add(Address(uprn=uprn, line=line, postcode=postcode, sort_key=line, district_gss=district))

    return add


def test_property_is_chosen_where_the_council_has_loaded_its_list(
    app: Flask, visitor: Visitor, add_address: Callable[..., None]
) -> None:
    add_address("100", "1 Annesley Road, Hucknall")
    add_address("200", "2 Annesley Road, Hucknall")
    visitor.start("missed-bin")
    visitor.answer_until("place", BEFORE_BIN)
    visitor.press(postcode=HUCKNALL)
    assert visitor.step == "place/address"
    visitor.press()
    assert visitor.page.status_code == 422
    visitor.press(address="200")
    assert visitor.step == "responsible"
    assert "Ashfield District Council" in visitor.text


def test_property_that_is_not_listed_is_described(
    app: Flask, visitor: Visitor, add_address: Callable[..., None]
) -> None:
    add_address("100", "1 Annesley Road, Hucknall")
    visitor.start("missed-bin")
    visitor.answer_until("place", BEFORE_BIN)
    visitor.press(postcode=HUCKNALL)
    visitor.press(address="not-listed")
    assert visitor.step == "place/number"
    visitor.press(number="12a", street="New Street")
    assert visitor.step == "responsible"


def test_property_without_a_postcode_is_found_by_its_town(app: Flask, visitor: Visitor) -> None:
    visitor.start("missed-bin")
    visitor.answer_until("place", BEFORE_BIN)
    visitor.press(way="unknown")
    assert visitor.step == "place/described"
    visitor.press(number="12", street="Annesley Road", town="Hucknall")
    assert visitor.step == "responsible"
    assert "Ashfield District Council" in visitor.text


def test_unknown_postcode_of_a_property_leads_to_the_street(visitor: Visitor) -> None:
    visitor.start("missed-bin")
    visitor.answer_until("place", BEFORE_BIN)
    visitor.press(postcode=NOWHERE)
    assert "Go on without this postcode" in visitor.text
    visitor.press(postcode=NOWHERE, way="without")
    assert visitor.step == "place/described"


def test_somebody_without_an_address_chooses_the_area(visitor: Visitor) -> None:
    service = the_catalogue().services["domestic-abuse"]
    visitor.start(service.slug)
    visitor.answer_anything_until(("place",), service, {})
    visitor.press(way="no-address")
    assert visitor.step == "place/no-address"
    visitor.press(area="E07000174")
    assert visitor.step not in ("place", "place/no-address", "area")


def send_pothole(visitor: Visitor) -> None:
    visitor.start("pothole")
    visitor.answer_until("check", {**POTHOLE, "already-reported": {"report": "different"}})
    visitor.press()


def test_what_is_reported_already_can_be_joined(app: Flask, visitor: Visitor) -> None:
    send_pothole(Visitor(app))
    ((first, _),) = cases_in(app)
    visitor.start("pothole")
    visitor.answer_until("already-reported", POTHOLE)
    assert "Annesley Road" in visitor.text
    assert "reported on 20 November 2026" in visitor.text
    assert "Jo Example" not in visitor.text
    assert first.reference not in visitor.page.text.replace("-", "")
    visitor.press(report=str(first.id))
    visitor.answer_until("check", {"details": {"phone": "07700 900456"}, "safe-ways": {"ways": ["text"]}})
    visitor.press()
    assert visitor.step == "sent"
    assert "Added to the report" in visitor.heading
    assert "PIN" not in visitor.text
    assert len(cases_in(app)) == 1
    assert RoleKind.FOLLOWER in [role.role for role in all_rows(app, CaseRole)]
    assert [m.outcome for m in all_rows(app, Matter)] == [MatterOutcome.CASE_OPENED, MatterOutcome.ADDED_TO_CASE]


def test_mine_is_different_goes_on_with_the_form(app: Flask, visitor: Visitor) -> None:
    send_pothole(Visitor(app))
    send_pothole(visitor)
    assert len(cases_in(app)) == 2


def test_case_number_that_was_not_offered_cannot_be_joined(app: Flask, visitor: Visitor) -> None:
    send_pothole(Visitor(app))
    visitor.start("pothole")
    visitor.answer_until("already-reported", POTHOLE)
    visitor.press(report="999")
    assert visitor.page.status_code == 422


def test_old_report_is_not_offered(app: Flask, visitor: Visitor, clock: StandingClock) -> None:
    send_pothole(Visitor(app))
    clock.advance(days=31)
    visitor.start("pothole")
    visitor.answer_until("questions/road-kind", POTHOLE)


def test_council_is_chosen_where_the_service_asks_for_one(app: Flask, visitor: Visitor) -> None:
    service = the_catalogue().services["complaint"]
    visitor.start(service.slug)
    visitor.answer_anything_until(("council",), service, {})
    assert "Rushcliffe Borough Council" in visitor.text
    visitor.press()
    assert visitor.page.status_code == 422
    visitor.press(council="other", other="Derbyshire County Council")
    assert visitor.step == "elsewhere"
    assert "Derbyshire" in visitor.text


def test_council_that_nobody_knows_is_found_by_the_postcode(visitor: Visitor) -> None:
    service = the_catalogue().services["complaint"]
    visitor.start(service.slug)
    visitor.answer_anything_until(("council",), service, {})
    visitor.press(council="unknown")
    assert visitor.step == "place"
    visitor.press(postcode=NOTTINGHAM)
    assert visitor.step == "responsible"
    assert "Nottingham City Council" in visitor.text


def test_council_tax_question_reaches_the_district(app: Flask, visitor: Visitor) -> None:
    service = the_catalogue().services["council-tax-bill-query"]
    visitor.start(service.slug)
    answers: dict[str, dict[str, str | list[str]]] = {
        "place": {"postcode": HUCKNALL},
        "place/number": {"number": "12", "street": "Annesley Road"},
        "details": {"name": "Jo Example", "email": "jo@example.com"},
        "safe-ways": {"ways": ["email"]},
    }
    visitor.answer_anything_until(("check",), service, answers)
    visitor.press()
    assert [queue for _, queue in cases_in(app)] == ["ashfield-council-tax"]
    assert first_row(app, Place).number == "12"


def test_service_that_needs_an_answer_asks_for_a_way_to_give_it(visitor: Visitor) -> None:
    service = the_catalogue().services["council-tax-bill-query"]
    visitor.start(service.slug)
    answers: dict[str, dict[str, str | list[str]]] = {
        "place": {"postcode": HUCKNALL},
        "place/number": {"number": "12", "street": "Annesley Road"},
    }
    visitor.answer_anything_until(("details",), service, answers)
    visitor.press()
    assert "Enter your name" in visitor.text
    assert "Enter a phone number, an email address or a postal address" in visitor.text
    visitor.press(name="Jo Example", phone="0115 496 0123")
    assert visitor.step == "safe-ways"
    assert "Text messages" not in visitor.text, "a landline takes none"
    visitor.press()
    assert "Choose at least one way" in visitor.text


@pytest.mark.parametrize(
    ("postcode", "says"),
    [
        (HUCKNALL, "Two councils work at NG15 7AA"),
        (NOTTINGHAM, "One council does everything at NG1 5DT"),
        (BOLSOVER, "outside the area of Nottinghamshire Councils"),
        ("JE2 3AB", "not part of the UK"),
        (NOWHERE, "We do not know the postcode NG99 9ZZ"),
        ("hello", "Enter a full UK postcode"),
    ],
)
def test_find_your_council_says_who_does_what(visitor: Visitor, postcode: str, says: str) -> None:
    visitor.go("/find-your-council")
    visitor.press(postcode=postcode)
    assert says in visitor.text
    assert visitor.path == "/find-your-council"
    assert all_rows(visitor.app, Place) == []
