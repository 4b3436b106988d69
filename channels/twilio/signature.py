"""Whether a webhook comes from Twilio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

_ALGORITHMS = frozenset({HMAC_SHA1, HMAC_SHA256})


class SentForm(Protocol):
    """The form as it was sent: a name may come several times, and nothing has been cleaned."""

    def getlist(self, key: str) -> list[str]: ...
    def __iter__(self) -> object: ...


def public_url(base_url: str, path: str, query: str = "") -> str:
    """The address Twilio was given: built from the setting, never from what the request claims."""
    return f"{base_url.rstrip('/')}{path}" + (f"?{query}" if query else "")


def is_signed(token: str, url: str, form: SentForm, header: Callable[[str], str | None]) -> bool:
    """False for a missing or wrong signature and for an algorithm that we do not know. Raises nothing.

    ``header`` gives a header's value by its name in any case.
    """
    signature = header(SIGNATURE_HEADER) or ""
    algorithm = str(get_signature_algorithm(header(SIGNATURE_SETTINGS_HEADER) or "")).upper()
    if not token or not signature or algorithm not in _ALGORITHMS:
        return False
    try:
        return bool(RequestValidator(token).validate(url, form, signature, algorithm))
    except (UnicodeError, ValueError):
        return False
