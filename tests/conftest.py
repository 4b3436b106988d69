"""Fixtures for all tests. What they start is in ``tests/servers``, what every page must be in ``tests/pages.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.pages import CheckedClient
from tests.servers import chromium as chromium_server
from tests.servers import postgresql, redis, site, smtp
from tests.servers.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.servers.parts import find_program, lacking

DATABASES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
]

# --- every page that any test fetches -------------------------------------------------------------------------------

Flask.test_client_class = CheckedClient


# --- databases ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.PostgreSQL]:
    """One throw-away server for each process of the test run."""
    programs = postgresql.find_server_programs()
    if programs is None:
        lacking("PostgreSQL 15 or later (initdb, postgres)", "postgresql")
    with postgresql.running_postgresql(programs) as server:
        yield server


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Databases]:
    """``databases("sqlite")`` or ``databases("postgresql")``: the maker of that kind, started when first asked for."""
    made: dict[str, Databases] = {}

    def migrate(url: str) -> None:
        from app import migration
        from app.config import Settings

        home = tmp_path_factory.mktemp("migrating")
        migration.upgrade(Settings.from_env({"SHIREHALL_HOME": str(home), "DATABASE_URL": url}))

    def get(kind: str) -> Databases:
        if kind not in made and kind == "sqlite":
            made[kind] = SqliteDatabases(tmp_path_factory.mktemp("sqlite"), migrate)
        elif kind not in made:
            made[kind] = PostgresqlDatabases(request.getfixturevalue("postgresql_server"), migrate)
        return made[kind]

    return get


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """A test that has a database runs once on each kind. Override it in a module to run on one of them only."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(database_kind: str, databases: Callable[[str], Databases]) -> Iterator[str]:
    """A database of its own, with this release's tables and no rows."""
    with databases(database_kind).migrated() as url:
        yield url


@pytest.fixture
def empty_database_url(database_kind: str, databases: Callable[[str], Databases]) -> Iterator[str]:
    """A database of its own, without a table."""
    with databases(database_kind).empty() as url:
        yield url


# --- other servers --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = find_program("redis-server")
    if program is None:
        lacking("Redis", "redis-server")
    with redis.running_redis(program, tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """An empty Redis."""
    redis.empty(redis_server)
    return redis_server


@pytest.fixture
def smtp_server() -> Iterator[smtp.MailServer]:
    """A mail server: its ``url``, and what it has ``received``."""
    with smtp.running_mail_server() as server:
        yield server


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve an application over HTTP until the test ends; its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(site.serving(app))


# --- the browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Path:
    program = chromium_server.find_chromium()
    if program is None:
        lacking("Chromium", "chromium")
    return program


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with chromium_server.running_chromium(chromium) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own at 1280 × 900. The test fails when a script threw or the content security policy was hit."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(15_000)
    page = context.new_page()
    faults = chromium_server.Faults(page)
    yield page
    context.close()
    assert faults.found == []


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)``: axe-core finds nothing against WCAG 2.2 A and AA."""
    return chromium_server.assert_accessible


# --- the application: app, client, session, clock -------------------------------------------------------------------
