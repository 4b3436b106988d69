"""What is decided otherwise than by where the customer lives, on both sides of the border of city and county."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.triage import Decision, Enquiry, Triage
from tests.cases.places import ASHFIELD, CITY, COUNTY, GEDLING, IN_CITY, IN_GEDLING, MANSFIELD, TODAY

QUEENS, CITY_HOSPITAL = "NG7 2UH", "NG5 1PB"
Ask = Callable[..., Decision]


@pytest.fixture
def ask(triage: Triage) -> Ask:
    return lambda **given: triage.best(Enquiry(on=TODAY, **given))


def gss(decision: Decision) -> str | None:
    return decision.authority.gss if decision.authority else None


@pytest.mark.parametrize("last_address", [IN_CITY, IN_GEDLING, None])
@pytest.mark.parametrize(("approached", "expected"), [("nottingham", CITY), ("gedling", GEDLING)])
def test_homelessness_is_for_the_council_approached_and_never_for_that_of_the_last_address(
    ask: Ask, approached: str, expected: str, last_address: str | None
) -> None:
    assert gss(ask(service="homelessness", council=approached, postcode=last_address)) == expected


@pytest.mark.parametrize(("child_lives", "expected"), [(IN_CITY, CITY), (IN_GEDLING, COUNTY)])
def test_a_school_place_is_for_the_council_where_the_child_lives(ask: Ask, child_lives: str, expected: str) -> None:
    assert gss(ask(service="school-admissions", postcode=child_lives)) == expected


@pytest.mark.parametrize(("school_lies", "expected"), [(IN_CITY, CITY), (IN_GEDLING, COUNTY)])
def test_a_school_place_during_the_year_is_for_the_schools_council(
    ask: Ask, triage: Triage, school_lies: str, expected: str
) -> None:
    assert "school" in (triage.catalogue.services["school-place-in-year"].place.ask or "")
    assert gss(ask(service="school-place-in-year", postcode=school_lies)) == expected


@pytest.mark.parametrize("hospital", [QUEENS, CITY_HOSPITAL])
def test_a_birth_in_one_of_nottinghams_hospitals_can_be_registered_with_the_county(ask: Ask, hospital: str) -> None:
    decision = ask(service="register-birth", postcode=hospital)
    assert (gss(decision), decision.rule) == (COUNTY, "agreement:births-at-nottingham-hospitals")


def test_parents_who_choose_the_city_for_a_birth_in_its_hospital_are_left_there(ask: Ask) -> None:
    assert gss(ask(service="register-birth", postcode=QUEENS, council="nottingham")) == CITY


@pytest.mark.parametrize(("born_at", "expected"), [(IN_CITY, CITY), (IN_GEDLING, COUNTY)])
def test_a_birth_elsewhere_is_registered_where_it_happened(ask: Ask, born_at: str, expected: str) -> None:
    assert gss(ask(service="register-birth", postcode=born_at)) == expected


@pytest.mark.parametrize("lives", [IN_CITY, IN_GEDLING])
@pytest.mark.parametrize(
    ("issuer", "expected"), [("nottingham", CITY), ("gedling", COUNTY), ("nottinghamshire", COUNTY)]
)
def test_a_parking_fine_is_for_its_issuer_wherever_the_driver_lives(
    ask: Ask, lives: str, issuer: str, expected: str
) -> None:
    assert gss(ask(service="parking-fine", council=issuer, postcode=lives)) == expected


@pytest.mark.parametrize("lives", [IN_CITY, IN_GEDLING])
@pytest.mark.parametrize(
    ("council", "expected"),
    [("nottingham", CITY), ("gedling", GEDLING), ("nottinghamshire", COUNTY), ("mansfield", MANSFIELD)],
)
@pytest.mark.parametrize("service", ["complaint", "freedom-of-information", "subject-access-request"])
def test_complaints_and_information_requests_are_for_the_body_concerned(
    ask: Ask, service: str, lives: str, council: str, expected: str
) -> None:
    assert gss(ask(service=service, council=council, postcode=lives)) == expected


def test_a_permit_for_a_street_is_the_countys_by_agreement_and_one_for_a_car_park_the_districts(ask: Ask) -> None:
    permit = {"service": "residents-parking-permit", "district": ASHFIELD}
    street = ask(**permit, answers={"permit-where": "street"})
    assert (gss(street), street.rule) == (COUNTY, "agreement:on-street-parking-permits")
    assert gss(ask(**permit, answers={"permit-where": "car-park"})) == ASHFIELD
    assert ask(**permit).needs == ("answer",)


def test_a_street_party_is_the_districts_by_agreement_and_road_works_are_the_countys(ask: Ask) -> None:
    closing = {"service": "road-closure-street-party", "district": ASHFIELD}
    party = ask(**closing, answers={"closure-for": "street-party"})
    assert (gss(party), party.rule) == (ASHFIELD, "agreement:street-parties-by-the-district")
    assert gss(ask(**closing, answers={"closure-for": "works"})) == COUNTY


@pytest.mark.parametrize("service", ["planning-application-query", "planning-advice"])
def test_planning_in_the_south_downs_is_east_hampshires_and_says_so(
    triage_of: Callable[[str], Triage], service: str
) -> None:
    decision = triage_of("hampshire-iow").best(Enquiry(on=TODAY, service=service, postcode="GU31 4EX"))
    assert gss(decision) == "E07000085"
    assert "South Downs National Park" in decision.public_reasons[0]
