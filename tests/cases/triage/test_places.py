"""Where it is, told in words, by road or by a postcode whose surroundings lie in two councils' areas."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.catalogue.loader import Catalogue
from cases.postcodes.index import PostcodeIndex
from cases.register.register import Register
from cases.triage import Decision, Enquiry, Triage
from cases.triage.decision import OutcomeKind
from tests.cases.places import (
    ASHFIELD,
    BASSETLAW,
    BROXTOWE,
    CITY,
    COUNTY,
    GEDLING,
    MANSFIELD,
    NEWARK,
    RUSHCLIFFE,
    TODAY,
)

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "data"
PARTNERSHIPS = ["nottinghamshire", "hampshire-iow"]
UNKNOWN = "NG15 7ZZ"  # of a sector wholly in Ashfield


def rows_of(name: str) -> list[dict[str, str]]:
    path = REFERENCE / name
    if not path.exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{name} is not beside this clone, and REQUIRE_ALL=1")
        pytest.skip(f"{name} is not beside this clone")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(content.decode().splitlines()))


@cache
def partnership_rows() -> list[dict[str, str]]:
    return [row for row in rows_of("postcodes_local.csv.gz") if row["partnership"]]


@pytest.fixture(params=PARTNERSHIPS)
def here(request: pytest.FixtureRequest, triage_of: Callable[[str], Triage]) -> Triage:
    return triage_of(request.param)


@pytest.fixture
def hampshire(triage_of: Callable[[str], Triage]) -> Triage:
    return triage_of("hampshire-iow")


def ask(triage: Triage, **enquiry: object) -> Decision:
    return triage.best(Enquiry(on=TODAY, **enquiry))  # type: ignore[arg-type]


def authority(decision: Decision) -> str | None:
    return decision.authority.gss if decision.authority else None


def districts(triage: Triage, text: str) -> set[str]:
    return set(triage.where(Enquiry(on=TODAY, text=text)).districts)


def near_border(triage: Triage, index: PostcodeIndex, own: str, other: str) -> Iterator[str]:
    for sector in index.sectors():
        if sector.startswith("NG"):
            for entry in index.iter_sector(sector):
                if entry.district_gss == own and entry.near_border == (other,):
                    yield entry.postcode


@pytest.fixture(scope="module")
def on_edge(triage: Triage, index: PostcodeIndex) -> str:
    """A postcode of Gedling with Ashfield close by."""
    return next(near_border(triage, index, GEDLING, ASHFIELD))


# --- every postcode of both partnerships ----------------------------------------------------------------------------


def council_of(register: Register, gss: str, service: str) -> str:
    district = register.authorities_by_gss[gss]
    return district.parent if service == "pothole" and district.parent else district.gss


@pytest.mark.parametrize("service", ["pothole", "missed-bin"])
def test_every_postcode_of_the_partnership_goes_to_the_right_council(here: Triage, service: str) -> None:
    own = {a.gss for a in here.register.authorities.values()}
    level: Literal["county", "district"] = "county" if service == "pothole" else "district"
    wrong, careless, marked, counted = [], [], 0, 0
    for row in partnership_rows():
        if row["district_gss"] not in own:
            continue
        counted += 1
        decision = ask(here, service=service, postcode=row["postcode"])
        right = council_of(here.register, row["district_gss"], service)
        if decision.areas:
            marked += 1
            found = [here.register.responsible_for(level, gss, TODAY) for gss in decision.areas]
            councils = [council.gss for council in found if council]
            if councils[0] != right or councils.count(right) != 1 or decision.confidence > 0.7 or not decision.needs:
                careless.append(row["postcode"])
        elif authority(decision) != right or decision.needs:
            wrong.append(row["postcode"])
    assert wrong == []
    assert careless == []
    assert counted > 20_000
    assert 0 < marked < counted * 0.04


def test_a_retired_postcode_counts_as_known_at_its_last_district(here: Triage) -> None:
    own = {a.gss: a for a in here.register.authorities.values() if a.tier != "county"}
    rows = [row for row in rows_of("postcodes_retired_local.csv") if row["district_gss"] in own]
    known = [row for row in rows if here.where(Enquiry(on=TODAY, postcode=row["postcode"])).is_known]
    moved = [
        row["postcode"]
        for row in known
        if here.where(Enquiry(on=TODAY, postcode=row["postcode"])).district != row["district_gss"]
    ]
    assert len(known) > len(rows) * 0.99
    assert len(moved) < len(known) * 0.01, moved[:5]


# --- boundaries -----------------------------------------------------------------------------------------------------


def test_a_postcode_on_a_boundary_goes_to_its_own_council_and_asks(triage: Triage, on_edge: str) -> None:
    decision = ask(triage, service="missed-bin", postcode=on_edge)
    assert decision.outcome is OutcomeKind.AUTHORITY
    assert authority(decision) == GEDLING
    assert decision.needs == ("address",)
    assert decision.confidence <= 0.7
    assert decision.areas == (GEDLING, ASHFIELD)
    assert decision.question is not None and "in Gedling or in Ashfield" in decision.question
    assert any(on_edge in reason for reason in decision.staff_reasons)
    assert any("close to another council" in reason for reason in decision.public_reasons)


def test_nothing_is_asked_where_both_sides_have_the_same_council(triage: Triage, on_edge: str) -> None:
    decision = ask(triage, service="pothole", postcode=on_edge)
    assert (authority(decision), decision.needs, decision.areas) == (COUNTY, (), ())


@pytest.mark.parametrize("settled", [{"district": ASHFIELD}, {"council": ASHFIELD}, {"council": "ashfield"}])
def test_a_council_or_address_given_settles_a_boundary(triage: Triage, on_edge: str, settled: dict[str, str]) -> None:
    decision = ask(triage, service="missed-bin", postcode=on_edge, **settled)
    assert (authority(decision), decision.needs) == (ASHFIELD, ())
    assert decision.place is not None and decision.place.district == ASHFIELD


def test_the_own_council_chosen_settles_it_as_well(triage: Triage, on_edge: str) -> None:
    decision = ask(triage, service="missed-bin", postcode=on_edge, council=GEDLING)
    assert (authority(decision), decision.needs) == (GEDLING, ())


def test_nobody_is_sent_away_from_just_outside_the_partnership(triage: Triage, index: PostcodeIndex) -> None:
    for sector in index.sectors():
        for entry in index.iter_sector(sector):
            if entry.district_gss == "E07000036" and entry.near_border == (BROXTOWE,):  # Erewash
                decision = ask(triage, service="missed-bin", postcode=entry.postcode)
                assert decision.outcome is OutcomeKind.QUESTION
                assert decision.areas == ("E07000036", BROXTOWE)
                return
    pytest.fail("no such postcode")


def test_an_unknown_postcode_goes_by_those_around_it_and_asks(triage: Triage) -> None:
    for enquiry in ({"postcode": UNKNOWN}, {"text": f"it is at {UNKNOWN.lower()}"}):
        decision = ask(triage, service="missed-bin", **enquiry)
        assert (authority(decision), decision.needs) == (ASHFIELD, ("address",))
        assert decision.confidence <= 0.7
        assert decision.question is not None and UNKNOWN in decision.question


def test_an_unknown_postcode_of_a_divided_sector_asks_which_it_is(triage: Triage, index: PostcodeIndex) -> None:
    sector = next(
        s for s in index.sectors() if s.startswith("NG") and set(index.sector_districts(s)) == {ASHFIELD, GEDLING}
    )
    unknown = next(p for unit in ("ZZ", "ZY", "ZX") if index.lookup(p := f"{sector}{unit}") is None)
    decision = ask(triage, service="missed-bin", postcode=unknown)
    assert decision.outcome is OutcomeKind.QUESTION
    assert set(decision.areas) == {ASHFIELD, GEDLING}
    assert authority(ask(triage, service="missed-bin", postcode=unknown, council=ASHFIELD)) == ASHFIELD
    assert authority(ask(triage, service="pothole", postcode=unknown)) == COUNTY, "there both have the same council"


# --- towns and villages ---------------------------------------------------------------------------------------------


def test_the_gazetteer_covers_both_partnerships(catalogue: Catalogue, triage_of: Callable[[str], Triage]) -> None:
    assert len(catalogue.place_names) >= 500
    for partnership in PARTNERSHIPS:
        for council in triage_of(partnership).register.authorities.values():
            if council.tier != "county":
                assert sum(council.gss in name.districts for name in catalogue.place_names) >= 10, council.name


def test_every_name_is_found_and_lies_in_its_districts(catalogue: Catalogue, here: Triage) -> None:
    own = {a.gss for a in here.register.authorities.values()}
    wrong = [
        spelling
        for name in catalogue.place_names
        if own.intersection(name.districts)
        for spelling in (name.name, *name.also)
        if districts(here, f"it is in {spelling}, I think") != set(name.districts)
    ]
    assert wrong == []


def test_names_agree_with_the_wards_of_the_same_name(catalogue: Catalogue) -> None:
    """A ward's name says where it is; the few that differ are named after something else than the village."""
    by_name = {name.name.replace("-", " ").replace("'", ""): set(name.districts) for name in catalogue.place_names}
    wards = {
        row["ward_name"].removesuffix(" Ward").removesuffix(" ED").replace("-", " "): row["district_gss"]
        for row in rows_of("wards_partnership.csv")
    }
    shared = [name for name in wards if name in by_name]
    strange = [name for name in shared if wards[name] not in by_name[name]]
    assert len(shared) > 100
    named_otherwise = {"Blackwater", "Eakring", "Fernhill", "Milton", "Netherfield", "Rufford", "Sherwood", "Southwell"}
    assert set(strange) <= named_otherwise, strange


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a hole in Hucknall", {ASHFIELD}),
        ("mansfield woodhouse market", {MANSFIELD}),
        ("down in kirkby", {ASHFIELD}),
        ("in Carlton", {GEDLING, BASSETLAW, NEWARK}),
        ("in Carlton near Worksop", {BASSETLAW}),
        ("Clifton, Nottingham", {CITY}),
        ("Arnold, Nottingham", {GEDLING}),
        ("between Hucknall and Arnold", {ASHFIELD, GEDLING}),
        ("sutton-in-ashfield", {ASHFIELD}),
        ("Sutton", {ASHFIELD, BASSETLAW, NEWARK, RUSHCLIFFE}),
        ("St. Ann's", {CITY}),
        ("Hucknall Road", set()),
        ("on Newark Avenue", set()),
        ("Derby Road, Beeston", {BROXTOWE}),
        ("Hucknall Road, Nottingham", {CITY}),
        ("Mansfield District Council said no", set()),
        ("Mr Arnold told me", set()),
        ("the lake is flooded", set()),
        ("A bunny in the road", set()),
        ("near Bunny", {RUSHCLIFFE}),
        ("nottinghamshire", set()),
    ],
)
def test_names_are_told_apart_from_streets_people_and_councils(triage: Triage, text: str, expected: set[str]) -> None:
    assert districts(triage, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "past the garage towards Mansfield",
        "on the way to Newark",
        "the road to Mansfield",
        "heading for Worksop",
        "the Mansfield-bound side",
    ],
)
def test_a_direction_gives_the_county_and_not_the_district(triage: Triage, text: str) -> None:
    assert authority(ask(triage, service="pothole", text=text)) == COUNTY
    decision = ask(triage, service="missed-bin", text=text)
    assert (decision.outcome, decision.needs) == (OutcomeKind.QUESTION, ("place",))


def test_an_ambiguous_name_asks_only_when_it_matters_and_names_the_councils(triage: Triage) -> None:
    assert authority(ask(triage, service="pothole", text="in Carlton")) == COUNTY
    decision = ask(triage, service="missed-bin", text="in Carlton")
    assert decision.needs == ("place",)
    assert decision.areas == (GEDLING, BASSETLAW, NEWARK)
    assert authority(ask(triage, service="missed-bin", text="in Carlton", council=GEDLING)) == GEDLING


def test_the_place_said_by_itself_wins_over_the_words(triage: Triage) -> None:
    where = triage.where(Enquiry(on=TODAY, text="I live in Mansfield", place_said="outside the bank in Hucknall"))
    assert where.districts == (ASHFIELD,)


# --- roads ----------------------------------------------------------------------------------------------------------


def test_a_known_road_towards_a_town_gives_the_county_at_once(triage: Triage) -> None:
    decision = ask(triage, text="massive pothole on the A60 past the garage towards Mansfield")
    assert authority(decision) == COUNTY
    assert decision.service is not None and decision.service.slug == "pothole"


@pytest.mark.parametrize("road", ["M1", "the A1", "a46", "A 46", "A1(M)"])
@pytest.mark.parametrize("service", ["pothole", "dead-animal"])
def test_a_national_road_is_national_highways(triage: Triage, road: str, service: str) -> None:
    decision = ask(triage, service=service, text=f"on {road} near Newark")
    assert decision.signpost is not None and decision.signpost.code == "national-highways"


@pytest.mark.parametrize("road", ["M3", "M27", "A34", "A303", "A3(M)"])
def test_a_national_road_in_hampshire_is_national_highways(hampshire: Triage, road: str) -> None:
    decision = ask(hampshire, service="pothole", text=f"on the {road}")
    assert decision.signpost is not None and decision.signpost.code == "national-highways"


def test_a_road_that_is_national_in_part_asks_for_the_stretch(triage: Triage, hampshire: Triage) -> None:
    for triage_there, text in ((triage, "on the A52"), (triage, "on the A38"), (hampshire, "on the A27")):
        decision = ask(triage_there, service="pothole", text=text)
        assert (decision.outcome, decision.rule) == (OutcomeKind.QUESTION, "road:stretch")
        assert decision.question is not None and "Which part" in decision.question


@pytest.mark.parametrize(
    "text, expected",
    [
        ("A52 at Bingham", COUNTY),
        ("A52 by the QMC", "national-highways"),
        ("A38 in Sutton-in-Ashfield", COUNTY),
    ],
)
def test_the_stretch_settles_it(triage: Triage, text: str, expected: str) -> None:
    decision = ask(triage, service="pothole", text=text)
    assert (decision.signpost.code if decision.signpost else authority(decision)) == expected


def test_the_stretch_may_be_told_later_than_the_road(triage: Triage) -> None:
    decision = ask(triage, service="pothole", text="hole in the A52", place_said="just by Bingham")
    assert authority(decision) == COUNTY


def test_an_answer_about_the_kind_of_road_wins_over_its_number(triage: Triage) -> None:
    answers = {"road-kind": "other-road"}
    decision = ask(triage, service="pothole", text="under the M1 in Hucknall", answers=answers)
    assert authority(decision) == COUNTY


def test_a_road_decides_nothing_for_what_is_no_matter_of_roads(triage: Triage) -> None:
    assert authority(ask(triage, service="missed-bin", text="just off the A46 in Newark")) == NEWARK


def test_litter_on_a_trunk_road_stays_with_the_district(hampshire: Triage) -> None:
    assert authority(ask(hampshire, service="fly-tipping", text="a lay-by on the A34 in Winchester")) == "E07000094"


@pytest.mark.parametrize("text", ["Flat A1", "paper A4", "the B and B", "vitamin B12 tablets"])
def test_what_is_no_road_is_none(here: Triage, text: str) -> None:
    assert here.where(Enquiry(on=TODAY, text=text)).road is None


def test_every_stretch_of_a_road_that_is_divided_says_one_thing(catalogue: Catalogue) -> None:
    for road in catalogue.roads:
        assert not set(road.trunk_at) & set(road.local_at), road.road


# --- postcodes in prose ---------------------------------------------------------------------------------------------


@given(
    before=st.sampled_from(["", "there is a hole at ", "My address is 4 High Street, ", "hi. "]),
    after=st.sampled_from(["", " thanks", ", it is dangerous", ". Please hurry!"]),
    slip=st.sampled_from(["as written", "small", "no space", "two spaces", "dot", "O for 0", "I for 1"]),
    number=st.integers(min_value=0),
)
@settings(max_examples=150)
def test_a_postcode_with_the_usual_slips_is_found_anywhere_in_a_text(
    triage: Triage, index: PostcodeIndex, before: str, after: str, slip: str, number: int
) -> None:
    postcodes = [entry.postcode for sector in ("NG15 7", "NG10 3", "NG16 1") for entry in index.iter_sector(sector)]
    postcode = postcodes[number % len(postcodes)]
    outward, inward = postcode.split(" ")
    said = {
        "as written": postcode,
        "small": postcode.lower(),
        "no space": outward + inward,
        "two spaces": f"{outward}  {inward}",
        "dot": f"{outward}.{inward}",
        "O for 0": postcode.replace("0", "O"),
        "I for 1": postcode.replace("1", "I"),
    }[slip]
    where = triage.where(Enquiry(on=TODAY, text=f"{before}{said}{after}"))
    assert where.postcode == postcode


@given(text=st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_has_a_place_or_none(triage: Triage, text: str) -> None:
    where = triage.where(Enquiry(on=TODAY, text=text))
    assert all(len(gss) == 9 for gss in where.districts)


def test_a_decision_by_service_and_postcode_takes_microseconds(triage: Triage, on_edge: str) -> None:
    for enquiry in (
        Enquiry(on=TODAY, service="missed-bin", postcode=on_edge),
        Enquiry(on=TODAY, service="pothole", postcode="NG15 7AA"),
    ):
        times = []
        for _ in range(500):
            start = perf_counter()
            triage.decide(enquiry)
            times.append(perf_counter() - start)
        assert median(times) < 0.000_1
