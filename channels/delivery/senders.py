"""What every way of sending has in common; each provider says its fate in these words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cases.models.contact import Channel


@dataclass(frozen=True)
class Outgoing:
    """One message in hand. ``message_id`` is our row's: it travels with the message where a provider lets it."""

    message_id: int
    channel: Channel
    to_value: str
    from_value: str | None
    purpose: str
    text: str


@dataclass(frozen=True)
class Sent:
    """``is_delivered``: no receipt will follow, because none is needed."""

    provider_id: str | None
    is_delivered: bool = False


class Fate(StrEnum):
    """What a failed try means for the message."""

    PERMANENT = "permanent"  # trying again will not help
    TEMPORARY = "temporary"  # it has certainly not gone: try again later
    UNCERTAIN = "uncertain"  # it may have gone: never repeated blindly


class SendError(Exception):
    """``retry_after`` is in seconds, when the provider named a time."""

    def __init__(self, fate: Fate, code: str, retry_after: float | None = None) -> None:
        self.fate, self.code, self.retry_after = fate, code[:80], retry_after
        super().__init__(f"{fate.value}: {self.code}")


class Sender(Protocol):
    """``is_repeatable``: sending the same row twice is seen only once, so a lost try needs nobody to look."""

    @property
    def is_repeatable(self) -> bool: ...

    def send(self, outgoing: Outgoing) -> Sent:
        """Raises :class:`SendError`, and nothing else on purpose. No transaction is open meanwhile."""


class HandsetSender:
    """The handset page reads the outbox itself: putting the row there was the sending."""

    is_repeatable = True

    def send(self, outgoing: Outgoing) -> Sent:
        return Sent(f"handset-{outgoing.message_id}", is_delivered=True)


class KeptSender:
    """For a channel nobody has set up (e-mail without a mail server, letters): the message stays to be read."""

    is_repeatable = True

    def __init__(self, code: str) -> None:
        self._code = code

    def send(self, outgoing: Outgoing) -> Sent:
        raise SendError(Fate.PERMANENT, self._code)
