"""Migrations with at least one row in every table there is, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from app import migration
from app.config import Settings
from cases import models
from cases.actions.casework import message_customer
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.open_case import queue_by_slug
from cases.catalogue.loader import Catalogue
from cases.orm import Base
from cases.register.register import Register
from tests.cases.conftest import open_engine, stock
from tests.cases.contacts import PHONE, matter, open_one
from tests.cases.places import ASHFIELD, CITY, COUNTY_OFFICER, NOON, TODAY

LATER, LATEST = NOON + timedelta(hours=1), date(2026, 12, 18)


@pytest.fixture
def settings(tmp_path: Path, empty_database_url: str) -> Settings:
    return Settings.from_env({"SHIREHALL_HOME": str(tmp_path), "DATABASE_URL": empty_database_url})


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database_url)
    yield engine
    engine.dispose()


def fill_every_table(engine: Engine, kit: Kit, register: Register, catalogue: Catalogue) -> None:
    """By the actions where they write it, the rest by hand."""
    stock(engine, register, catalogue)
    with Session(engine) as session:
        case = open_one(session, kit, matter(answers={"size": "A metre"}))
        message = message_customer(session, case, COUNTY_OFFICER, "We come on Monday", "k", NOON)
        queue = queue_by_slug(session, "ashfield-waste")
        assert queue is not None
        hand_over(session, kit, case, COUNTY_OFFICER, queue, HandoverReason.WRONG_SERVICE, "A bin", LATER)
        (row,) = session.scalars(select(models.Matter))
        session.add_all(
            [
                models.Succession(predecessor_gss=ASHFIELD, successor_gss=CITY),
                models.InboxItem(provider="twilio", provider_id="SM1", kind="sms", received_at=NOON, payload=b"\x00"),
                models.MessageReceipt(provider_id="SM2", message_id=message.id, state="sent", received_at=NOON),
                models.TrackingCode(case_id=case.id, code_hash="x", created_at=NOON, expires_at=LATER),
                models.TextConversation(
                    their_number=PHONE,
                    our_number=PHONE,
                    matter_id=row.id,
                    asks_for="place",
                    asked_at=NOON,
                    lapses_at=LATER,
                ),
                models.Draft(
                    token_hash="t",
                    visitor_hash="v",
                    created_at=NOON,
                    updated_at=NOON,
                    expires_at=LATER,
                    contact_id=row.contact_id,
                ),
                models.Lease(name="sweep", holder="worker", until=LATER),
                models.Fact(name="demonstration", value={"seed": 1}),
                models.RuleChange(
                    subject=models.RuleSubject.SERVICE,
                    subject_slug="pothole",
                    after={},
                    starts_on=NOON.date(),
                    drafted_by_id=COUNTY_OFFICER,
                    drafted_at=NOON,
                    updated_at=NOON,
                ),
                models.Arbitration(case_id=case.id, cause=models.ArbitrationCause.NO_ANSWER, opened_at=NOON),
                models.CaseClock(
                    case_id=case.id, authority_gss=ASHFIELD, kind="foi", started_on=TODAY, due_on=LATEST
                ),
                plan := models.ReorganisationPlan(
                    slug="any",
                    number=1,
                    content={},
                    day=NOON.date(),
                    undo_until=LATER.date(),
                    planned_by_id=COUNTY_OFFICER,
                    planned_at=NOON,
                ),
                models.Attempt(purpose="sign-in", bucket="b", at=NOON, succeeded=True),
                models.Address(uprn="1", line="1 High Street", postcode="NG15 7AA", sort_key="1"),
                models.RotaPlace(
                    weekday=4, starts="09:00", ends="17:00", position=1, staff_user_id=COUNTY_OFFICER, phone=PHONE
                ),
                models.UrgentHandover(
                    case_id=case.id,
                    group_slug="highways",
                    stage=models.UrgentStage.AGENT,
                    opened_at=NOON,
                    next_at=LATER,
                    steps=[models.UrgentStep(seq=1, at=NOON, kind=models.StepKind.SUPERVISORS)],
                ),
                models.AuditEntry(at=NOON, action="case.read", subject_kind="case", subject_id=case.id, data={}),
            ]
        )
        session.flush()
        session.add(
            models.ReorganisationMove(
                plan_id=plan.id,
                case_id=case.id,
                stage_on=NOON.date(),
                way="whole",
                from_queue_id=queue.id,
                to_queue_id=queue.id,
                at=NOON,
            )
        )
        session.commit()


def counted(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def orphans(engine: Engine) -> list[object]:
    """PostgreSQL refuses them at once; SQLite only tells when it is asked."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")))


def test_every_table_has_a_row_to_test_with(
    settings: Settings, engine: Engine, kit: Kit, register: Register, catalogue: Catalogue
) -> None:
    migration.upgrade(settings)
    fill_every_table(engine, kit, register, catalogue)
    assert [name for name, count in counted(engine).items() if not count] == []


def test_every_step_back_and_forth_keeps_every_row(
    settings: Settings, engine: Engine, kit: Kit, register: Register, catalogue: Catalogue
) -> None:
    migration.upgrade(settings)
    fill_every_table(engine, kit, register, catalogue)
    before = counted(engine)
    script = ScriptDirectory.from_config(migration.alembic_config())
    for step in [revision.revision for revision in script.walk_revisions()][1:]:  # all but the one we are at
        engine.dispose()
        migration.downgrade(settings, step)
        with_it = set(inspect(engine).get_table_names())
        engine.dispose()
        migration.upgrade(settings)
        # A table that the step back took away comes back empty; every other row is still there.
        kept = {name: count if name in with_it else 0 for name, count in before.items()}
        assert (counted(engine), orphans(engine)) == (kept, [])
        before = kept


def test_full_tables_go_down_to_nothing_and_can_be_filled_again(
    settings: Settings, engine: Engine, kit: Kit, register: Register, catalogue: Catalogue
) -> None:
    migration.upgrade(settings)
    for _ in range(2):
        fill_every_table(engine, kit, register, catalogue)
        assert orphans(engine) == []
        engine.dispose()
        migration.downgrade(settings, "base")
        migration.upgrade(settings)
        assert sum(counted(engine).values()) == 0
