"""Whether this process runs (``/healthz``) and whether it can serve (``/readyz``)."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.permissions import public

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@public
def show_process() -> dict[str, str]:
    return {"status": "ok"}
