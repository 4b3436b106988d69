"""Whether the cases here are made up. Every page says so when they are."""

from __future__ import annotations

import time

from flask import Flask, current_app, g
from sqlalchemy.exc import SQLAlchemyError

from app.database import read_transaction
from cases.models.messages import Fact

NAME = "demonstration"
LOOK_AGAIN_SECONDS = 5


def init_app(app: Flask) -> None:
    app.extensions["demonstration"] = (False, float("-inf"))
    app.add_template_global(is_demonstration)


def is_demonstration() -> bool:
    """Whether the demonstration was loaded into this database: a :class:`Fact` says so."""
    loaded, until = current_app.extensions["demonstration"]
    if time.monotonic() < until or g.get("database_unavailable"):
        return bool(loaded)
    try:
        with read_transaction() as session:
            loaded = session.get(Fact, NAME) is not None
    except SQLAlchemyError as error:  # a page that needs no database is shown without one
        current_app.logger.error("cannot tell whether this is a demonstration", exc_info=error)
        return bool(loaded)
    current_app.extensions["demonstration"] = (loaded, time.monotonic() + LOOK_AGAIN_SECONDS)
    return bool(loaded)
