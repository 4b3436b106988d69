"""A plan of reorganisation is undone: councils at once, cases by the worker, until the cut-off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.casework import take_case
from cases.actions.kit import Kit
from cases.actions.reorganise import plan_reorganisation, undo
from cases.errors import ConflictError
from cases.models import Appointment, PlanState, Queue, ReorganisationPlan
from cases.queries.plans import kit_with_plans, register_with_plans
from cases.reorganisation.schema import Merge, Plan
from tests.cases.actions.test_reorganise import DAY, LATER, MIDNIGHT, NEW, SHERWOOD, in_broxtowe, plan, row, where, work
from tests.cases.contacts import matter, open_one, record
from tests.cases.places import AGENT, ASHFIELD, ASHFIELD_OFFICER, CITY, COUNTY, DISTRICTS, NOON

__all__ = ["plan", "row"]


def test_a_plan_undone_leaves_responsibility_and_cases_as_they_were(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit, matter("missed-bin"))
    take_case(session, case, ASHFIELD_OFFICER, NOON)
    repair = open_one(session, kit, in_broxtowe("council-home-repair"))
    queues = {q.slug: (q.name, q.authority_gss, q.is_open) for q in session.scalars(select(Queue)) if _is_old(q)}
    before = [where(case), where(repair)]
    work(session, kit)
    (since,) = record(session, kit_with_plans(session, kit), matter("pothole"), received_at=LATER).cases
    undo(session, kit, row, AGENT, "A court has quashed it", LATER)
    work(session, kit, LATER)
    assert [where(case), where(repair)] == before
    assert case.owner_id == ASHFIELD_OFFICER
    assert since.authority_gss == COUNTY, "what was opened since goes to whom the restored rules name"
    register = register_with_plans(session, kit.register)
    for gss in (*DISTRICTS, CITY):
        for tier in ("county", "district"):
            was = kit.register.responsible_for(tier, gss, LATER.date())  # type: ignore[arg-type]
            now = register.responsible_for(tier, gss, LATER.date())  # type: ignore[arg-type]
            assert was is not None and now is not None and was.gss == now.gss
    after = {q.slug: (q.name, q.authority_gss, q.is_open) for q in session.scalars(select(Queue)) if _is_old(q)}
    assert after == {slug: (*known[:2], True) for slug, known in queues.items()}
    assert not session.scalars(select(Appointment).where(Appointment.authority_gss.in_([NEW, SHERWOOD]))).all()
    assert kit_with_plans(session, kit).authority_name(SHERWOOD) == "Sherwood Forest Council"


def _is_old(queue: Queue) -> bool:
    return queue.authority_gss not in (NEW, SHERWOOD) or queue.slug.startswith("broxtowe")


def test_undoing_ends_with_the_cut_off(session: Session, kit: Kit, row: ReorganisationPlan) -> None:
    work(session, kit)
    with pytest.raises(ConflictError, match="until 15 April 2027"):
        undo(session, kit, row, AGENT, "Too late", MIDNIGHT + timedelta(days=14))
    undo(session, kit, row, AGENT, "In time", MIDNIGHT + timedelta(days=14, seconds=-1))
    assert row.state is PlanState.UNDONE


def test_a_case_that_was_handed_on_since_is_left_where_it_is(
    session: Session, kit: Kit, row: ReorganisationPlan
) -> None:
    case = open_one(session, kit, matter("missed-bin"))
    work(session, kit)
    front = session.scalars(select(Queue).where(Queue.slug == "front-desk")).one()
    case.queue_id, case.queue, case.authority_gss = front.id, front, None
    session.flush()
    undo(session, kit, row, AGENT, "Quashed", LATER)
    work(session, kit, LATER)
    assert case.authority_gss is None


def test_a_plan_that_another_builds_on_cannot_be_undone_first(
    session: Session, kit: Kit, plan: Plan, row: ReorganisationPlan
) -> None:
    work(session, kit)
    further = plan.model_copy(
        update={"slug": "further", "councils": (), "changes": (Merge(kind="merge", councils=(NEW,), into=SHERWOOD),)}
    )
    plan_reorganisation(session, kit, further, DAY + timedelta(days=400), AGENT, "Decided", LATER)
    with pytest.raises(ConflictError, match="builds on this one"):
        undo(session, kit, row, AGENT, "Quashed", LATER)


def test_a_plan_that_a_later_register_does_not_fit_is_left_out_and_stops_nothing(
    session: Session, kit: Kit, row: ReorganisationPlan, caplog: pytest.LogCaptureFixture
) -> None:
    content = dict(row.content)
    content["changes"] = [{"kind": "merge", "councils": ["E07999999"], "into": NEW}]
    row.content = content
    session.flush()
    register = register_with_plans(session, kit.register)
    assert register.is_open(ASHFIELD, LATER.date())
    assert "left out" in caplog.text
    case = open_one(session, kit, matter("missed-bin"))
    assert work(session, kit, LATER) == 0
    assert case.authority_gss == ASHFIELD
