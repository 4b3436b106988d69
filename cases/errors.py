"""The domain's errors. The web maps them to answers once, in ``app.errors``; a command prints their message."""

from __future__ import annotations


class ShirehallError(Exception):
    """Something the domain refuses. The message is a plain sentence fit to be shown to a person."""

    message = "Sorry, that cannot be done."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class NotFoundError(ShirehallError):
    """It does not exist, or the asker may not know that it does: both look the same from outside."""

    message = "We cannot find that."


class NotAllowedError(ShirehallError):
    """The asker may see it but may not do this to it."""

    message = "You do not have permission to do that."


class ConflictError(ShirehallError):
    """Somebody else changed it first, or it has moved on to a state where this makes no sense."""

    message = "Somebody else has changed this since you opened it."


class RuleError(ShirehallError):
    """A rule about one field is broken; a form shows the message beside that field."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class TooManyAttemptsError(ShirehallError):
    """Tried too often. ``retry_after`` is in seconds."""

    message = "You have tried too many times. Wait a while, then try again."

    def __init__(self, retry_after: int, message: str | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)
