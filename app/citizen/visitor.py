"""The visitor's half of a draft's key. It lives in the session cookie, the other half in the page's address."""

from __future__ import annotations

import hashlib
import hmac

from flask import session

from app.wiring import the_kit

_MOST_REMEMBERED = 6


def visitor_secret() -> str:
    """Made on first use. Not a permanent cookie: it goes when the browser is closed, as a shared computer needs."""
    if "visitor" not in session:
        session["visitor"] = the_kit().sealer.new_token()
    secret: str = session["visitor"]
    return secret


def visitor_hash() -> str | None:
    secret = session.get("visitor")
    return hashlib.sha256(f"visitor:{secret}".encode()).hexdigest() if secret else None


def token_hash(token: str) -> str:
    return hashlib.sha256(f"draft:{token}".encode()).hexdigest()


def remember_form(slug: str, token: str) -> None:
    """So that the start page can offer to go on with it."""
    forms = {k: v for k, v in session.get("forms", {}).items() if k != slug}
    session["forms"] = dict([*forms.items(), (slug, token)][-_MOST_REMEMBERED:])


def remembered_form(slug: str) -> str | None:
    found: str | None = session.get("forms", {}).get(slug)
    return found


def forget_form(slug: str) -> None:
    if slug in session.get("forms", {}):
        session["forms"] = {k: v for k, v in session["forms"].items() if k != slug}


def mask_pin(pin: str, token: str) -> str:
    """The PIN under a pad that only this visitor's cookie can make, as hex.

    It waits so for the one page that shows it: a copy of the database alone does not give it away.
    """
    return _padded(pin.encode(), token).hex()


def unmask_pin(masked: str, token: str) -> str:
    return _padded(bytes.fromhex(masked), token).decode()


def _padded(text: bytes, token: str) -> bytes:
    pad = hmac.new(visitor_secret().encode(), token.encode(), hashlib.sha256).digest()
    return bytes(a ^ b for a, b in zip(text, pad, strict=False))
