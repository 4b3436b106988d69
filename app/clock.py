"""The one place that reads the machine's clock. Everything below the edge is told what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from flask import current_app


class Clock(Protocol):
    def now(self) -> datetime:
        """The time now, aware and in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def now() -> datetime:
    """The application's time: the injected clock of tests, the machine's otherwise."""
    clock: Clock = current_app.extensions["clock"]
    return clock.now()
