"""The blueprints, one for each audience. A new one is added to the list; an optional one says when it is there."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

# Each names a module with a blueprint called ``blueprint``.
BLUEPRINTS: tuple[str, ...] = (
    "app.pages",
    "app.account",
    "app.citizen",
    "app.desk",
    "app.handset",
    "app.webhooks",
    "app.casework",
    "app.tracking",
    "app.urgent",
    "app.administration",
    "app.administration.plans",
)


def register_blueprints(app: Flask) -> None:
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).blueprint)
