"""What every page of a form has in common: opening the form, and finding the page that stands behind an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.citizen import blueprint
from app.citizen.filling import Filling, find_filling
from app.citizen.flow import next_step, step_before, steps
from app.citizen.pins import show_pins_again
from app.extensions import db
from app.permissions import public

Page = Response | str | tuple[str, int]
Handler = Callable[[Filling, str], Page]
_HANDLERS: dict[str, Handler] = {}


def step_page(*names: str) -> Callable[[Handler], Handler]:
    """The page of these steps. It gets the form and the rest of the address (a question's id), and answers both
    a GET and a POST."""

    def register(handler: Handler) -> Handler:
        _HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return register


@blueprint.route("/report/<segment>/<token>/<path:step>", methods=["GET", "POST"])
@public
def form_step(segment: str, token: str, step: str) -> Page:
    name, _, rest = step.partition("/")
    handler = _HANDLERS.get(step) or _HANDLERS.get(name)
    if handler is None:
        abort(404)
    filling = get_filling(token)
    if filling.draft.sent_at:
        if request.method == "POST":
            show_pins_again(filling)
        return redirect(url_for("citizen.sent", segment=filling.segment, token=token), 303)
    if segment != filling.segment:
        return redirect(filling.url(step), 303)
    wanted = "place" if name == "place" else step
    if not any(s.path == wanted for s in steps(filling)):
        return redirect(filling.url(next_step(filling)), 303)
    return handler(filling, rest)


@blueprint.get("/report/<segment>/<token>")
@public
def go_on_with_form(segment: str, token: str) -> Response:
    filling = get_filling(token)
    if filling.draft.sent_at:
        return redirect(url_for("citizen.sent", segment=filling.segment, token=token), 303)
    return redirect(filling.url(next_step(filling)), 303)


def get_filling(token: str) -> Filling:
    """This visitor's form; answers with the page that says it is gone when there is none."""
    filling = find_filling(token)
    if filling is None:
        abort(make_response(render_template("citizen/form_gone.html"), 404))
    return filling


def go_on(filling: Filling) -> Response:
    """Keep what was given and go to the first page that is not answered yet."""
    where = filling.url(next_step(filling))
    db.session.commit()
    return redirect(where, 303)


def show(
    filling: Filling, step: str, template: str, errors: Mapping[str, str] | None = None, **parts: object
) -> str | tuple[str, int]:
    """``errors``: message by field id, in the page's order. What was typed is the template's to show."""
    before = step_before(filling, step)
    page = render_template(
        f"citizen/{template}",
        filling=filling,
        service=filling.service,
        step=step,
        back=filling.url(before) if before else start_of(filling),
        errors=dict(errors or {}),
        typed=request.form,
        **parts,
    )
    return (page, 422) if errors else page


def start_of(filling: Filling) -> str:
    if filling.service is None:
        return url_for("citizen.report")
    return url_for("citizen.start", slug=filling.service.slug)
