"""Carries the PINs of a saved contact to its confirmation, once and for a few minutes.

The session cookie is signed but can be read, so a PIN travels in it added to a number that only this installation
can work out again. Nothing of it is kept on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import session

from cases.references import PIN_DIGITS
from cases.sealing import Sealer

SHOWN_FOR = timedelta(minutes=15)
_KEY = "desk_pins"


def carry_pins(sealer: Sealer, contact_id: int, pins: Mapping[int, str], now: datetime) -> None:
    """``pins`` by case id. What was carried for an earlier contact is forgotten."""
    nonce = sealer.new_token()
    hidden = {str(case_id): _shift(sealer, nonce, case_id, pin, +1) for case_id, pin in pins.items()}
    session[_KEY] = {"contact": contact_id, "nonce": nonce, "at": int(now.timestamp()), "pins": hidden}


def carried_pins(sealer: Sealer, contact_id: int, now: datetime) -> dict[int, str]:
    """PIN by case id; empty when their time is up or another contact came after."""
    kept = session.get(_KEY)
    if not kept or kept["contact"] != contact_id or now.timestamp() - kept["at"] > SHOWN_FOR.total_seconds():
        return {}
    return {int(c): _shift(sealer, kept["nonce"], int(c), pin, -1) for c, pin in kept["pins"].items()}


def forget_pins() -> None:
    session.pop(_KEY, None)


def _shift(sealer: Sealer, nonce: str, case_id: int, pin: str, sign: int) -> str:
    pad = int(sealer.seal("carried-pin", nonce, str(case_id)), 16)
    size: int = 10**PIN_DIGITS
    return f"{(int(pin) + sign * pad) % size:0{PIN_DIGITS}d}"
