"""Whom to ring at a given minute."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.catalogue.loader import DATA, Catalogue
from cases.local_day import LONDON
from cases.register.loader import load_register
from cases.register.register import Register
from cases.urgent.loader import load_rota, rota_faults
from cases.urgent.rota import Duty, Rota
from cases.urgent.schema import DutyKind
from tests.cases.places import ASHFIELD, CITY, COUNTY, MANSFIELD

REGISTER, ROTA = load_register("nottinghamshire"), load_rota("nottinghamshire")
PARTNERSHIPS = ("nottinghamshire", "hampshire-iow")
TIER_GROUPS = {
    "county": ("children", "adults", "highways", "abuse", "other"),
    "district": ("homelessness", "structures", "abuse", "other"),
    "unitary": ("children", "adults", "highways", "homelessness", "structures", "abuse", "other"),
}
IN, LAST, OUT, BANK = DutyKind.IN_HOURS, DutyKind.LAST_HALF_HOUR, DutyKind.OUT_OF_HOURS, DutyKind.BANK_HOLIDAY
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
HOUSING, NIGHT = "01623 463121", "0115 496 0323"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def duty(gss: str | None, group: str, at: datetime, rota: Rota = ROTA, register: Register = REGISTER) -> Duty:
    return rota.duty_for(register, gss, rota.group(group), at)


@pytest.mark.parametrize(
    ("at", "kind", "phone"),
    [
        pytest.param("2026-11-20T08:29", OUT, NIGHT, id="Friday before opening"),
        pytest.param("2026-11-20T08:30", IN, HOUSING, id="Friday at opening"),
        pytest.param("2026-11-20T16:29", IN, HOUSING, id="the minute before the last half hour"),
        pytest.param("2026-11-20T16:30", LAST, HOUSING, id="the last half hour begins"),
        pytest.param("2026-11-20T16:45", LAST, HOUSING, id="quarter to five on a Friday"),
        pytest.param("2026-11-20T16:59:59", LAST, HOUSING, id="the last minute"),
        pytest.param("2026-11-20T17:00", OUT, NIGHT, id="closed"),
        pytest.param("2026-11-20T17:05", OUT, NIGHT, id="five past five on a Friday"),
        pytest.param("2026-11-21T12:00", OUT, NIGHT, id="Saturday"),
        pytest.param("2026-12-25T12:00", BANK, NIGHT, id="Christmas Day, a Friday"),
        pytest.param("2026-12-28T12:00", BANK, NIGHT, id="the day in lieu of Boxing Day"),
        pytest.param("2026-12-29T12:00", IN, HOUSING, id="the next working day"),
    ],
)
def test_homeless_in_mansfield_shows_the_number_of_that_minute(at: str, kind: DutyKind, phone: str) -> None:
    found = duty(MANSFIELD, "homelessness", local(at))
    assert (found.kind, found.phone) == (kind, phone)


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        pytest.param("2026-10-23T15:29Z", IN, id="summer time: 16:29 in London"),
        pytest.param("2026-10-23T15:30Z", LAST, id="summer time: 16:30 in London"),
        pytest.param("2026-10-23T16:00Z", OUT, id="summer time: 17:00 in London"),
        pytest.param("2026-10-26T15:30Z", IN, id="winter time: 15:30 in London"),
        pytest.param("2026-10-26T16:30Z", LAST, id="winter time: 16:30 in London"),
        pytest.param("2026-03-27T16:59Z", LAST, id="the last Friday of winter"),
        pytest.param("2026-03-30T15:59Z", LAST, id="the first Monday of summer"),
        pytest.param("2026-10-25T01:30Z", OUT, id="the hour that comes twice"),
    ],
)
def test_londons_clock_decides_across_the_change_of_time(at: str, kind: DutyKind) -> None:
    assert duty(MANSFIELD, "homelessness", datetime.fromisoformat(at)).kind is kind


def test_last_half_hour_says_who_answers_after_closing_and_that_it_cannot_wait() -> None:
    found = duty(MANSFIELD, "homelessness", local("2026-11-20T16:45"))
    assert found.afterwards is not None and found.afterwards.phone == NIGHT
    assert found.closes is not None and f"{found.closes:%H:%M}" == "17:00"
    assert any("you close at 17:00" in line for line in found.say)


def test_child_at_risk_goes_to_the_hub_by_day_and_to_the_emergency_team_by_night() -> None:
    assert duty(COUNTY, "children", local("2026-11-20T16:45")).phone == "0300 500 8090"
    assert duty(COUNTY, "children", local("2026-11-20T17:05")).phone == "0300 456 4546"
    assert duty(CITY, "children", local("2026-11-20T17:05")).phone == "0115 876 4800"


def test_dangerous_wall_goes_by_the_councils_own_friday() -> None:
    assert duty(MANSFIELD, "structures", local("2026-11-20T16:15")).kind is LAST, "its lines close at half past four"
    assert duty(MANSFIELD, "structures", local("2026-11-20T16:45")).phone == "0115 496 0324"
    assert duty(ASHFIELD, "structures", local("2026-11-20T17:05")).phone == "01623 450000", "as the register has it"


@pytest.mark.parametrize("at", ["2026-11-20T12:00", "2026-11-20T17:45", "2026-11-20T23:00", "2026-12-25T12:00"])
@pytest.mark.parametrize("gss", [None, "E06000001", "X"], ids=["none", "another partnership's", "nonsense"])
def test_without_an_authority_it_is_the_front_desks_supervisor(gss: str | None, at: str) -> None:
    found = duty(gss, "homelessness", local(at))
    assert found.line is not None and "supervisor" in found.line.whom
    assert found.authority_gss is None


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
@pytest.mark.parametrize("at", ["2026-11-20T12:00", "2026-11-20T16:15", "2026-11-20T23:00", "2026-12-25T12:00"])
def test_every_council_has_somebody_to_ring_for_all_its_groups(partnership: str, at: str) -> None:
    register, rota = load_register(partnership), load_rota(partnership)
    for authority in register.authorities.values():
        for group in TIER_GROUPS[authority.tier]:
            found = duty(authority.gss, group, local(at), rota, register)
            assert found.line is not None and not found.is_closed, (authority.slug, group)
            assert found.authority_gss == authority.gss


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_invented_numbers_are_left_out_in_earnest_and_the_last_resort_says_so(partnership: str) -> None:
    register, rota = load_register(partnership), load_rota(partnership, in_earnest=True)
    for authority in register.authorities.values():
        for group in TIER_GROUPS[authority.tier]:
            found = duty(authority.gss, group, local("2026-11-20T23:00"), rota, register)
            assert found.line is None or not found.line.demonstration
    if partnership == "nottinghamshire":
        found = duty(MANSFIELD, "homelessness", local("2026-11-20T23:00"), rota)
        assert (found.phone, found.is_closed) == (HOUSING, True)


def test_an_empty_rota_still_answers_from_the_register() -> None:
    found = Rota().duty_for(REGISTER, ASHFIELD, Rota().group("homelessness"), local("2026-11-20T23:00"))
    assert found.phone == "01623 450000"


@given(
    at=st.integers(0, 4 * 366 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    gss=st.sampled_from([None, *REGISTER.authorities_by_gss]),
    group=st.sampled_from([*ROTA.groups]),
)
def test_every_minute_has_a_number_and_words(at: datetime, gss: str | None, group: str) -> None:
    found = duty(gss, group, at)
    assert found.phone
    assert len(found.say) >= 3
    assert (found.kind is LAST) == (found.closes is not None)


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_the_files_are_consistent(partnership: str, catalogue: Catalogue) -> None:
    assert rota_faults(load_register(partnership), catalogue) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("nottinghamshire.yaml", "groups: [highways]", "groups: [motorways]", ":17: E10000024: there is no group"),
        ("nottinghamshire.yaml", "groups: [highways]", "groups: [children]", "E10000024: children is given twice"),
        ("nottinghamshire.yaml", "authority: E10000024", "authority: E10000014", ":16: E10000014 is not a council"),
        ("nottinghamshire.yaml", "0115 496 0303", "0115 915 5555", ":18: "),
        ("nottinghamshire.yaml", "partnership: notting", "partnership: rotting", "the name of the file"),
        ("groups.yaml", "teams: [housing-options]", "teams: [huts]", ":6: homelessness: there is no team huts"),
        ("groups.yaml", "services: [child-protection]", "services: [homelessness]", "is in homelessness too"),
        ("groups.yaml", "slug: other", "slug: another", "one group must be “other”"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_and_line(
    tmp_path: Path, catalogue: Catalogue, name: str, old: str, new: str, fault: str
) -> None:
    shutil.copytree(DATA / "rota", tmp_path / "rota")
    path = tmp_path / "rota" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    faults = [str(each) for each in rota_faults(REGISTER, catalogue, tmp_path)]
    assert any(fault in each and name in each for each in faults), faults
