"""A throw-away PostgreSQL server, and databases in it. It never runs as root: then it runs as the user postgres."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.servers.parts import find_program, free_port

SUPERUSER = "postgres"
# The tables' owner is an ordinary role: a superuser would see past every row-level policy.
OWNER = "shirehall"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "autovacuum": "off",
    "shared_buffers": "64MB",
}
SECONDS_TO_START = 30.0
TRIES = 5


def find_server_programs() -> Path | None:
    """The folder with initdb and postgres of the newest version that is installed, 15 or later."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if (initdb := find_program("initdb")) and (initdb.parent / "postgres").exists():
        folders.append(initdb.parent)
    versions = {_version(folder): folder for folder in folders}
    newest = max(versions, default=0)
    return versions[newest] if newest >= 15 else None


def _version(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


class PostgreSQL:
    """The running server; databases are made and dropped by name."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, name: str) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{name}"

    def superuser_url(self, name: str) -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> str:
        """A database that ``shirehall`` owns, a copy of ``template``; its address."""
        self._say("create database {} owner {} template {}", name, OWNER, template)
        return self.url(name)

    def drop(self, name: str) -> None:
        self._say("drop database if exists {} with (force)", name)

    def _say(self, words: str, *names: str) -> None:
        with psycopg.connect(self.superuser_url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


@contextmanager
def running_postgresql(programs: Path, settings: dict[str, str] | None = None) -> Iterator[PostgreSQL]:
    """``settings`` stand over :data:`SETTINGS`, for whom the speed of a server that keeps its promises matters."""
    folder = Path(tempfile.mkdtemp(prefix="shirehall-postgresql-"))
    who = _who_may_run_it(folder)
    try:
        make = [programs / "initdb", "-D", folder / "data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*make, "--locale=C"], check=True, capture_output=True, cwd=folder, **who)
        with _started(programs, folder, who, SETTINGS | (settings or {})) as port:
            with psycopg.connect(f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres", autocommit=True) as connection:
                connection.execute(f"create role {OWNER} login createdb")
            yield PostgreSQL(port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _who_may_run_it(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(SUPERUSER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def _started(programs: Path, folder: Path, who: dict[str, Any], settings: dict[str, str]) -> Iterator[int]:
    """Its port. A port that somebody took meanwhile ends the server at once: then another is tried."""
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    for _ in range(TRIES):
        port = free_port()
        command = [programs / "postgres", "-D", folder / "data", "-p", str(port), *options]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
        try:
            if _answers(process, port):
                yield port
                return
        finally:
            process.send_signal(signal.SIGINT)  # a fast end: SIGTERM would wait for every client
            process.wait(20)
    raise RuntimeError("the throw-away PostgreSQL server did not start")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres", connect_timeout=5).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False
