"""The red strip on every staff page while something urgent that concerns the reader has been taken by nobody."""

from __future__ import annotations

from flask import g, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from app.account.sessions import asked_by_the_page
from app.extensions import db
from app.permissions import Permission, actor_or_none, current_actor, may, requires
from app.urgent import blueprint
from app.wiring import the_kit
from cases.access import Actor
from cases.queries.urgent import UrgentShown, waiting_for

SHOWN = 3


@blueprint.get("/urgent/strip")
@requires(Permission.SEE_URGENT)
@asked_by_the_page
def show_strip() -> str | tuple[str, int]:
    """Asked again and again by the open page; nothing is put in where nothing has changed, so nothing is read out."""
    waiting = waiting_for(db.session, the_kit(), current_actor())
    if _digest(waiting) == request.args.get("shown", ""):
        return "", 204
    return _render(waiting)


@blueprint.app_template_global()
def urgent_strip() -> Markup:
    """Empty where nobody is signed in, and on an error page whose database is gone."""
    if g.get("database_unavailable") or not may(Permission.SEE_URGENT):
        return Markup()
    actor = actor_or_none()
    try:
        return Markup(_render(_waiting(actor)))  # the template escapes what is in it
    except SQLAlchemyError:
        return Markup()


def _waiting(actor: Actor | None) -> list[UrgentShown]:
    return waiting_for(db.session, the_kit(), actor) if actor else []


def _render(waiting: list[UrgentShown]) -> str:
    return render_template(
        "urgent/_strip.html", waiting=waiting[:SHOWN], more=max(len(waiting) - SHOWN, 0), digest=_digest(waiting)
    )


def _digest(waiting: list[UrgentShown]) -> str:
    return ".".join(str(shown.row.id) for shown in waiting)
