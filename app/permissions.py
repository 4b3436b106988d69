"""What each role may do, and the marks that every view carries. A view without a mark answers nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.clock import now
from app.database import SAFE_METHODS
from app.safe_next import here
from cases.access import Actor, Post
from cases.local_day import london_day
from cases.models.staff import Role, StaffUser


class Permission(StrEnum):
    """What a staff view asks for. Which records the actor may have is a second question: ``cases.access``."""

    USE_STAFF_PAGES = "use staff pages"
    TAKE_CALLS = "take calls"
    SERVE_COUNTER = "serve at the counter"
    FIND_CUSTOMERS = "find customers and their cases"
    SEE_QUEUES = "see queues"
    WORK_CASES = "work on cases"
    SEE_URGENT = "see what is urgent"
    EDIT_ROTA = "say who is on duty"
    ASSIGN_CASES = "give cases to colleagues"
    SEE_REPORTS = "see reports"
    MANAGE_STAFF = "manage staff"
    MANAGE_REGISTER = "manage councils and services"


_EVERYBODY = frozenset({Permission.USE_STAFF_PAGES})
_WORK = _EVERYBODY | {Permission.FIND_CUSTOMERS, Permission.SEE_QUEUES, Permission.WORK_CASES, Permission.SEE_URGENT}

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _WORK | {Permission.TAKE_CALLS},
    Role.COUNTER: _WORK | {Permission.TAKE_CALLS, Permission.SERVE_COUNTER},
    Role.OFFICER: _WORK,
    Role.SUPERVISOR: _WORK
    | {Permission.TAKE_CALLS, Permission.SERVE_COUNTER, Permission.ASSIGN_CASES, Permission.SEE_REPORTS}
    | {Permission.EDIT_ROTA},
    Role.ADMINISTRATOR: _EVERYBODY
    | {Permission.MANAGE_STAFF, Permission.MANAGE_REGISTER, Permission.SEE_REPORTS, Permission.EDIT_ROTA},
}

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "_shirehall_access"


class Open(StrEnum):
    """The two marks that ask for no sign-in."""

    PUBLIC = "public"
    SIGNED_WEBHOOK = "signed webhook"


Mark = Permission | Open


def public(view: View) -> View:
    """Anybody may have this page."""
    return _mark(view, Open.PUBLIC)


def signed_webhook(view: View) -> View:
    """Called by a provider: no sign-in and no CSRF token, because the view itself checks the sender's signature."""
    return _mark(view, Open.SIGNED_WEBHOOK)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for staff with this permission; put it below the route decorator."""

    def decorate(view: View) -> View:
        return _mark(view, permission)

    return decorate


def mark_of(view: Callable[..., Any]) -> Mark | None:
    """The view's mark; ``None`` for a view that forgot to carry one."""
    mark: Mark | None = getattr(view, _MARK, None)
    return mark


def current_actor() -> Actor:
    """Who is signed in, with the posts held today (London's day). Raises 401 when nobody is."""
    actor = actor_or_none()
    if actor is None:
        abort(401)
    return actor


def actor_or_none() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    staff: StaffUser = current_user.staff
    known, actor = g.get("actor", (None, None))
    if known is not staff:
        today = london_day(now())
        held = [appointment for appointment in staff.appointments if appointment.holds_on(today)]
        actor = Actor(staff.id, staff.name, tuple(Post(a.role, a.authority_gss, a.office_slug, a.team) for a in held))
        g.actor = (staff, actor)
    return actor


def permissions_of(actor: Actor | None) -> frozenset[Permission]:
    if actor is None:
        return frozenset()
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in actor.roles))


def may(permission: Permission) -> bool:
    """Whether the signed-in member of staff holds it; for templates and navigation."""
    return permission in permissions_of(actor_or_none())


def init_permissions(app: Flask) -> None:
    app.before_request(_check)
    app.add_template_global(may)
    app.add_template_global(Permission)


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no such page, or not by this method: the error pages answer
    mark = mark_of(current_app.view_functions[request.endpoint])
    if isinstance(mark, Open):
        return None
    if mark is None:
        current_app.logger.error("view without a permission mark: %s", request.endpoint)
        abort(403)
    if not current_user.is_authenticated:
        if request.method not in SAFE_METHODS or "HX-Request" in request.headers:
            abort(401)  # a redirect would lose what was typed, or put the sign-in page inside another
        return redirect(url_for("account.sign_in", next=here()))
    if mark not in permissions_of(actor_or_none()):
        abort(403)
    return None


def _mark(view: View, mark: Mark) -> View:
    setattr(view, _MARK, mark)
    return view
