"""Whether this process runs (``/healthz``) and whether it can serve (``/readyz``)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, current_app

from app import migration
from app.extensions import db
from app.permissions import public

Check = Callable[[], None]
blueprint = Blueprint("health", __name__)


class NotReadyError(Exception):
    """A part cannot be used. The message goes to the log only."""


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    add_check(app, "database", check_database)
    add_check(app, "migrations", check_migrations)
    if "postcodes" in app.extensions:
        add_check(app, "postcodes", check_postcodes)


def add_check(app: Flask, name: str, check: Check) -> None:
    """Let ``/readyz`` ask one part more; ``check`` raises whatever it likes when the part cannot be used."""
    app.extensions.setdefault("readiness", {})[name] = check


@blueprint.get("/healthz")
@public
def show_process() -> dict[str, str]:
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def show_parts() -> tuple[dict[str, object], int]:
    checks: dict[str, Check] = current_app.extensions["readiness"]
    found = {name: _is_ready(name, check) for name, check in checks.items()}
    ready = all(found.values())
    said = {name: "ok" if fine else "failed" for name, fine in found.items()}
    return {"status": "ok" if ready else "failed", "checks": said}, 200 if ready else 503


def check_database() -> None:
    with db.engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        connection.exec_driver_sql("select 1")


def check_migrations() -> None:
    with db.engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        here = migration.current_revision(connection)
    if here != migration.head_revision():
        raise NotReadyError(f"the tables are at {here}: run flask db upgrade")


def check_postcodes() -> None:
    if not len(current_app.extensions["postcodes"]):
        raise NotReadyError("the postcode index is empty")


def _is_ready(name: str, check: Check) -> bool:
    try:
        check()
    except Exception as error:  # whatever is wrong with a part, the answer is that it is not ready
        current_app.logger.error("not ready: %s", name, exc_info=error)
        return False
    return True
