"""A plan takes effect at midnight in London, moves what is open, and can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.carry_out_plans import carry_out_plans
from cases.actions.casework import close_case, reopen_case, take_case
from cases.actions.given import NewMatter
from cases.actions.kit import Kit
from cases.actions.reorganise import call_off, plan_reorganisation
from cases.catalogue.loader import Catalogue
from cases.errors import ConflictError, RuleError
from cases.models import (
    Appointment,
    AuditEntry,
    Authority,
    Case,
    EventKind,
    Outcome,
    PlanState,
    Queue,
    ReorganisationMove,
    ReorganisationPlan,
    TriageDecision,
)
from cases.queries.plans import kit_with_plans
from cases.queries.tracking import find_tracked_case
from cases.register.register import Register
from cases.reorganisation.check import Against
from cases.reorganisation.loader import load_plans
from cases.reorganisation.schema import BoundaryMove, Merge, Part, Plan, Split
from tests.cases.contacts import matter, open_one, place, record
from tests.cases.places import (
    AGENT,
    ASHFIELD,
    ASHFIELD_OFFICER,
    BROXTOWE,
    CITY,
    COUNTY,
    DISTRICTS,
    IN_ASHFIELD,
    IN_CITY,
    IN_GEDLING,
    NOON,
)

NEW, SHERWOOD = "E06000911", "E06000912"
DAY = date(2027, 4, 1)  # in summer time: midnight in London is 23:00 UTC
MIDNIGHT = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
EVE = MIDNIGHT - timedelta(seconds=1)
LATER = MIDNIGHT + timedelta(days=3)
IN_BROXTOWE = "NG9 1AB"


@pytest.fixture(scope="session")
def plan(register: Register, catalogue: Catalogue) -> Plan:
    return load_plans("nottinghamshire", Against(register, catalogue))["nottinghamshire-1e"]


@pytest.fixture
def row(session: Session, kit: Kit, plan: Plan) -> ReorganisationPlan:
    return plan_reorganisation(session, kit, plan, DAY, AGENT, "It has been decided", NOON)


def work(session: Session, kit: Kit, now: datetime = MIDNIGHT, batch: int = 100) -> int:
    """As the worker does, until nothing is left to do."""
    moved = 0
    for _ in range(50):
        before = _progress(session)
        moved += carry_out_plans(session, kit, now, batch=batch)
        if _progress(session) == before:
            break
    session.expire_all()
    return moved


def _progress(session: Session) -> list[object]:
    session.flush()
    rows = session.scalars(select(ReorganisationPlan)).all()
    standing = ReorganisationMove.undone_at.is_(None)
    moves = session.scalar(select(func.count()).select_from(ReorganisationMove).where(standing))
    return [moves, *((r.state, r.staged_on, r.moved_on, r.scanned_to, r.is_moved_back) for r in rows)]


def where(case: Case) -> tuple[str | None, str | None, str]:
    return case.authority_gss, case.controller_gss, case.queue.slug


def in_broxtowe(service: str = "missed-bin") -> NewMatter:
    return matter(service, place=place(IN_BROXTOWE))


# --- planning -------------------------------------------------------------------------------------------------------


def test_planning_changes_nothing_before_its_day(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit_with_plans(session, kit), matter("missed-bin"))
    assert work(session, kit, EVE) == 0
    assert where(case) == (ASHFIELD, ASHFIELD, "ashfield-waste")
    assert row.state is PlanState.PLANNED
    assert session.scalar(select(Queue.is_open).where(Queue.slug == "sherwood-forest-waste")) is False
    assert session.get_one(Authority, ASHFIELD).closed_on == DAY


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [(NOON.date(), "Decided", "day"), (DAY, " ", "reason"), (date(2026, 11, 20), "Decided", "day")],
)
def test_a_plan_for_a_day_that_has_begun_or_without_a_reason_is_refused(
    session: Session, kit: Kit, plan: Plan, day: date, reason: str, field: str
) -> None:
    with pytest.raises(RuleError) as error:
        plan_reorganisation(session, kit, plan, day, AGENT, reason, NOON)
    assert error.value.field == field


def test_a_plan_has_one_day_at_a_time(session: Session, kit: Kit, plan: Plan, row: ReorganisationPlan) -> None:
    with pytest.raises(ConflictError):
        plan_reorganisation(session, kit, plan, DAY, AGENT, "Again", NOON)


def test_a_plan_that_ends_a_council_twice_is_refused(
    session: Session, kit: Kit, plan: Plan, row: ReorganisationPlan
) -> None:
    other = plan.model_copy(update={"slug": "other", "councils": (), "changes": (_into(CITY, BROXTOWE),)})
    with pytest.raises(RuleError, match="Broxtowe Borough Council has closed on 1 April 2027"):
        plan_reorganisation(session, kit, other, DAY, AGENT, "Why not", NOON)


def _into(gss: str, *councils: str) -> Merge:
    return Merge(kind="merge", councils=councils, into=gss)


def test_a_plan_called_off_leaves_everything_as_it_was(
    session: Session, kit: Kit, row: ReorganisationPlan, plan: Plan
) -> None:
    call_off(session, kit, row, AGENT, "It was quashed", EVE)
    assert work(session, kit, LATER) == 0
    assert session.get_one(Authority, ASHFIELD).closed_on is None
    assert session.get_one(Authority, ASHFIELD).successions == []
    again = plan_reorganisation(session, kit, plan, DAY, AGENT, "It was decided again", EVE - timedelta(days=2))
    assert again.number > row.number


# --- at midnight ----------------------------------------------------------------------------------------------------


def test_open_cases_move_with_their_history_at_midnight_in_london(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit, matter("missed-bin"))
    reference, pin, due, events = case.reference, case.pin_hash, case.due_at, case.last_event_seq
    assert work(session, kit) == 1
    assert where(case) == (SHERWOOD, SHERWOOD, "sherwood-forest-waste")
    assert (case.reference, case.pin_hash, case.due_at) == (reference, pin, due)
    assert [r.person.controller_gss for r in case.roles] == [SHERWOOD]
    assert case.place is not None and case.place.controller_gss == SHERWOOD
    assert case.last_event_seq == events + 1
    moved = case.events[-1]
    assert (moved.kind, moved.is_public, moved.data["reason"]) == (EventKind.HANDED_OVER, True, "reorganisation")
    decision = session.scalars(select(TriageDecision).order_by(TriageDecision.id.desc()).limit(1)).one()
    assert decision.rule == "plan:nottinghamshire-1e"
    (why,) = decision.reasons["public"]
    assert why == "Ashfield District Council became part of Sherwood Forest Council on 1 April 2027."
    assert "reorganisation" in set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == case.id)))


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        pytest.param(date(2027, 4, 1), datetime(2027, 3, 31, 23, 0, tzinfo=UTC), id="in summer time"),
        pytest.param(date(2027, 1, 1), datetime(2027, 1, 1, 0, 0, tzinfo=UTC), id="in winter time"),
    ],
)
def test_the_change_comes_with_the_day_in_london(
    session: Session, kit: Kit, plan: Plan, day: date, midnight: datetime
) -> None:
    plan_reorganisation(session, kit, plan, day, AGENT, "Decided", NOON)
    case = open_one(session, kit, matter("missed-bin"))
    work(session, kit, midnight - timedelta(seconds=1))
    assert case.authority_gss == ASHFIELD
    work(session, kit, midnight)
    assert case.authority_gss == SHERWOOD


def test_a_new_case_goes_to_the_successor_from_midnight_on_even_before_the_worker_came(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    with_plan = kit_with_plans(session, kit)
    (before,) = record(session, with_plan, matter("missed-bin"), received_at=EVE).cases
    (after,) = record(session, with_plan, matter("missed-bin"), received_at=MIDNIGHT).cases
    assert (before.authority_gss, after.authority_gss) == (ASHFIELD, SHERWOOD)
    (county,) = record(session, with_plan, matter("pothole"), received_at=MIDNIGHT).cases
    assert county.queue.slug == "sherwood-forest-highways"


def test_a_county_case_goes_by_its_place_and_one_without_a_place_to_the_front_desk(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    in_ashfield = open_one(session, kit, matter("pothole"))
    broxtowe = open_one(session, kit, matter("pothole", place=place(IN_BROXTOWE)))
    lost = open_one(session, kit, matter("pothole"))
    lost.place = None
    session.flush()
    work(session, kit)
    assert (in_ashfield.authority_gss, broxtowe.authority_gss) == (SHERWOOD, NEW)
    assert (lost.authority_gss, lost.queue.slug) == (None, "front-desk")
    assert lost.owner_id is None


def test_what_is_about_the_council_itself_or_is_sensitive_never_goes_to_the_front_desk(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    complaint = open_one(session, kit, matter("complaint", council=COUNTY, place=None))
    assert complaint.authority_gss == COUNTY
    sensitive = open_one(session, kit, matter("pothole"))
    sensitive.place, sensitive.is_sensitive = None, True
    session.flush()
    work(session, kit)
    assert (complaint.authority_gss, sensitive.authority_gss) == (SHERWOOD, SHERWOOD)
    assert complaint.queue.slug == "sherwood-forest-complaints"


def test_an_owner_keeps_the_case_because_staff_go_on_for_the_successor(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit, matter("missed-bin"))
    take_case(session, case, ASHFIELD_OFFICER, NOON)
    other = open_one(session, kit, matter("missed-bin"))
    take_case(session, other, AGENT, NOON)
    work(session, kit)
    assert (case.owner_id, other.owner_id) == (ASHFIELD_OFFICER, None)
    posts = session.scalars(select(Appointment).where(Appointment.staff_user_id == ASHFIELD_OFFICER)).all()
    assert {(post.authority_gss, post.starts_on) for post in posts} == {(ASHFIELD, date(2026, 1, 1)), (SHERWOOD, DAY)}


def test_an_area_team_keeps_its_service_and_hands_over_on_its_day(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    repair = open_one(session, kit, in_broxtowe("council-home-repair"))
    bin_case = open_one(session, kit, in_broxtowe())
    queue = repair.queue.slug
    work(session, kit)
    assert where(repair) == (NEW, NEW, queue)
    assert repair.queue.name.endswith("(Broxtowe area team)")
    assert bin_case.queue.slug == "greater-nottingham-waste"
    with_plan = kit_with_plans(session, kit)
    (new,) = record(session, with_plan, in_broxtowe("council-home-repair"), received_at=LATER).cases
    assert (new.authority_gss, new.queue.slug) == (NEW, queue)
    end = datetime(2028, 4, 1, 0, 0, tzinfo=UTC)
    work(session, kit, end)
    own = queue.replace("broxtowe", "greater-nottingham")
    assert (repair.queue.slug, new.queue.slug) == (own, own)
    assert session.scalar(select(Queue.is_open).where(Queue.slug == queue)) is False


def test_a_closed_case_stays_and_one_that_is_reopened_follows(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit, matter("missed-bin"))
    close_case(session, kit, case, ASHFIELD_OFFICER, Outcome.DONE, "", NOON, tell=False)
    work(session, kit)
    assert case.authority_gss == ASHFIELD
    reopen_case(session, case, ASHFIELD_OFFICER, LATER)
    work(session, kit, LATER)
    assert case.authority_gss == SHERWOOD


def test_an_old_reference_is_still_tracked_and_says_who_has_it_now(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit, matter("missed-bin"))
    work(session, kit)
    tracked = find_tracked_case(session, kit_with_plans(session, kit), case.reference)
    assert tracked is not None and tracked.authority_gss == SHERWOOD
    assert tracked.steps[-1].to_gss == SHERWOOD
    assert tracked.steps[-1].is_reorganisation


def test_a_split_goes_by_postcode(session: Session, kit: Kit, plan: Plan) -> None:
    split = Split(kind="split", council=ASHFIELD, parts=(Part(to=NEW, sectors=("NG15 7",)),), rest=SHERWOOD)
    changed = plan.model_copy(update={"slug": "split", "changes": (split,)})
    plan_reorganisation(session, kit, changed, DAY, AGENT, "Decided", NOON)
    hucknall = open_one(session, kit, matter("missed-bin", place=place(IN_ASHFIELD)))
    rest = open_one(session, kit, matter("missed-bin", place=place("NG17 4AA")))
    gedling = open_one(session, kit, matter("missed-bin", place=place(IN_GEDLING)))
    assert gedling.authority_gss not in (ASHFIELD, None)
    work(session, kit)
    assert (hucknall.authority_gss, rest.authority_gss) == (NEW, SHERWOOD)
    assert gedling.authority_gss in DISTRICTS


def test_a_boundary_move_takes_only_the_cases_of_its_postcodes(session: Session, kit: Kit, plan: Plan) -> None:
    later = DAY + timedelta(days=10)
    move = BoundaryMove(kind="boundary-move", council=CITY, part=Part(to=NEW, sectors=("NG1 5",)), on=later)
    changed = plan.model_copy(update={"slug": "boundary", "day": DAY, "changes": (_into(NEW, BROXTOWE), move)})
    plan_reorganisation(session, kit, changed, DAY, AGENT, "Decided", NOON)
    taken = open_one(session, kit, matter("missed-bin", place=place(IN_CITY)))
    stays = open_one(session, kit, matter("missed-bin", place=place("NG7 2AA")))
    assert (taken.authority_gss, stays.authority_gss) == (CITY, CITY)
    work(session, kit, LATER)
    assert taken.authority_gss == CITY, "its own day has not come"
    work(session, kit, MIDNIGHT + timedelta(days=10))
    assert (taken.authority_gss, stays.authority_gss) == (NEW, CITY)
    assert session.scalar(select(Queue.is_open).where(Queue.slug == "nottingham-waste"))


# --- restarting -----------------------------------------------------------------------------------------------------


def test_a_worker_killed_half_way_is_followed_by_one_that_goes_on(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    cases = [open_one(session, kit, matter("missed-bin")) for _ in range(5)]
    assert carry_out_plans(session, kit, MIDNIGHT, batch=2) == 2
    session.flush()
    with session.begin_nested() as half:
        carry_out_plans(session, kit, MIDNIGHT, batch=2)
        half.rollback()
    session.expire_all()
    work(session, kit, batch=2)
    assert {case.authority_gss for case in cases} == {SHERWOOD}
    assert session.scalar(select(func.count()).select_from(ReorganisationMove)) == 5
    for case in cases:
        assert sum(event.kind is EventKind.HANDED_OVER for event in case.events) == 1
    assert work(session, kit, LATER) == 0
