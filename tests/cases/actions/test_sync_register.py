"""The register's files become rows, as often as it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.sync_register import sync_register
from cases.catalogue.loader import Catalogue
from cases.models import Authority, Office, Queue, Succession
from cases.register.loader import load_register
from cases.register.register import Register
from tests.cases.places import ASHFIELD, COUNTY, DISTRICTS


def counted(session: Session) -> list[int]:
    return [
        session.scalar(select(func.count()).select_from(model)) or 0 for model in (Authority, Queue, Office, Succession)
    ]


def test_running_it_again_adds_nothing(session: Session, register: Register, catalogue: Catalogue) -> None:
    before = counted(session)
    assert before[0] == 9 and before[1] > 100 and before[2] > 0
    sync_register(session, register, catalogue)
    assert counted(session) == before


def test_the_front_desk_has_a_queue_of_nobodys(session: Session) -> None:
    queue = session.scalars(select(Queue).where(Queue.slug == "front-desk")).one()
    assert (queue.authority_gss, queue.team) == (None, "front-desk")


def test_districts_have_their_county_as_parent(session: Session) -> None:
    parents = session.scalars(select(Authority.parent_gss).where(Authority.gss.in_(DISTRICTS))).all()
    assert set(parents) == {COUNTY}


@pytest.mark.parametrize("team", ["customer-services", "complaints", "information-governance"])
def test_every_council_has_the_teams_that_every_council_has(session: Session, team: str) -> None:
    councils = session.scalars(select(Queue.authority_gss).where(Queue.team == team)).all()
    assert len(councils) == len(set(councils)) == 9


@pytest.mark.parametrize(("slug", "is_there"), [("ashfield-waste", True), ("ashfield-registration", False)])
def test_a_council_has_queues_for_its_own_tier_only(session: Session, slug: str, is_there: bool) -> None:
    assert (session.scalar(select(Queue).where(Queue.slug == slug)) is not None) is is_there


def test_a_new_name_and_a_closing_day_are_taken_over(
    session: Session, register: Register, catalogue: Catalogue
) -> None:
    ashfield = replace(
        register.authorities["ashfield"], name="Ashfield Council", closed=date(2028, 4, 1), successors=(COUNTY,)
    )
    changed = replace(register, authorities={**register.authorities, "ashfield": ashfield})
    for _ in range(2):
        sync_register(session, changed, catalogue)
    row = session.get_one(Authority, ASHFIELD)
    assert (row.name, row.closed_on) == ("Ashfield Council", date(2028, 4, 1))
    assert [s.successor_gss for s in row.successions] == [COUNTY]


def test_the_other_partnership_fits_the_same_tables(
    sessions: Callable[..., Session], catalogue: Catalogue, database_kind: str
) -> None:
    with sessions() as session:
        sync_register(session, load_register("hampshire-iow"), catalogue)
        assert session.scalar(select(func.count()).select_from(Authority)) == 9 + 15
        session.rollback()
