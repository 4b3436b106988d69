"""Bad register files are refused, and each fault is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.register.loader import DATA, RegisterError, load_register

TEAMS = Path(DATA).parent / "catalogue" / "teams.yaml"

SHIRE = """\
partnership:
  slug: shire
  name: Shire Councils
  short_name: Shire
  area: Shire
  colour: "#003300"
  hours: {mon-fri: 08:00-18:00}
  front_desk: Shire front desk
authorities:
  - gss: E10000001
    slug: shire-county
    name: Shire County Council
    short_name: Shire County
    tier: county
    web: https://shire.example.org
    opened: 1974-04-01
    hours: {mon-thu: 08:30-17:00, fri: 08:30-16:30}
    contacts:
      - teams: [all]
        source: The council's own page.
  - gss: E07000001
    slug: vale
    name: Vale District Council
    short_name: Vale
    tier: district
    parent: E10000001
    web: https://vale.example.org
    opened: 1974-04-01
    council_homes: true
    hours: {mon-fri: 09:00-17:00}
    contacts:
      - teams: [all]
        source: The council's own page.
"""
ELSEWHERE = """\
gss,slug,name,short_name,tier,parent,web,opened,closed,successors,former
E06000001,port,Port City Council,Port,unitary,,https://port.example.org,1998-04-01,,,E06000009
E06000002,old-port,Old Port Council,Old Port,unitary,,,1974-04-01,1998-04-01,E06000001,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shire.yaml").write_text(SHIRE, encoding="utf-8")
    (tmp_path / "elsewhere.csv").write_text(ELSEWHERE, encoding="utf-8")
    return tmp_path


def changed(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_small_register_loads_with_hours_by_day(folder: Path) -> None:
    register = load_register("shire", folder)
    assert list(register.authorities) == ["shire-county", "vale"]
    hours = register.authorities["shire-county"].hours
    assert {day: f"{h.opens:%H:%M}-{h.closes:%H:%M}" for day, h in hours.items()} == {
        "mon": "08:30-17:00",
        "tue": "08:30-17:00",
        "wed": "08:30-17:00",
        "thu": "08:30-17:00",
        "fri": "08:30-16:30",
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "says"),
    [
        ("shire.yaml", "tier: county", "tier: shire", 14, "tier"),
        ("shire.yaml", "    opened: 1974-04-01\n    council_homes", "    council_homes", 21, "opened: Field required"),
        ("shire.yaml", "council_homes: true", "council_homes: yes please", 29, "council_homes"),
        ("shire.yaml", "mon-fri: 09:00-17:00", "mon-fri: 17:00-09:00", 30, "closes must be later"),
        ("shire.yaml", "mon-fri: 09:00-17:00", "someday: 09:00-17:00", 30, "not a weekday: someday"),
        ("shire.yaml", "fri: 08:30-16:30", "thu: 08:30-16:30", 17, "thu is given twice"),
        ("shire.yaml", "  area: Shire\n", "  area: Shire\n  motto: Onward\n", 6, "motto: Extra inputs"),
        ("shire.yaml", "  area: Shire\n", "", 1, "area: Field required"),
        ("shire.yaml", "slug: vale", "slug: shire-county", 22, "shire-county is also given"),
        ("shire.yaml", "slug: shire\n", "slug: county\n", 2, "the name of its file"),
        ("shire.yaml", "parent: E10000001", "parent: E06000001", 26, "not a county"),
        ("shire.yaml", "    parent: E10000001\n", "", 21, "a district, and only a district"),
        ("shire.yaml", "partnership:", "partnership: [", 3, "did not find"),
        (
            "elsewhere.csv",
            "old-port,Old Port Council,Old Port,unitary",
            "old-port,Old Port Council,Old Port,town",
            3,
            "tier",
        ),
        (
            "elsewhere.csv",
            "1998-04-01,E06000001,",
            "1998-04-01,E06000007,",
            3,
            "successor E06000007 is not in the register",
        ),
        ("elsewhere.csv", "1998-04-01,E06000001,", ",E06000001,", 3, "a closed authority names its successors"),
        ("elsewhere.csv", "1998-04-01,E06000001,", "1998-04-01,E06000002,", 3, "closed no later"),
        ("elsewhere.csv", "1998-04-01,E06000001,", "1998-04-01,E06000002,", 3, "in a circle: E06000002 → E06000002"),
        ("elsewhere.csv", "1998-04-01,,,E06000009", "1998-04-01,,,E07000001", 2, "E07000001 is also given"),
        ("elsewhere.csv", ",E06000001,\n", ",E06000001,,extra\n", 3, "Extra inputs"),
    ],
)
def test_a_fault_is_named_by_file_and_line(folder: Path, name: str, old: str, new: str, line: int, says: str) -> None:
    changed(folder, name, old, new)
    with pytest.raises(RegisterError) as caught:
        load_register("shire", folder)
    assert str(caught.value).startswith(f"{folder / name}:{line}: ")
    assert says in str(caught.value)


def test_faults_in_several_rows_are_told_together(folder: Path) -> None:
    changed(folder, "elsewhere.csv", "unitary", "town")
    with pytest.raises(RegisterError) as caught:
        load_register("shire", folder)
    assert [error.line for error in caught.value.errors] == [2, 3]


def test_an_unknown_partnership_is_refused_with_the_names_of_those_there_are(folder: Path) -> None:
    with pytest.raises(RegisterError, match="there are: shire"):
        load_register("county", folder)


def test_a_missing_list_of_other_councils_is_refused(folder: Path) -> None:
    (folder / "elsewhere.csv").unlink()
    with pytest.raises(RegisterError, match=r"elsewhere\.csv:1: cannot be read"):
        load_register("shire", folder)


def test_the_version_changes_with_the_data(folder: Path) -> None:
    before = load_register("shire", folder).version
    changed(folder, "shire.yaml", "Vale District Council", "Vale Borough Council")
    assert load_register("shire", folder).version != before


@pytest.mark.parametrize("partnership", ["nottinghamshire", "hampshire-iow"])
def test_every_team_with_a_line_of_its_own_is_a_team_of_the_catalogue(partnership: str) -> None:
    teams = TEAMS.read_text(encoding="utf-8")
    for authority in load_register(partnership).authorities.values():
        for team in {team for line in authority.contacts for team in line.teams} - {"all"}:
            assert f"slug: {team}," in teams
