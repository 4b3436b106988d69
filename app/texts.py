"""A text on its way in, from the webhook or the handset: kept, then acted on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.wiring import the_kit
from cases.models.messages import InboxItem
from channels.sms import inbound
from channels.sms.conversation import answer_text
from channels.sms.inbound import InboundText
from channels.sms.inbox import keep_inbound, process_inbox_item
from channels.twilio import payloads

HANDSET = "handset"
_READERS: Mapping[str, Callable[[bytes], InboundText]] = {
    HANDSET: inbound.read_bytes,
    payloads.PROVIDER: payloads.read_bytes,
}


def take_in(provider: str, text: InboundText, payload: bytes) -> bool:
    """Keep one text and act on it; False when it had come before. Commits twice.

    A process that is ended while it acts, or a database that goes away, then delays the text: nobody sends it again.
    """
    session, at = db.session, now()
    item_id = keep_inbound(session, provider, text, payload, at)
    session.commit()
    if item_id is not None:
        process_inbox_item(session, item_id, handle_item, at)
        session.commit()
    return item_id is not None


def handle_item(session: Session, item: InboxItem, at: datetime) -> None:
    """Act on a kept text as it arrived; what was blanked meanwhile is left alone."""
    if item.payload is not None:
        answer_text(session, the_kit(), _READERS[item.provider](item.payload), item.id, at)
