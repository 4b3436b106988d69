"""Texts in and out over the real domain, catalogue, register and postcodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.models.case import Case
from cases.models.messages import InboxItem, InboxState, Message
from channels.sms.conversation import answer_text
from channels.sms.inbound import InboundText, read_bytes, to_bytes
from channels.sms.inbox import keep_inbound, process_inbox_item
from tests.cases.conftest import *  # noqa: F403 (the domain's fixtures serve here too)
from tests.cases.places import NOON

OUR_NUMBER = "+441154960000"
_ids = count(1)


@dataclass
class Phone:
    """A phone in somebody's hand. ``texts`` sends one and gives the words of the answer, or None."""

    session: Session
    kit: Kit
    number: str
    now: datetime

    def texts(self, body: str, **changes: object) -> str | None:
        message = self.sends(body, **changes)
        return message.words.text if message else None

    def sends(self, body: str, **changes: object) -> Message | None:
        item_id, done = self.delivers(body, **changes)
        assert done, self.session.get_one(InboxItem, item_id).error_code
        return self.session.scalar(select(Message).where(Message.dedupe_key == f"reply:{item_id}"))

    def delivers(self, body: str, **changes: object) -> tuple[int, bool]:
        text = InboundText(f"SM{next(_ids)}", self.number, OUR_NUMBER, body)
        text = replace(text, **changes)  # type: ignore[arg-type]
        item_id = keep_inbound(self.session, "twilio", text, to_bytes(text), self.now)
        assert item_id is not None
        done = process_inbox_item(self.session, item_id, self.handle, self.now)
        return item_id, done

    def handle(self, _: Session, item: InboxItem, now: datetime) -> None:
        assert item.state is InboxState.PENDING
        answer_text(self.session, self.kit, read_bytes(item.payload or b""), item.id, now)

    def later(self, **parts: float) -> Phone:
        return replace(self, now=self.now + timedelta(**parts))

    def case(self) -> Case:
        """The newest case there is."""
        case = self.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        self.session.refresh(case)
        return case


@pytest.fixture
def phone(session: Session, kit: Kit) -> Callable[..., Phone]:
    def make(number: str = "+447700900123") -> Phone:
        return Phone(session, kit, number, NOON)

    return make
