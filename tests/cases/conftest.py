"""The domain joined from its real parts: catalogue, register, every postcode, and databases from the migrations."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.database import engine_options, prepare_sqlite
from cases.actions.kit import Kit
from cases.actions.sync_register import sync_register
from cases.catalogue.loader import Catalogue, load_catalogue
from cases.models.staff import Appointment, Role, StaffUser
from cases.orm import Base
from cases.postcodes.build import built_in_path
from cases.postcodes.index import PostcodeIndex
from cases.postcodes.store import PostcodeStore
from cases.register.loader import load_register
from cases.register.register import Register
from cases.sealing import Sealer
from cases.triage import Triage
from cases.triage.agreements import load_agreements
from cases.understanding.building import ready_embedder, ready_model
from cases.understanding.reading import Understanding
from cases.urgent.loader import load_rota
from tests.cases.places import ASHFIELD, COUNTY, NOON
from tests.servers.databases import Databases

# A machine that does other work at the same time makes no property untrue.
settings.register_profile("domain", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("domain")

Sessions = Callable[..., Session]
STOCK = {"authorities", "authority_successions", "queues", "offices", "staff_users", "appointments"}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> PostcodeIndex:
    """Every postcode of the UK, from the installed package."""
    return PostcodeStore(tmp_path_factory.mktemp("home"), built_in_path(Path(sys.prefix))).current()


@pytest.fixture(scope="session")
def understanding(catalogue: Catalogue) -> Understanding:
    prefix = Path(sys.prefix)
    return Understanding(ready_model(prefix, catalogue), ready_embedder(prefix), catalogue)


@pytest.fixture(scope="session")
def triage_of(
    catalogue: Catalogue, index: PostcodeIndex, understanding: Understanding
) -> Callable[[str], Triage]:
    """``triage_of("hampshire-iow")``: triage as that partnership's installation has it."""
    made: dict[str, Triage] = {}

    def get(partnership: str) -> Triage:
        if partnership not in made:
            register, agreements = load_register(partnership), load_agreements(partnership)
            made[partnership] = Triage(
                catalogue, register, agreements, lambda: index, understanding=understanding
            )
        return made[partnership]

    return get


@pytest.fixture(scope="session")
def triage(triage_of: Callable[[str], Triage]) -> Triage:
    return triage_of("nottinghamshire")


@pytest.fixture(scope="session")
def register(triage: Triage) -> Register:
    return triage.register


@pytest.fixture
def kit(triage: Triage) -> Kit:
    """References and PINs are drawn in the same order in every run."""
    return Kit(
        triage_now=lambda: triage,
        sealer=Sealer(b"a key for tests", Random(1)),
        base_url="https://shirehall.example.org",
        partnership_name=triage.register.partnership.name,
        rota=load_rota("nottinghamshire"),
    )


@pytest.fixture
def kit_drawing(kit: Kit) -> Callable[[object], Kit]:
    """The kit with another source of randomness."""
    return lambda source: replace(kit, sealer=Sealer(b"a key for tests", source))  # type: ignore[arg-type]


def stock(engine: Engine, register: Register, catalogue: Catalogue) -> None:
    """The register's rows, and the staff whose ids are in ``tests.cases.places.STAFF``."""
    with Session(engine) as session:
        sync_register(session, register, catalogue)
        posts = [(Role.AGENT, None), (Role.OFFICER, COUNTY), (Role.OFFICER, ASHFIELD), (Role.OFFICER, COUNTY)]
        for number, (role, gss) in enumerate(posts, 1):
            staff = StaffUser(id=number, email=f"staff{number}@example.org", name=f"Staff {number}", created_at=NOON)
            staff.appointments = [Appointment(role=role, authority_gss=gss, starts_on=date(2026, 1, 1))]
            session.add(staff)
        session.commit()


def open_engine(url: str) -> Engine:
    engine = create_engine(**engine_options(url))
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


@contextmanager
def stocked(databases: Databases, register: Register, catalogue: Catalogue) -> Iterator[Engine]:
    with databases.migrated() as url:
        engine = open_engine(url)
        stock(engine, register, catalogue)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def stocked_sqlite(databases: Callable[[str], Databases], register: Register, catalogue: Catalogue) -> Iterator[Engine]:
    """One database with the register's rows, shared by all tests that roll back."""
    with stocked(databases("sqlite"), register, catalogue) as engine:
        yield engine


@pytest.fixture(scope="session")
def stocked_postgresql(
    postgresql_server: object, databases: Callable[[str], Databases], register: Register, catalogue: Catalogue
) -> Iterator[Engine]:
    """Names the server so that it outlives this database."""
    with stocked(databases("postgresql"), register, catalogue) as engine:
        yield engine


@pytest.fixture
def session(database_kind: str, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session whose every change, committed or not, is gone after the test."""
    engine: Engine = request.getfixturevalue(f"stocked_{database_kind}")
    with engine.connect() as connection:
        whole = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        whole.rollback()


@pytest.fixture
def sessions(database_kind: str, request: pytest.FixtureRequest) -> Iterator[Sessions]:
    """Sessions that really commit, each with a connection of its own; what they wrote is deleted after the test."""
    engine: Engine = request.getfixturevalue(f"stocked_{database_kind}")
    yield sessionmaker(engine)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in STOCK:
                connection.execute(table.delete())
