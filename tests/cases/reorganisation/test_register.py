"""A plan laid over the register: who is responsible before and after its day, and once it is undone."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Tier
from cases.postcodes.index import PostcodeIndex
from cases.register.loader import load_register
from cases.register.register import Register
from cases.reorganisation.applying import with_plans
from cases.reorganisation.check import Against, check_plan
from cases.reorganisation.loader import load_plans
from cases.reorganisation.schema import BoundaryMove, Change, CountyEnds, Merge, NewCouncil, Part, Plan, Split
from cases.triage.agreements import load_agreements
from cases.triage.responsibility import settle
from tests.cases.places import ASHFIELD, BROXTOWE, CITY, COUNTY, DISTRICTS, IN_ASHFIELD, RUSHCLIFFE

DAY = date(2028, 4, 1)
EVE = DAY - timedelta(days=1)
ONE, OTHER = "E06000911", "E06000912"
MID, SOUTH_EAST, SOUTH_WEST = "E06000902", "E06000903", "E06000904"
HAMPSHIRE, NEW_FOREST, EAST_HAMPSHIRE, TEST_VALLEY, IOW = (
    *("E10000014", "E07000091", "E07000085", "E07000093"),
    "E06000046",
)
IN_TOTTON, IN_LYNDHURST, IN_CLANFIELD = "SO40 3AB", "SO43 7AB", "PO8 0AB"


@pytest.fixture(scope="module")
def hampshire() -> Register:
    return load_register("hampshire-iow")


@pytest.fixture(scope="module")
def hampshire_after(hampshire: Register, catalogue: Catalogue, index: PostcodeIndex) -> Register:
    plans = load_plans("hampshire-iow", Against(hampshire, catalogue, index))
    return with_plans(hampshire, [plans["hampshire-2028"]])


@pytest.fixture(scope="module")
def plan_1e(register: Register, catalogue: Catalogue, index: PostcodeIndex) -> Plan:
    return load_plans("nottinghamshire", Against(register, catalogue, index))["nottinghamshire-1e"]


def who(register: Register, tier: str, district: str, on: date, postcode: str | None = None) -> str | None:
    found = register.responsible_for(tier, district, on, postcode=postcode)  # type: ignore[arg-type]
    return found.gss if found else None


# --- the plans that are shipped -------------------------------------------------------------------------------------


def test_both_shipped_plans_are_marked_as_rehearsals(plan_1e: Plan, hampshire: Register, catalogue: Catalogue) -> None:
    (decided,) = load_plans("hampshire-iow", Against(hampshire, catalogue)).values()
    assert (decided.rehearsal, decided.standing) == (True, "decided")
    assert (plan_1e.rehearsal, plan_1e.standing) == (True, "proposal")


@pytest.mark.parametrize("tier", ["county", "district"])
@pytest.mark.parametrize(
    ("district", "postcode", "successor"),
    [
        ("E07000084", None, "E06000901"),
        ("E06000044", None, SOUTH_EAST),
        (NEW_FOREST, IN_TOTTON, SOUTH_WEST),
        (NEW_FOREST, IN_LYNDHURST, MID),
        (EAST_HAMPSHIRE, IN_CLANFIELD, SOUTH_EAST),
        (EAST_HAMPSHIRE, "GU31 4EX", MID),
        (TEST_VALLEY, "SO53 4AB", SOUTH_WEST),
        (IOW, None, IOW),
    ],
)
def test_hampshire_is_shared_out_by_its_day(
    hampshire: Register, hampshire_after: Register, tier: str, district: str, postcode: str | None, successor: str
) -> None:
    assert who(hampshire_after, tier, district, DAY, postcode) == successor
    assert who(hampshire_after, tier, district, EVE, postcode) == who(hampshire, tier, district, EVE, postcode)


def test_a_split_district_is_never_guessed_without_a_postcode(hampshire_after: Register) -> None:
    assert who(hampshire_after, "district", NEW_FOREST, DAY) is None
    heirs = hampshire_after.successors_of(NEW_FOREST, DAY)
    assert {heir.gss for heir in heirs} == {MID, SOUTH_WEST}
    assert {heir.gss for heir in hampshire_after.successors_of(HAMPSHIRE, DAY)} == {
        *("E06000901", MID, SOUTH_EAST, SOUTH_WEST)
    }


def test_what_is_about_the_council_itself_goes_to_its_heir(hampshire_after: Register) -> None:
    for gss in (NEW_FOREST, HAMPSHIRE):
        heir = hampshire_after.responsible_for("county", gss, DAY, as_council=True)
        assert heir is not None and heir.gss == MID


def test_every_postcode_of_hampshire_has_one_council_after_the_day(
    hampshire: Register, hampshire_after: Register, index: PostcodeIndex
) -> None:
    local = {a.gss for a in hampshire.authorities.values()}
    new = {"E06000901", MID, SOUTH_EAST, SOUTH_WEST, IOW}
    sectors = [s for s in index.sectors() if set(index.district_counts(s)) & local]
    for sector in sectors:
        for row in index.iter_sector(sector):
            if row.district_gss in local:
                assert who(hampshire_after, "county", row.district_gss, DAY, row.postcode) in new


def test_an_agreement_with_a_council_that_has_ended_is_over(
    register: Register, plan_1e: Plan, catalogue: Catalogue
) -> None:
    after, agreements = with_plans(register, [plan_1e]), load_agreements("nottinghamshire")
    fine = catalogue.services["parking-fine"]
    before = settle(after, agreements, fine, Tier.DISTRICT, ASHFIELD, EVE)
    later = settle(after, agreements, fine, Tier.DISTRICT, ASHFIELD, DAY)
    assert before and before.authority.gss == COUNTY
    assert later and later.authority.gss == OTHER


def test_an_area_team_goes_on_until_its_day(register: Register, plan_1e: Plan, catalogue: Catalogue) -> None:
    after, agreements = with_plans(register, [plan_1e]), load_agreements("nottinghamshire")
    repair = catalogue.services["council-home-repair"]
    teams = []
    for day in (EVE, DAY, date(2029, 3, 31), date(2029, 4, 1)):
        found = settle(after, agreements, repair, Tier.DISTRICT, BROXTOWE, day)
        assert found is not None
        teams.append((found.authority.gss, found.area_team.gss if found.area_team else None))
    assert teams == [(BROXTOWE, None), (ONE, BROXTOWE), (ONE, BROXTOWE), (ONE, None)]
    assert after.area_team("council-home-repair", "district", RUSHCLIFFE, DAY) is None


def test_a_plan_for_another_day_moves_all_its_dates(plan_1e: Plan) -> None:
    moved = plan_1e.on_day(date(2028, 4, 11))
    assert moved.stages() == (date(2028, 4, 11), date(2029, 4, 11))


def test_a_new_council_is_reached_by_former_councils_numbers(register: Register, plan_1e: Plan) -> None:
    after = with_plans(register, [plan_1e])
    for team in ("highways", "adult-social-care", "customer-services"):
        old, new = register.contact_line(COUNTY, team), after.contact_line(OTHER, team)
        assert old is not None and new is not None and new.phone == old.phone
    housing = after.contact_line(OTHER, "housing-options")
    assert housing is not None
    mansfield = register.contact_line("mansfield", "housing-options")
    assert mansfield is not None and housing.phone == mansfield.phone


# --- every plan: applied, then undone -------------------------------------------------------------------------------

COUNCILS = tuple(
    NewCouncil(gss=g, slug=s, name=s.title(), short_name=s.title(), council_homes=True, hours={})
    for g, s in ((ONE, "one"), (OTHER, "other"))
)
SECTORS = ("NG15 7", "NG15 6", "NG17 4", "NG17 7", "NG16 6")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan over Nottinghamshire that can be carried out."""
    goes_to = {gss: draw(st.sampled_from([ONE, OTHER])) for gss in (*DISTRICTS, CITY)}
    changes: list[Change] = []
    is_split = draw(st.booleans())
    for gss, to in goes_to.items():
        on = DAY + timedelta(days=draw(st.integers(0, 20)))
        if gss == ASHFIELD and is_split:
            sectors = draw(st.sets(st.sampled_from(SECTORS), min_size=1))
            part = Part(to=OTHER if to == ONE else ONE, sectors=tuple(sectors))
            changes.append(Split(kind="split", council=gss, parts=(part,), rest=to, on=on))
        elif gss == CITY and draw(st.booleans()):
            part = Part(to=to, sectors=("NG5 1",))
            changes.append(BoundaryMove(kind="boundary-move", council=CITY, part=part, on=on))
        else:
            changes.append(Merge(kind="merge", councils=(gss,), into=to, on=on))
    if draw(st.booleans()):
        on = DAY + timedelta(days=draw(st.integers(20, 30)))
        changes.append(CountyEnds(kind="county-ends", council=COUNTY, heir=OTHER, on=on))
    return Plan(
        slug="any",
        partnership="nottinghamshire",
        title="Any plan",
        standing="proposal",
        rehearsal=True,
        day=DAY,
        undo_days=14,
        summary="Any plan",
        source="Drawn",
        councils=COUNCILS,
        changes=tuple(draw(st.permutations(changes))),
    )


DAYS = [EVE + timedelta(days=n) for n in (0, 1, 5, 15, 22, 40)] + [date(2026, 11, 20)]
AREAS = (*DISTRICTS, CITY, COUNTY, "E06000046")
PLACES = list(product(AREAS, ("county", "district"), DAYS, (None, IN_ASHFIELD, "NG5 1AA")))


@given(plan=plans())
def test_a_plan_applied_and_undone_leaves_responsibility_as_it_was(
    plan: Plan, register: Register, catalogue: Catalogue
) -> None:
    assert check_plan(plan, Against(register, catalogue)) == []
    applied = with_plans(register, [plan])
    undone = with_plans(register, [], undone=[(plan, DAY + timedelta(days=3))])
    for district, tier, day, postcode in PLACES:
        was = who(register, tier, district, day, postcode)
        assert who(undone, tier, district, day, postcode) == was
        if day < DAY:
            assert who(applied, tier, district, day, postcode) == was
    assert list(undone.authorities) == list(register.authorities)
    assert list(undone.authorities_by_gss) == list(register.authorities_by_gss)
    assert undone.by_gss(ONE) is not None, "what went through it can still be named"


@given(plan=plans())
def test_after_a_plan_nobody_who_has_ended_is_responsible(plan: Plan, register: Register) -> None:
    applied = with_plans(register, [plan])
    for district, tier, day, postcode in PLACES:
        found = applied.responsible_for(tier, district, day, postcode=postcode)  # type: ignore[arg-type]
        assert found is None or found.is_open(day)


def test_a_plan_can_be_made_again_after_it_was_undone(plan_1e: Plan, register: Register, catalogue: Catalogue) -> None:
    undone = with_plans(register, [], undone=[(plan_1e, DAY)])
    assert check_plan(plan_1e, Against(undone, catalogue)) == []
    assert who(with_plans(undone, [plan_1e]), "county", BROXTOWE, DAY) == ONE


# --- parts given by ward --------------------------------------------------------------------------------------------

SPLIT_BY_WARD = Split(
    kind="split",
    council=ASHFIELD,
    parts=(Part(to=ONE, wards=("E05000001",), sectors=("NG17 4",)),),
    rest=OTHER,
)


@pytest.mark.parametrize(
    ("postcode", "successor"),
    [
        pytest.param("NG15 7AA", ONE, id="in the ward"),
        pytest.param("NG15 7AB", OTHER, id="in another ward"),
        pytest.param("NG15 7AD", None, id="ward not known"),
        pytest.param("NG17 4AA", ONE, id="ward not known, and its sector listed"),
    ],
)
def test_a_ward_decides_where_it_is_known(
    plan_1e: Plan, register: Register, postcode: str, successor: str | None
) -> None:
    wards = {"NG15 7AA": "E05000001", "NG15 7AB": "E05000002"}
    plan = plan_1e.model_copy(update={"changes": (SPLIT_BY_WARD,)})
    after = with_plans(register, [plan], ward_of=wards.get)
    assert who(after, "district", ASHFIELD, DAY, postcode) == successor


def test_a_boundary_move_takes_its_postcodes_and_leaves_the_council(plan_1e: Plan, register: Register) -> None:
    move = BoundaryMove(kind="boundary-move", council=CITY, part=Part(to=ONE, postcodes=("NG5 1AA",)))
    after = with_plans(register, [plan_1e.model_copy(update={"changes": (move,)})])
    assert who(after, "county", CITY, DAY, "NG5 1AA") == ONE
    assert who(after, "county", CITY, DAY, "NG5 1AB") == CITY
    assert who(after, "county", CITY, DAY) is None, "without a postcode it is not guessed"
    itself = after.responsible_for("county", CITY, DAY, as_council=True)
    assert itself is not None and itself.gss == CITY
