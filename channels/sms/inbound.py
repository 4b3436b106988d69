"""A text message that came in, whoever carried it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from cases.phones import find_phone

_DIALLABLE = re.compile(r"\+\d{7,15}")


@dataclass(frozen=True)
class InboundText:
    """``provider_id`` is the carrier's own id: the same text delivered twice has the same.

    ``stop_is_confirmed``: the carrier itself answers STOP and START, so that we must not.
    """

    provider_id: str
    their_number: str
    our_number: str
    body: str
    media_count: int = 0
    stop_is_confirmed: bool = False
    help_is_answered: bool = False


@dataclass(frozen=True)
class TextSender:
    """Who sent it. ``key`` is E.164, or what came when it is no number (a short code, a name).

    ``can_be_answered`` is False for those: an answer would reach nobody, or a machine that answers back.
    """

    key: str
    can_be_answered: bool


def read_sender(their_number: str) -> TextSender:
    phone = find_phone(their_number)
    if phone is None:
        return TextSender(their_number, bool(_DIALLABLE.fullmatch(their_number)))
    return TextSender(phone.e164, phone.takes_texts)


def to_bytes(text: InboundText) -> bytes:
    return json.dumps(asdict(text)).encode("ascii")


def read_bytes(payload: bytes) -> InboundText:
    return InboundText(**json.loads(payload))
