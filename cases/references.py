"""Case references and PINs.

A reference is ten digits, shown ``4719-0362-58``: random, with a check digit, never sequential. It starts with
4 or 6, which no UK national phone number does, and its last digit is a Damm check (every single wrong digit and
every swap of neighbours is found). Those whose last digit would also satisfy the NHS number's modulus 11 are not
given out, so a reference is never an NHS number.
"""

from __future__ import annotations

import re
import secrets
from typing import Protocol

# H. M. Damm's totally anti-symmetric quasigroup of order 10 (dissertation, Marburg 2004).
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_SHAPE = re.compile(r"[46]\d{9}")
_NEAR = re.compile(r"(?<![\d+])([46](?:[\s\-–—.]{0,3}\d){9})(?!\d)")
PIN_DIGITS = 6


class RandomSource(Protocol):
    """What references, PINs and tokens are drawn from; :class:`secrets.SystemRandom` in production."""

    def randrange(self, start: int, stop: int) -> int: ...


def system_random() -> RandomSource:
    return secrets.SystemRandom()


def _damm(digits: str) -> int:
    row = 0
    for digit in digits:
        row = _DAMM[row][int(digit)]
    return row


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits satisfy the NHS number's modulus 11 check (NHS Data Dictionary)."""
    total = sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def is_reference(digits: str) -> bool:
    return bool(_SHAPE.fullmatch(digits)) and digits.isascii() and _damm(digits) == 0 and not is_nhs_number(digits)


def new_reference(random: RandomSource) -> str:
    while True:
        stem = str((4, 6)[random.randrange(0, 2)]) + f"{random.randrange(0, 10**8):08d}"
        reference = stem + str(_damm(stem))
        if is_reference(reference):
            return reference


def show_reference(reference: str) -> str:
    return f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"


def read_reference(text: str) -> str | None:
    """The ten digits of what somebody typed as a reference, or None. Spaces, dashes and dots do not matter."""
    digits = re.sub(r"[\s\-–—.]", "", text)
    return digits if digits.isascii() and is_reference(digits) else None


def find_references(text: str) -> list[str]:
    """Every reference in free text, in order and once each."""
    found = (read_reference(match.group(1)) for match in _NEAR.finditer(text))
    return list(dict.fromkeys(reference for reference in found if reference))


def new_pin(random: RandomSource) -> str:
    return f"{random.randrange(0, 10**PIN_DIGITS):0{PIN_DIGITS}d}"
