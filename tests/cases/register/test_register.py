"""The real register: who is in it, and who is responsible where and when."""

from __future__ import annotations

import time
from datetime import date

import pytest

from cases.register.loader import load_register
from cases.register.register import Register
from cases.register.schema import AuthorityTier

TODAY = date(2026, 11, 2)

NOTTINGHAMSHIRE = {
    "E10000024": "nottinghamshire",
    "E06000018": "nottingham",
    "E07000170": "ashfield",
    "E07000171": "bassetlaw",
    "E07000172": "broxtowe",
    "E07000173": "gedling",
    "E07000174": "mansfield",
    "E07000175": "newark-and-sherwood",
    "E07000176": "rushcliffe",
}
HAMPSHIRE = {
    "E10000014": "hampshire",
    "E06000044": "portsmouth",
    "E06000045": "southampton",
    "E06000046": "isle-of-wight",
    "E07000084": "basingstoke-and-deane",
    "E07000085": "east-hampshire",
    "E07000086": "eastleigh",
    "E07000087": "fareham",
    "E07000088": "gosport",
    "E07000089": "hart",
    "E07000090": "havant",
    "E07000091": "new-forest",
    "E07000092": "rushmoor",
    "E07000093": "test-valley",
    "E07000094": "winchester",
}
COUNTIES = {"nottinghamshire": "E10000024", "hampshire-iow": "E10000014"}
MEMBERS = {"nottinghamshire": NOTTINGHAMSHIRE, "hampshire-iow": HAMPSHIRE}
LANDLORDS = {
    "nottinghamshire": {"nottingham", "ashfield", "bassetlaw", "broxtowe", "mansfield", "newark-and-sherwood"},
    "hampshire-iow": {"portsmouth", "southampton", "fareham", "gosport", "new-forest", "winchester"},
}
both = pytest.mark.parametrize("partnership", ["nottinghamshire", "hampshire-iow"])


@pytest.fixture(scope="module")
def registers() -> dict[str, Register]:
    return {slug: load_register(slug) for slug in MEMBERS}


@pytest.fixture(scope="module")
def register(registers: dict[str, Register]) -> Register:
    return registers["nottinghamshire"]


@both
def test_every_council_of_the_partnership_is_there_and_no_other(
    registers: dict[str, Register], partnership: str
) -> None:
    register = registers[partnership]
    assert {a.gss: a.slug for a in register.authorities.values()} == MEMBERS[partnership]
    assert set(register.authorities_by_gss) == set(MEMBERS[partnership])
    assert register.partnership.slug == partnership


@both
def test_the_other_partnership_is_known_but_outside(registers: dict[str, Register], partnership: str) -> None:
    register = registers[partnership]
    other = next(gss for slug, codes in MEMBERS.items() if slug != partnership for gss in codes)
    assert register.by_gss(other) is not None
    assert not register.in_partnership(other)
    assert all(register.in_partnership(gss) for gss in MEMBERS[partnership])


@both
def test_each_district_is_under_its_county_and_each_unitary_under_none(
    registers: dict[str, Register], partnership: str
) -> None:
    register = registers[partnership]
    for authority in register.authorities.values():
        county = register.county_of(authority.gss, TODAY)
        is_district = authority.tier is AuthorityTier.DISTRICT
        assert (county and county.gss) == (COUNTIES[partnership] if is_district else None)


@both
def test_landlords_are_told_from_councils_that_gave_their_homes_away(
    registers: dict[str, Register], partnership: str
) -> None:
    authorities = registers[partnership].authorities.values()
    assert {a.slug for a in authorities if a.council_homes} == LANDLORDS[partnership]
    assert [a.slug for a in authorities if a.council_homes is None] == [
        a.slug for a in authorities if a.tier is AuthorityTier.COUNTY
    ]


def test_gedling_has_no_council_homes(register: Register) -> None:
    gedling = register.by_slug("gedling")
    assert gedling is not None
    assert gedling.council_homes is False


@pytest.mark.parametrize(
    ("tier", "place", "responsible"),
    [
        ("county", "E07000170", "nottinghamshire"),
        ("district", "E07000170", "ashfield"),
        ("county", "E06000018", "nottingham"),
        ("district", "E06000018", "nottingham"),
        ("county", "E07000033", "derbyshire"),
        ("district", "E07000033", "bolsover"),
        ("county", "E08000039", "sheffield"),
        ("district", "S12000036", "edinburgh"),
        ("county", "N09000003", "belfast"),
        ("county", "W06000015", "cardiff"),
        ("county", "E10000024", "nottinghamshire"),
        ("county", "M99999999", "isle-of-man"),
    ],
)
def test_who_is_responsible_today(register: Register, tier: str, place: str, responsible: str) -> None:
    authority = register.responsible_for(tier, place, TODAY)  # type: ignore[arg-type]
    assert authority is not None
    assert authority.slug == responsible


def test_a_county_given_as_the_place_does_not_settle_the_district(register: Register) -> None:
    assert register.responsible_for("district", "E10000024", TODAY) is None


@pytest.mark.parametrize(
    ("on", "district", "county"),
    [
        (date(2019, 3, 31), "taunton-deane", "somerset-county"),
        (date(2019, 4, 1), "somerset-west-and-taunton", "somerset-county"),
        (date(2023, 3, 31), "somerset-west-and-taunton", "somerset-county"),
        (date(2023, 4, 1), "somerset", "somerset"),
    ],
)
def test_a_closed_council_leads_to_its_single_successor_and_on_to_the_next(
    register: Register, on: date, district: str, county: str
) -> None:
    found = [register.responsible_for("district", "E07000190", on), register.responsible_for("county", "E07000190", on)]
    assert [authority and authority.slug for authority in found] == [district, county]


def test_a_council_shared_among_several_has_no_single_successor(register: Register) -> None:
    cumbria = "E10000006"
    before, after = date(2023, 3, 31), date(2023, 4, 1)
    assert register.successors_of(cumbria, before) == ()
    assert {a.slug for a in register.successors_of(cumbria, after)} == {"cumberland", "westmorland-and-furness"}
    assert register.responsible_for("county", cumbria, after) is None
    assert register.responsible_for("county", cumbria, before) is not None


def test_successors_of_successors_are_those_that_stand_today(register: Register) -> None:
    assert [a.slug for a in register.successors_of("E07000190", date(2020, 1, 1))] == ["somerset-west-and-taunton"]
    assert [a.slug for a in register.successors_of("E07000190", TODAY)] == ["somerset"]


def test_a_council_is_open_from_its_first_day_until_the_day_its_successor_opens(register: Register) -> None:
    craven, north_yorkshire = "E07000163", "E06000065"
    assert register.is_open(craven, date(2023, 3, 31)) and not register.is_open(north_yorkshire, date(2023, 3, 31))
    assert register.is_open(north_yorkshire, date(2023, 4, 1)) and not register.is_open(craven, date(2023, 4, 1))


def test_nobody_is_responsible_before_a_council_existed(register: Register) -> None:
    assert register.responsible_for("district", "E06000018", date(1997, 12, 31)) is None


@both
def test_no_council_of_the_partnership_closes_before_an_order_says_so(
    registers: dict[str, Register], partnership: str
) -> None:
    assert all(a.closed is None and not a.successors for a in registers[partnership].authorities.values())


def test_a_code_from_before_a_boundary_change_finds_the_same_council(register: Register) -> None:
    assert register.by_gss("E08000019") is register.by_gss("E08000039") is register.by_slug("sheffield")
    assert register.by_gss("S12000015") is register.by_slug("fife")


@pytest.mark.parametrize("code", ["E99999999", "", "nowhere", "e07000170"])
def test_an_unknown_code_is_nobody(register: Register, code: str) -> None:
    assert register.by_gss(code) is None
    assert register.find(code) is None
    assert register.county_of(code, TODAY) is None
    assert register.responsible_for("county", code, TODAY) is None
    assert register.contact_line(code, "waste") is None
    assert register.successors_of(code, TODAY) == ()
    assert not register.is_open(code, TODAY)
    assert not register.in_partnership(code)


def test_an_authority_is_found_by_code_or_slug(register: Register) -> None:
    assert register.find("E07000174") is register.find("mansfield") is register.by_slug("mansfield")


def test_a_teams_own_line_comes_before_the_line_for_all(register: Register) -> None:
    county = register.authorities["nottinghamshire"]
    own, general = register.contact_line(county, "childrens-social-care"), register.contact_line(county, "libraries")
    assert own is not None and own.teams == ("childrens-social-care",)
    assert general is not None and general.teams == ("all",)
    assert register.contact_line("E10000024", "childrens-social-care") is own


def test_a_council_elsewhere_has_a_web_address_and_no_lines(register: Register) -> None:
    bolsover = register.by_slug("bolsover")
    assert bolsover is not None
    assert bolsover.web == "https://www.bolsover.gov.uk"
    assert register.contact_line(bolsover, "waste") is None


@both
def test_every_number_says_where_it_is_from_and_that_nobody_has_checked_it(
    registers: dict[str, Register], partnership: str
) -> None:
    for authority in registers[partnership].authorities.values():
        for line in authority.contacts:
            assert line.source
            assert line.checked is None


@both
def test_care_and_roads_have_lines_of_their_own_where_the_council_has_them(
    registers: dict[str, Register], partnership: str
) -> None:
    for authority in registers[partnership].authorities.values():
        teams = {team for line in authority.contacts for team in line.teams}
        if authority.tier is not AuthorityTier.DISTRICT:
            assert {"highways", "adult-social-care", "childrens-social-care"} <= teams
        if authority.tier is not AuthorityTier.COUNTY:
            assert "housing-options" in teams


def test_each_council_has_an_office_that_can_be_found_by_its_slug(registers: dict[str, Register]) -> None:
    for register in registers.values():
        assert all(authority.offices for authority in register.authorities.values())
    found = registers["nottinghamshire"].find_office("mansfield-civic-centre")
    assert found is not None
    assert (found[0].slug, found[1].postcode) == ("mansfield", "NG19 7BH")
    assert registers["nottinghamshire"].find_office("gosport-town-hall") is None


def test_all_of_the_united_kingdom_is_there(register: Register) -> None:
    def standing(prefix: str) -> int:
        codes = (f"{prefix}{number:06}" for number in range(1, 300))
        found = {a.gss for a in map(register.by_gss, codes) if a is not None and a.is_open(TODAY)}
        return len({gss for gss in found if gss.startswith(prefix)})

    counted = {prefix: standing(prefix) for prefix in ("E06", "E07", "E08", "E09", "E10", "W06", "S12", "N09")}
    assert counted == {"E06": 63, "E07": 164, "E08": 36, "E09": 33, "E10": 21, "W06": 22, "S12": 32, "N09": 11}


@both
def test_the_partnerships_colour_can_be_read_on_white(registers: dict[str, Register], partnership: str) -> None:
    colour = registers[partnership].partnership.colour
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 7


def test_the_version_is_the_same_for_the_same_data(registers: dict[str, Register]) -> None:
    versions = {register.version for register in registers.values()}
    assert versions == {load_register("nottinghamshire").version}
    assert len(versions.pop()) == 12


def test_a_lookup_is_a_small_part_of_a_decision(register: Register) -> None:
    rounds = 2000
    started = time.perf_counter()
    for _ in range(rounds):
        register.responsible_for("county", "E07000170", TODAY)
        register.contact_line("ashfield", "waste")
    assert (time.perf_counter() - started) / rounds < 0.0001
