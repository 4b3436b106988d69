"""One council: how to reach it, and, once it has ended, what it is now part of. Old links go on working."""

from __future__ import annotations

from flask import render_template

from app.citizen import blueprint
from app.clock import now
from app.permissions import public
from app.wiring import the_kit
from cases.errors import NotFoundError
from cases.local_day import london_day


@blueprint.get("/councils/<slug>")
@public
def show_council(slug: str) -> str:
    register, today = the_kit().register, london_day(now())
    council = register.by_slug(slug)
    if council is None or not council.partnership or (council.opened and council.opened > today):
        raise NotFoundError("We do not know that council.")
    return render_template(
        "citizen/one_council.html",
        council=council,
        is_open=council.is_open(today),
        heirs=register.successors_of(council.gss, today),
        line=register.contact_line(council, "customer-services"),
    )
