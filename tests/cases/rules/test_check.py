"""Bad rules are refused, each with the field at fault; the same rules hold for files and for forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from cases.catalogue.loader import Catalogue
from cases.register.register import Register
from cases.rules.check import agreement_faults, service_faults
from cases.rules.schema import ServiceChange
from cases.triage.agreements import Agreement
from tests.cases.places import ASHFIELD, COUNTY, MANSFIELD

GOOD: dict[str, Any] = {
    "id": "new",
    "services": ("pothole",),
    "area": (ASHFIELD,),
    "authority": ASHFIELD,
    "starts": date(2027, 1, 1),
    "ends": date(2028, 1, 1),
    "reason": "Made up for this test.",
    "source": "Made up",
}


@pytest.fixture
def closing(register: Register) -> Register:
    """Mansfield closes on 1 June 2027 and the county has existed since 1 June 2027 only."""
    codes = dict(register._by_gss)
    codes[MANSFIELD] = replace(codes[MANSFIELD], closed=date(2027, 6, 1), successors=(COUNTY,))
    codes[COUNTY] = replace(codes[COUNTY], opened=date(2027, 6, 1))
    return replace(register, _by_gss=MappingProxyType(codes))


def faults(register: Register, catalogue: Catalogue, other: dict[str, Any] | None = None, **changed: Any) -> Any:
    agreement = Agreement.model_validate(GOOD | changed)
    others = [Agreement.model_validate(GOOD | {"id": "other"} | other)] if other is not None else []
    return list(agreement_faults(agreement, others, catalogue.services, [register]))


@pytest.mark.parametrize(
    ("changed", "where", "says"),
    [
        ({"services": ("no-such",)}, ("services", 0), "no service is called no-such"),
        ({"area": (ASHFIELD, "E07009999")}, ("area", 1), "no council has the code"),
        ({"authority": "E07009999"}, ("authority",), "no council has the code"),
        ({"ends": date(2027, 1, 1)}, ("ends",), "ends before it starts"),
        ({"authority": MANSFIELD}, ("authority",), "closed on 1 June 2027"),
        ({"area": (MANSFIELD,)}, ("area", 0), "closed on 1 June 2027"),
        ({"authority": COUNTY}, ("authority",), "opened only on 1 June 2027"),
        ({"when": {"no-question": ("x",)}}, ("when", "no-question"), "has no question called"),
    ],
)
def test_a_bad_agreement_is_refused_with_the_field(
    closing: Register, catalogue: Catalogue, changed: dict[str, Any], where: tuple[object, ...], says: str
) -> None:
    ((message, at),) = faults(closing, catalogue, **changed)
    assert at == where
    assert says in message


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ({}, True),
        ({"starts": date(2028, 1, 1), "ends": None}, False),
        ({"starts": date(2027, 12, 31), "ends": None}, True),
        ({"area": (MANSFIELD,)}, False),
        ({"services": ("fly-tipping",)}, False),
    ],
    ids=["same", "follows", "one-day", "elsewhere", "another-service"],
)
def test_two_agreements_for_one_service_and_area_may_not_share_a_day(
    register: Register, catalogue: Catalogue, other: dict[str, Any], overlaps: bool
) -> None:
    found = faults(register, catalogue, other)
    assert [at for _, at in found] == ([("starts",)] if overlaps else [])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"goes_to": {"tree-where": {"park": "service:no-such"}}}, ("goes_to", "tree-where", "park")),
        ({"goes_to": {"tree-where": {"moon": "county"}}}, ("goes_to", "tree-where", "moon")),
        ({"goes_to": {"no-such": {"park": "county"}}}, ("goes_to", "no-such")),
        ({"goes_to": {"tree-where": {"park": "service:tree-problem"}}}, ("goes_to", "tree-where", "park")),
        ({"could_be": ["pothole", "agency:no-such"]}, ("could_be", 1)),
    ],
)
def test_a_bad_change_of_a_service_is_refused_with_the_field(
    catalogue: Catalogue, change: dict[str, Any], where: tuple[object, ...]
) -> None:
    service = catalogue.services["tree-problem"]
    found = service_faults(ServiceChange.model_validate(change), service, catalogue.services, catalogue.agencies)
    assert where in [at for _, at in found]


def test_a_service_of_both_councils_needs_a_question_that_says_which(catalogue: Catalogue) -> None:
    found = service_faults(
        ServiceChange.model_validate({"tier": "both"}), catalogue.services["pothole"], catalogue.services, ()
    )
    assert [at for _, at in found] == [("tier",)]
