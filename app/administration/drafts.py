"""Changing a draft: the form opens on what it says, and the draft made of it takes its place."""

from __future__ import annotations

from flask import request

from app.administration.typed import Typed
from app.clock import now
from app.extensions import db
from app.permissions import current_actor
from app.wiring import the_kit
from cases.actions.change_rules import discard_draft
from cases.models.rules import RuleChange, RuleState, RuleSubject
from cases.row_ids import LARGEST


def draft_to_change(subject: RuleSubject, slug: str | None = None) -> RuleChange | None:
    """The draft that the address names, if it is one of this subject."""
    draft = _draft(request.args.get("draft", ""))
    return draft if draft and draft.subject is subject and slug in (None, draft.subject_slug) else None


def throw_away_replaced(form: Typed, by: RuleChange) -> None:
    replaced = _draft(form.text("draft"))
    if replaced and (replaced.subject, replaced.subject_slug) == (by.subject, by.subject_slug):
        discard_draft(db.session, the_kit(), current_actor(), replaced, replaced.version_id, now())


def _draft(typed: str) -> RuleChange | None:
    if not (typed.isascii() and typed.isdigit() and int(typed[:20]) <= LARGEST):
        return None
    draft = db.session.get(RuleChange, int(typed[:20]))
    return draft if draft and draft.state is RuleState.DRAFT else None
