"""Pages about the site itself, and the partnership's colour."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template

from app.clock import now
from app.colours import text_on
from app.config import Settings
from app.permissions import public
from cases.local_day import london_day

blueprint = Blueprint("pages", __name__)


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    return render_template("pages/privacy.html")


@blueprint.get("/cookies")
@public
def cookies() -> str:
    return render_template("pages/cookies.html", cookie_name=current_app.config["SESSION_COOKIE_NAME"])


@blueprint.get("/help")
@public
def help_page() -> str:
    settings: Settings = current_app.extensions["settings"]
    register = current_app.extensions["register"]
    councils = [authority for authority in register.authorities.values() if authority.is_open(london_day(now()))]
    return render_template("pages/help.html", councils=councils, text_number=settings.twilio_number)


@blueprint.get("/brand.css")
@public
def brand() -> Response:
    """The partnership's colour for the style sheet: a file of its own, because nothing on a page is inline."""
    colour = current_app.extensions["register"].partnership.colour
    response = make_response(f":root {{ --shirehall-brand: {colour}; --shirehall-brand-text: {text_on(colour)}; }}\n")
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    response = make_response("User-agent: *\nDisallow: /staff\nDisallow: /track\nDisallow: /report\n")
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
