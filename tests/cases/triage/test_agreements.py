"""Agreements: who does what otherwise than the tier says, from a day on and until a day."""

from __future__ import annotations

from datetime import date

import pytest

from cases.catalogue.loader import Catalogue
from cases.postcodes.index import PostcodeIndex
from cases.triage import Decision, Enquiry, Triage
from cases.triage.agreements import Agreement, Agreements
from cases.triage.decision import OutcomeKind
from tests.cases.places import ASHFIELD, COUNTY, DISTRICTS, IN_ASHFIELD, IN_MANSFIELD, MANSFIELD, TODAY

FIRST, AFTER = date(2026, 4, 1), date(2027, 4, 1)
BY_DISTRICT = Agreement(
    id="potholes-by-the-district",
    services=("pothole",),
    area=(ASHFIELD,),
    authority=ASHFIELD,
    starts=FIRST,
    ends=AFTER,
    reason="In Ashfield the district council mends potholes for the county council.",
    source="An agreement made up for this test",
)


@pytest.fixture(scope="module")
def agreed(triage: Triage, catalogue: Catalogue, index: PostcodeIndex) -> Triage:
    return Triage(
        catalogue, triage.register, Agreements.of([BY_DISTRICT]), lambda: index, understanding=triage.understanding
    )


def pothole(triage: Triage, on: date, **where: str) -> Decision:
    return triage.best(Enquiry(on=on, service="pothole", **where))


@pytest.mark.parametrize(
    ("on", "gss"),
    [
        (date(2026, 3, 31), COUNTY),
        (FIRST, ASHFIELD),
        (date(2027, 3, 31), ASHFIELD),
        (AFTER, COUNTY),
    ],
    ids=["day-before", "first-day", "last-day", "day-after"],
)
def test_an_agreement_holds_from_its_first_day_to_the_day_before_its_end(agreed: Triage, on: date, gss: str) -> None:
    decision = pothole(agreed, on, postcode=IN_ASHFIELD)
    assert decision.authority is not None and decision.authority.gss == gss


def test_an_agreement_holds_in_its_area_only(agreed: Triage) -> None:
    decision = pothole(agreed, FIRST, postcode=IN_MANSFIELD)
    assert decision.authority is not None and decision.authority.gss == COUNTY


def test_an_agreement_holds_for_a_council_named_in_place_of_a_place(agreed: Triage) -> None:
    decision = pothole(agreed, FIRST, council="ashfield")
    assert decision.authority is not None and decision.authority.gss == ASHFIELD


def test_an_agreement_says_its_reason_to_the_public_and_its_source_to_staff(agreed: Triage) -> None:
    decision = pothole(agreed, FIRST, postcode=IN_ASHFIELD)
    assert decision.rule == "agreement:potholes-by-the-district"
    assert BY_DISTRICT.reason in decision.public_reasons[0]
    assert any(BY_DISTRICT.source in reason for reason in decision.staff_reasons)


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_parking_fine_from_any_district_is_the_countys_by_agreement(triage: Triage, district: str) -> None:
    decision = triage.best(Enquiry(on=TODAY, service="parking-fine", council=district))
    assert decision.outcome is OutcomeKind.AUTHORITY
    assert decision.queue == "nottinghamshire-parking"


def test_the_city_deals_with_its_own_parking_fines(triage: Triage) -> None:
    assert triage.best(Enquiry(on=TODAY, service="parking-fine", council="nottingham")).queue == "nottingham-parking"


def test_without_an_agreement_the_tier_decides(triage: Triage) -> None:
    decision = triage.best(Enquiry(on=TODAY, service="missed-bin", postcode=IN_MANSFIELD))
    assert decision.authority is not None and decision.authority.gss == MANSFIELD
    assert decision.rule == "tier:district"
