"""Who may look at which case: a short entry in the signed session cookie, so that no address ever holds a reference."""

from __future__ import annotations

from datetime import timedelta

from flask import session

from app.clock import now

LASTS = timedelta(minutes=30)
_ENTRY, _ASKED = "tracking", "tracking-asked"


def let_in(reference: str) -> None:
    session.pop(_ASKED, None)
    session[_ENTRY] = {"reference": reference, "until": (now() + LASTS).timestamp()}


def followed_reference() -> str | None:
    entry = session.get(_ENTRY)
    if not entry or now().timestamp() > entry["until"]:
        session.pop(_ENTRY, None)
        return None
    reference: str = entry["reference"]
    return reference


def leave() -> None:
    session.pop(_ENTRY, None)
    session.pop(_ASKED, None)


def ask_code_for(reference: str) -> None:
    session[_ASKED] = reference


def asked_reference() -> str | None:
    reference: str | None = session.get(_ASKED)
    return reference
