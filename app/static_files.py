"""The built style sheets, scripts and pictures. Without a build the pages still work, only plain."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, send_from_directory, url_for

from app.permissions import public

BUILD = Path(__file__).parent / "static" / "build"
YEAR = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.extensions["assets"] = read_manifest(BUILD)
    app.register_blueprint(blueprint)
    app.add_template_global(asset)


def read_manifest(build: Path) -> dict[str, str]:
    """Plain name → name with the content's hash; empty when nothing was built."""
    try:
        manifest: dict[str, str] = json.loads((build / "manifest.json").read_text())
    except (OSError, ValueError):
        return {}
    return manifest


def asset(name: str) -> str | None:
    """The address of a built file by its plain name; ``None`` when it was not built."""
    built = current_app.extensions["assets"].get(name)
    if not current_app.extensions["assets"]:
        log.warning("no built assets, pages are plain: run scripts/setup")
    return url_for("assets.show_file", name=built) if built else None


@blueprint.get("/assets/<path:name>")
@public
def show_file(name: str) -> Response:
    response = send_from_directory(BUILD, name)
    hashed = name in current_app.extensions["assets"].values()
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if hashed else "public, max-age=3600"
    return response
