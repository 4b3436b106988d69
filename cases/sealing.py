"""Randomness and keyed hashes, passed in so that tests can fix them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from cases.references import RandomSource, new_pin, new_reference, system_random

_TOKEN_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without the letters and digits that look alike


@dataclass(frozen=True)
class Sealer:
    """Makes references, PINs and tokens, and the keyed hashes that stand for secrets in the database.

    ``key`` is the installation's secret: a stolen database alone does not let anybody try out PINs.
    """

    key: bytes = field(repr=False)
    random: RandomSource = field(default_factory=system_random)

    def seal(self, purpose: str, *parts: str) -> str:
        """Hex digest of the parts for one purpose; the same parts for another purpose give another digest."""
        message = "\x1f".join((purpose, *parts)).encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()

    def matches(self, sealed: str | None, purpose: str, *parts: str) -> bool:
        """Constant time; a missing hash takes as long as a wrong one."""
        return hmac.compare_digest(sealed or "0" * 64, self.seal(purpose, *parts)) and sealed is not None

    def new_reference(self) -> str:
        return new_reference(self.random)

    def new_pin(self) -> str:
        return new_pin(self.random)

    def new_token(self, length: int = 26) -> str:
        """Lower-case letters and digits; 26 of them are 130 bits."""
        return "".join(_TOKEN_ALPHABET[self.random.randrange(0, len(_TOKEN_ALPHABET))] for _ in range(length))
