"""The PINs of what was sent: kept under the visitor's own pad until the one page that shows them has done so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.citizen.filling import Filling
from app.citizen.visitor import mask_pin, token_hash, unmask_pin, visitor_hash
from app.clock import now
from app.database import write_transaction
from app.extensions import db
from cases.actions.drafts import find_draft
from cases.actions.record_contact import Recorded

DOUBLE_CLICK = timedelta(seconds=60)  # a second sending this soon after the first is the same press of the button


def pins_to_show(filling: Filling, recorded: Recorded) -> dict[str, Any]:
    """For the draft: each PIN masked, by reference."""
    pins = {
        result.case.reference: mask_pin(result.pin, filling.token + result.case.reference)
        for result in recorded.results
        if result.case and result.pin
    }
    return {"pins": pins, "armed": True} if pins else {}


def show_pins_again(filling: Filling) -> None:
    """After a double click, whose first answer the browser threw away."""
    draft = filling.draft
    if draft.sent_at and now() - draft.sent_at <= DOUBLE_CLICK and draft.data.get("pins"):
        draft.data = {**draft.data, "armed": True}
        db.session.commit()


def take_pins(token: str) -> dict[str, str]:
    """The PINs by reference, the first time only."""
    visitor = visitor_hash()
    if visitor is None:
        return {}
    with write_transaction() as session:
        draft = find_draft(session, token_hash(token), visitor, now(), to_change=True)
        if draft is None or not draft.data.get("armed"):
            return {}
        draft.data = {**draft.data, "armed": False}
        masked: dict[str, str] = draft.data["pins"]
    return {reference: unmask_pin(pin, token + reference) for reference, pin in masked.items()}
