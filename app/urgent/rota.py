"""Who is on duty: the page on which supervisors and administrators say so."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, requires
from app.urgent import blueprint
from app.wiring import the_kit
from cases.access import Actor
from cases.actions.rota import NewPlace, add_to_rota, edits_rota_of, list_rota, people_for_rota, take_off_rota
from cases.errors import NotFoundError, RuleError
from cases.local_day import london_day
from cases.register.register import Authority
from cases.row_ids import read_row_id

FRONT_DESK = "front-desk"
Page = str | tuple[str, int] | Response


@blueprint.get("/rota")
@requires(Permission.EDIT_ROTA)
def show_rota() -> Page:
    return _show(_council(), {}, {})


@blueprint.post("/rota")
@requires(Permission.EDIT_ROTA)
def add_place() -> Page:
    actor, council = current_actor(), _council()
    gss = council.gss if council else None
    try:
        added = add_to_rota(db.session, the_kit(), actor, gss, _typed(), now())
    except RuleError as error:
        db.session.rollback()
        return _show(council, request.form.to_dict(), {error.field: error.message}), 422
    db.session.commit()
    flash(f"Added: {len(added)} row{'s' if len(added) != 1 else ''} on the rota.", "success")
    return redirect(_address(council))


@blueprint.post("/rota/<int:place_id>/remove")
@requires(Permission.EDIT_ROTA)
def remove_place(place_id: int) -> Page:
    gss = take_off_rota(db.session, current_actor(), place_id, now())
    db.session.commit()
    flash("Taken off the rota.", "success")
    return redirect(_address(the_kit().register.by_gss(gss) if gss else None))


def _typed() -> NewPlace:
    form = request.form
    position = form.get("position", "").strip()
    return NewPlace(
        staff_id=read_row_id(form.get("staff", "")),
        weekdays=[int(day) for day in form.getlist("weekdays") if day in tuple("0123456")],
        starts=form.get("starts", ""),
        ends=form.get("ends", ""),
        position=int(position) if position.isascii() and position.isdigit() and len(position) < 3 else 0,
        group=form.get("group", ""),
        phone=form.get("phone", ""),
    )


def _council() -> Authority | None:
    """The council chosen, none for the front desk. Raises NotFoundError where the reader edits no rota."""
    actor, register = current_actor(), the_kit().register
    slug = request.values.get("council", "")
    found = register.authorities.get(slug)
    if slug not in ("", FRONT_DESK) and found is None:
        raise NotFoundError
    if not slug and not edits_rota_of(actor, None):
        found = next((a for a in register.authorities.values() if edits_rota_of(actor, a.gss)), None)
    if not edits_rota_of(actor, found.gss if found else None):
        raise NotFoundError
    return found


def _choices(actor: Actor) -> list[Authority]:
    today = london_day(now())
    return [a for a in the_kit().register.authorities.values() if a.is_open(today) and edits_rota_of(actor, a.gss)]


def _address(council: Authority | None) -> str:
    return url_for("urgent.show_rota", council=council.slug if council else FRONT_DESK)


def _show(council: Authority | None, typed: dict[str, str], faults: dict[str, str]) -> str:
    actor, gss = current_actor(), council.gss if council else None
    return render_template(
        "urgent/show_rota.html",
        chosen=council,
        has_front_desk=edits_rota_of(actor, None),
        councils=_choices(actor),
        places=list_rota(db.session, gss),
        people=people_for_rota(db.session, gss, now()),
        groups=the_kit().rota.groups,
        typed=typed,
        picked=request.form.getlist("weekdays"),
        faults=faults,
        front_desk=FRONT_DESK,
    )
