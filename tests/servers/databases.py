"""Databases with this release's tables: migrated once on each kind, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.servers.postgresql import PostgreSQL

Migrate = Callable[[str], None]
TEMPLATE = "migrated"


class Databases(Protocol):
    """Makes databases of one kind; each is an address, gone afterwards."""

    def empty(self) -> AbstractContextManager[str]: ...

    def migrated(self) -> AbstractContextManager[str]: ...


class SqliteDatabases:
    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self._folder = folder
        self._migrate = migrate
        self._numbers = count(1)

    @contextmanager
    def empty(self) -> Iterator[str]:
        path = self._folder / f"test-{next(self._numbers)}.sqlite3"
        yield f"sqlite:///{path}"
        for left in self._folder.glob(f"{path.name}*"):
            left.unlink()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        template = self._folder / f"{TEMPLATE}.sqlite3"
        if not template.exists():
            self._migrate(f"sqlite:///{template}")
        with self.empty() as url:
            shutil.copyfile(template, url.removeprefix("sqlite:///"))
            yield url


class PostgresqlDatabases:
    def __init__(self, server: PostgreSQL, migrate: Migrate) -> None:
        self._server = server
        self._migrate = migrate
        self._numbers = count(1)
        self._has_template = False

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._copy_of("template0") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        if not self._has_template:
            self._migrate(self._server.create(TEMPLATE))
            self._has_template = True
        with self._copy_of(TEMPLATE) as url:
            yield url

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        try:
            yield self._server.create(name, template)
        finally:
            self._server.drop(name)
