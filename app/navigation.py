"""The links across the top of each page. A link is left out where its page is not there or not allowed."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from app.permissions import Permission, actor_or_none, permissions_of


class Link(NamedTuple):
    text: str
    path: str
    permission: Permission | None = None


PUBLIC: tuple[Link, ...] = (
    Link("Report or ask", "/report"),
    Link("Track", "/track"),
    Link("Find your council", "/find-your-council"),
)

STAFF: tuple[Link, ...] = (
    Link("Telephone", "/staff/telephone", Permission.TAKE_CALLS),
    Link("Counter", "/staff/counter", Permission.SERVE_COUNTER),
    Link("Queues", "/staff/queues", Permission.SEE_QUEUES),
    Link("Urgent", "/staff/urgent", Permission.SEE_URGENT),
    Link("Find a case", "/staff/find", Permission.FIND_CUSTOMERS),
    Link("Who does what", "/staff/rules", Permission.MANAGE_REGISTER),
    Link("Reports", "/staff/reports", Permission.SEE_REPORTS),
    Link("On duty", "/staff/rota", Permission.EDIT_ROTA),
    Link("Reorganisation", "/staff/plans", Permission.MANAGE_REGISTER),
    Link("Staff", "/staff/people", Permission.MANAGE_STAFF),
)


def init_app(app: Flask) -> None:
    app.add_template_global(public_navigation)
    app.add_template_global(staff_navigation)
    app.add_template_global(signed_in_name)


def public_navigation() -> list[dict[str, object]]:
    return [_item(link) for link in PUBLIC if path_exists(link.path)]


def staff_navigation() -> list[dict[str, object]]:
    """Only what the signed-in person may open."""
    if g.get("database_unavailable"):
        return []
    held = permissions_of(actor_or_none())
    return [_item(link) for link in STAFF if link.permission in held and path_exists(link.path)]


def signed_in_name() -> str | None:
    if g.get("database_unavailable"):
        return None
    actor = actor_or_none()
    return actor.name if actor else None


def _item(link: Link) -> dict[str, object]:
    current = request.path.rstrip("/") == link.path
    return {
        "text": link.text,
        "href": link.path,
        "current": current,
        "active": not current and request.path.startswith(link.path + "/"),
    }


def path_exists(path: str) -> bool:
    known: dict[str, bool] = current_app.extensions.setdefault("navigation", {})
    if path not in known:
        known[path] = _matches(path)
    return known[path]


def _matches(path: str) -> bool:
    try:
        current_app.url_map.bind("localhost").match(path)
    except (RequestRedirect, MethodNotAllowed):
        return True
    except HTTPException:
        return False
    return True
