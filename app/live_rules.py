"""The triage under the rules in force: files, with administrators' changes and plans of reorganisation laid over.

A change put in force by any process is seen by each process within its next request, job or command. Rules are laid
over in a few milliseconds; only words taught by hand make a process read its phrases again, once, on that request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import date
from typing import NamedTuple

from flask import Flask, g, has_app_context
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import now
from app.database import read_transaction
from cases.local_day import london_day
from cases.queries.plans import newest_changes, triage_with_plans
from cases.queries.rules import changes_in_force
from cases.rules.layering import lay_over, taught_words
from cases.triage.engine import Triage

Words = Mapping[str, tuple[str, ...]]
log = logging.getLogger("shirehall.rules")


class Stamp(NamedTuple):
    """What the rules in memory were made of; another one means that they must be made anew."""

    newest: int | None
    newest_plan: int | None
    today: date


class LiveTriage:
    """``understanding`` gives the triage under the files' rules, with these further words taught by hand."""

    def __init__(self, app: Flask, understanding: Callable[[Words], Triage]) -> None:
        self._app, self._understanding = app, understanding
        self._made: tuple[Stamp, Triage] | None = None

    def as_delivered(self) -> Triage:
        """Under the rules of the files alone."""
        return self._understanding({})

    def current(self) -> Triage:
        with nullcontext() if has_app_context() else self._app.app_context():
            found: Triage | None = g.get("triage_in_force")
            if found is None:
                found = g.triage_in_force = self._in_force()
            return found

    def _in_force(self) -> Triage:
        today = london_day(now())
        try:
            with read_transaction() as session:
                stamp = Stamp(*newest_changes(session), today)
                if self._made is None or self._made[0] != stamp:
                    self._made = stamp, self._make(session, today)
        except (SQLAlchemyError, ValidationError) as error:
            # Without its database, or with a change that this release cannot read, the site still says who does what:
            # by the last rules that it knew.
            log.error("rules not read: %s", type(error).__name__)
        return self._made[1] if self._made else self.as_delivered()

    def _make(self, session: Session, today: date) -> Triage:
        changes = changes_in_force(session)
        triage = self._understanding(taught_words(changes, today))
        return triage_with_plans(session, triage.under(lay_over(triage.rules, changes, today)))
