"""A new PIN for somebody who has lost theirs, once staff know who is asking."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.actions.timeline import add_event, keep_words
from cases.errors import RuleError
from cases.models.case import Case, EventKind
from cases.models.words import WordsKind


def new_pin_for(session: Session, kit: Kit, case: Case, staff_id: int, now: datetime) -> str:
    """The new PIN in clear, to be told once; the one before stops working.

    Raises RuleError for a sensitive case, which nobody can follow by web. The caller has loaded the case with its
    access check, and staff have made sure that they speak to somebody of the case.
    """
    if case.is_sensitive:
        raise RuleError("pin", "This case cannot be followed by web, so it has no PIN.")
    pin = kit.sealer.new_pin()
    case.pin_hash = kit.sealer.seal("pin", case.reference, pin)
    words = keep_words(session, "A new PIN was given to the customer.", WordsKind.NOTE, case.controller_gss, now)
    add_event(session, case, EventKind.NOTE, now, actor_id=staff_id, words=words)
    session.flush()
    return pin
