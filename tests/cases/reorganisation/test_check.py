"""Plans that cannot be carried out are refused, with the line at fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent, indent

import pytest

from cases.catalogue.loader import DATA, Catalogue
from cases.postcodes.index import PostcodeIndex
from cases.register.register import Register
from cases.reorganisation.applying import with_plans
from cases.reorganisation.check import Against, check_plan
from cases.reorganisation.loader import PlanError, load_plans

HEAD = dedent(
    """\
    slug: bad
    partnership: nottinghamshire
    title: A bad plan
    standing: proposal
    rehearsal: true
    day: 2028-04-01
    undo_days: 14
    summary: It cannot be carried out
    source: Invented
    councils:
      - {gss: E06000911, slug: new, name: New Council, short_name: New, council_homes: true, hours: {mon: 09:00-17:00}}
    changes:
    """
)
FIRST = HEAD.count("\n") + 1  # the line on which the changes begin


def refused(changes: str, tmp_path: Path, against: Against, head: str = HEAD) -> list[str]:
    (tmp_path / "plans").mkdir(exist_ok=True)
    (tmp_path / "plans" / "bad.yaml").write_text(head + indent(dedent(changes).strip("\n"), "  "))
    with pytest.raises(PlanError) as error:
        load_plans("nottinghamshire", against, tmp_path)
    return [f"{fault.line - FIRST}: {fault.message}" for fault in error.value.errors]


@pytest.fixture
def against(register: Register, catalogue: Catalogue, index: PostcodeIndex) -> Against:
    return Against(register, catalogue, index)


MERGE = "- {kind: merge, councils: [E07000170, E07000172], into: E06000911}\n"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param(
            "- kind: merge\n  councils: [E07000170]\n  into: E07000999",
            "2: bad: no council of the partnership has the code E07000999",
            id="unknown council",
        ),
        pytest.param(
            MERGE + "- {kind: merge, councils: [E07000172], into: E06000911}",
            "1: bad: E07000172 ends twice; the dates overlap",
            id="ends twice",
        ),
        pytest.param(
            "- {kind: merge, councils: [E07000170], into: E06000018}\n"
            "- {kind: merge, councils: [E06000018], into: E07000170}",
            "0: bad: E06000018 has itself ended by then: a cycle of successors, or none left",
            id="cycle",
        ),
        pytest.param(
            "- {kind: merge, councils: [E06000018], into: E06000018}",
            "0: bad: E06000018 would be its own successor: a cycle",
            id="own successor",
        ),
        pytest.param(
            MERGE + "- {kind: stays, council: E07000172, services: [no-such-thing], until: 2029-01-01}",
            "1: bad: no service is called no-such-thing",
            id="unknown service",
        ),
        pytest.param(
            MERGE + "- {kind: stays, council: E07000172, services: [pothole], until: 2029-01-01}",
            "1: bad: pothole is not a service of Broxtowe Borough Council",
            id="another council's service",
        ),
        pytest.param(
            MERGE + "- {kind: stays, council: E07000172, services: [missed-bin], until: 2028-04-01}",
            "1: bad: ends before it starts",
            id="stays until before it starts",
        ),
        pytest.param(
            MERGE
            + "- {kind: stays, council: E07000172, services: [missed-bin], until: 2029-01-01}\n"
            + "- {kind: stays, council: E07000172, services: [missed-bin], until: 2030-01-01}",
            "2: bad: missed-bin stays with E07000172 twice; the dates overlap",
            id="stays twice",
        ),
        pytest.param(
            "- kind: split\n  council: E07000170\n  parts:\n    - {to: E06000911, postcodes: [NG15 7ZZ]}\n"
            "  rest: E06000018",
            "3: bad: NG15 7ZZ is not a postcode that we know",
            id="unknown postcode",
        ),
        pytest.param(
            "- kind: split\n  council: E07000170\n  parts:\n    - {to: E06000911, sectors: [NG18 1]}\n"
            "  rest: E06000018",
            "3: bad: no postcode of NG18 1 lies in E07000170",
            id="sector elsewhere",
        ),
        pytest.param(
            "- kind: split\n  council: E07000170\n  parts:\n    - {to: E06000911, wards: [E05000001]}\n"
            "  rest: E06000018",
            "3: bad: no wards are loaded: load a postcode file that has them, or name sectors",
            id="wards not loaded",
        ),
        pytest.param(
            MERGE + "- {kind: county-ends, council: E10000024, heir: E06000911}",
            "1: bad: Bassetlaw District Council would be left without its county",
            id="district without a county",
        ),
        pytest.param(
            "- {kind: merge, councils: [E07000170], into: E06000911, on: 2028-03-01}",
            "0: bad: E06000911 does not exist before the plan's day",
            id="before its day",
        ),
        pytest.param("- {kind: merge, councils: [], into: E06000911}", "0: bad: changes.0.merge.councils", id="shape"),
    ],
)
def test_a_bad_plan_is_refused_with_its_line(changes: str, fault: str, tmp_path: Path, against: Against) -> None:
    assert any(said.startswith(fault) for said in refused(changes, tmp_path, against))


def test_a_code_that_is_not_provisional_is_refused(tmp_path: Path, against: Against) -> None:
    assert any("gss" in said for said in refused(MERGE, tmp_path, against, HEAD.replace("E06000911", "E06000070")))


def test_a_council_that_another_plan_ends_cannot_be_changed_again(against: Against) -> None:
    plan = load_plans("nottinghamshire", against, DATA)["nottinghamshire-1e"]
    other = plan.model_copy(update={"slug": "other"})
    planned = with_plans(against.register, [plan])
    for day, message in ((date(2028, 3, 1), "ends already on 1 April 2028, by another plan"), (plan.day, "has closed")):
        faults = check_plan(other.on_day(day), Against(planned, against.catalogue))
        assert any(message in fault.message for fault in faults)
