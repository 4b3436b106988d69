"""Where to go after signing in: only ever a page of this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def here() -> str | None:
    """The page being asked for, when going back to it makes sense (a page that was fetched, not a form sent)."""
    if request.method != "GET":
        return None
    return request.full_path.rstrip("?")


def safe_next(target: str | None, otherwise: str) -> str:
    """``target`` if it is a plain path of this site, else ``otherwise``.

    Browsers read a backslash as a slash and drop control characters, so either makes a target unsafe.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else target
