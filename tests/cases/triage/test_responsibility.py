"""For any postcode and any single-tier service the authority chosen is the one that the register names."""

from __future__ import annotations

import csv
import gzip
import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import PlaceAbout, Service, Tier
from cases.postcodes.index import PostcodeIndex
from cases.register.register import Register
from cases.triage import Enquiry, Triage
from cases.triage.decision import OutcomeKind
from tests.cases.places import TODAY

PARTNERSHIPS = ["nottinghamshire", "hampshire-iow"]
ASKED_FOR = {"pothole": Tier.COUNTY, "missed-bin": Tier.DISTRICT, "council-tax-bill-query": Tier.DISTRICT}
RANDOM_POSTCODES = 3_000
REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "data" / "postcodes_local.csv.gz"
_NOT_BY_PLACE = (PlaceAbout.COUNCIL, PlaceAbout.ISSUER, PlaceAbout.NONE)


@pytest.fixture(params=PARTNERSHIPS)
def here(request: pytest.FixtureRequest, triage_of: Callable[[str], Triage]) -> Triage:
    return triage_of(request.param)


@pytest.fixture(scope="module")
def by_district(index: PostcodeIndex) -> Mapping[str, list[str]]:
    """Every postcode of the UK, by district."""
    found: dict[str, list[str]] = defaultdict(list)
    for sector in index.sectors():
        for entry in index.iter_sector(sector):
            if entry.district_gss:
                found[entry.district_gss].append(entry.postcode)
    return found


def expected(register: Register, tier: Tier, district_gss: str) -> str:
    """The rule in one line, kept apart from the code it checks."""
    district = register.authorities_by_gss[district_gss]
    return district.parent if tier is Tier.COUNTY and district.parent else district.gss


def districts_of(register: Register) -> list[str]:
    return [a.gss for a in register.authorities.values() if a.tier != "county"]


def single_tier_services(catalogue: Catalogue) -> list[Service]:
    return [
        s
        for s in catalogue.services.values()
        if s.tier in (Tier.COUNTY, Tier.DISTRICT) and s.place.about not in _NOT_BY_PLACE
    ]


def test_every_postcode_of_the_partnership_lies_in_the_district_that_the_index_says(
    here: Triage, by_district: Mapping[str, list[str]]
) -> None:
    wrong, counted = [], 0
    for gss in districts_of(here.register):
        for postcode in by_district[gss]:
            counted += 1
            if here.where(Enquiry(on=TODAY, postcode=postcode)).districts != (gss,):
                wrong.append(postcode)
    assert wrong == []
    assert counted > 30_000


def test_every_single_tier_service_in_every_district_goes_to_the_council_that_the_register_names(
    here: Triage, by_district: Mapping[str, list[str]], catalogue: Catalogue
) -> None:
    random, wrong, decided = Random(2), [], 0
    services = single_tier_services(catalogue)
    assert len(services) >= 100
    for gss in districts_of(here.register):
        for service in services:
            postcode = random.choice(by_district[gss])
            decision = here.best(Enquiry(on=TODAY, service=service.slug, postcode=postcode))
            owns_none = service.needs_council_homes and not here.register.authorities_by_gss[gss].council_homes
            if owns_none:
                right = decision.outcome is OutcomeKind.SIGNPOST and decision.authority is None
            else:
                found = decision.authority.gss if decision.authority else None
                right = found == expected(here.register, service.tier, gss) and decision.queue is not None
            decided += 1
            if not right:
                wrong.append((service.slug, postcode, gss, decision.rule))
    assert wrong == []
    assert decided == len(services) * len(districts_of(here.register))


@pytest.mark.parametrize("service", ASKED_FOR)
def test_what_is_asked_for_most_is_right_at_thousands_of_random_postcodes(
    here: Triage, by_district: Mapping[str, list[str]], service: str
) -> None:
    everywhere = [(p, gss) for gss in districts_of(here.register) for p in by_district[gss]]
    wrong = []
    for postcode, gss in Random(service).sample(everywhere, RANDOM_POSTCODES):
        decision = here.best(Enquiry(on=TODAY, service=service, postcode=postcode))
        if decision.authority is None or decision.authority.gss != expected(here.register, ASKED_FOR[service], gss):
            wrong.append((postcode, gss))
    assert wrong == []


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_districts_agree_with_another_publishers_postcodes(
    triage_of: Callable[[str], Triage], partnership: str
) -> None:
    if not REFERENCE.exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{REFERENCE.name} is not beside this clone, and REQUIRE_ALL=1")
        pytest.skip(f"{REFERENCE.name} is not beside this clone")
    triage = triage_of(partnership)
    own = set(districts_of(triage.register))
    wrong, compared = [], 0
    with gzip.open(REFERENCE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["district_gss"] not in own:
                continue
            compared += 1
            if triage.where(Enquiry(on=TODAY, postcode=row["postcode"])).districts != (row["district_gss"],):
                wrong.append(row["postcode"])
    assert wrong == []
    assert compared > 20_000


@pytest.mark.parametrize("tier", [Tier.COUNTY, Tier.DISTRICT], ids=str)
def test_everywhere_else_in_the_uk_names_the_council_there_and_no_queue(
    triage: Triage, by_district: Mapping[str, list[str]], tier: Tier
) -> None:
    service = "pothole" if tier is Tier.COUNTY else "missed-bin"
    own = set(districts_of(triage.register))
    for gss, postcodes in by_district.items():
        if gss in own or gss[0] in "LM":
            continue
        decision = triage.best(Enquiry(on=TODAY, service=service, postcode=postcodes[0]))
        there = triage.register.responsible_for("county" if tier is Tier.COUNTY else "district", gss, TODAY)
        assert decision.outcome is OutcomeKind.SIGNPOST
        assert decision.authority is there is not None, gss
        assert decision.queue is None
        assert decision.outside is not None and decision.outside.agency == there.name
