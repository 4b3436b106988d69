"""Two workers, and two administrators, at the same plan in the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from cases.actions.carry_out_plans import carry_out_plans
from cases.actions.kit import Kit
from cases.actions.reorganise import plan_reorganisation
from cases.catalogue.loader import Catalogue
from cases.errors import ConflictError
from cases.models import Case, Event, EventKind, ReorganisationMove
from cases.register.register import Register
from cases.reorganisation.check import Against
from cases.reorganisation.loader import load_plans
from cases.reorganisation.schema import Plan
from cases.sealing import Sealer
from tests.cases.actions.test_races import at_once
from tests.cases.actions.test_reorganise import DAY, MIDNIGHT, SHERWOOD
from tests.cases.conftest import Sessions, stocked
from tests.cases.contacts import matter, open_one
from tests.cases.places import AGENT, NOON
from tests.servers.databases import Databases


@pytest.fixture
def engine(
    database_kind: str, databases: Callable[[str], Databases], register: Register, catalogue: Catalogue
) -> Iterator[Engine]:
    """A database of its own, because a plan changes the councils' rows."""
    with stocked(databases(database_kind), register, catalogue) as engine:
        yield engine


@pytest.fixture
def committed(engine: Engine) -> Sessions:
    return sessionmaker(engine)


@pytest.fixture
def plan(register: Register, catalogue: Catalogue) -> Plan:
    return load_plans("nottinghamshire", Against(register, catalogue))["nottinghamshire-1e"]


@pytest.fixture
def kit(kit: Kit) -> Kit:
    return replace(kit, sealer=Sealer(b"a key for tests"))


def test_two_workers_move_each_case_once(committed: Sessions, kit: Kit, plan: Plan) -> None:
    with committed() as session:
        for _ in range(6):
            open_one(session, kit, matter("missed-bin"))
        plan_reorganisation(session, kit, plan, DAY, AGENT, "Decided", NOON)
        session.commit()

    def act(session: Session) -> int:
        return carry_out_plans(session, kit, MIDNIGHT, batch=2)

    moved = [int(str(n)) for n in at_once(committed, act, 4)]
    assert sum(moved) == 6
    with committed() as session:
        assert session.scalar(select(func.count()).select_from(ReorganisationMove)) == 6
        events = select(func.count()).select_from(Event).where(Event.kind == EventKind.HANDED_OVER)
        assert session.scalar(events) == 6
        assert set(session.scalars(select(Case.authority_gss))) == {SHERWOOD}


def test_two_who_plan_in_the_same_moment_make_one_plan(committed: Sessions, kit: Kit, plan: Plan) -> None:
    def act(session: Session) -> str:
        try:
            plan_reorganisation(session, kit, plan, DAY, AGENT, "Decided", NOON)
        except ConflictError:
            session.rollback()
            return "refused"
        return "planned"

    assert sorted(str(said) for said in at_once(committed, act, 3)) == ["planned", "refused", "refused"]
