"""Whether the cases here are made up. Every page says so when they are."""

from __future__ import annotations

from flask import Flask, g


def init_app(app: Flask) -> None:
    app.add_template_global(is_demonstration)


def is_demonstration() -> bool:
    """Whether the demonstration partnership has been loaded into this database."""
    if g.get("database_unavailable"):
        return False
    return False
