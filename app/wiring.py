"""Joins the domain's parts to the application: one small function each, called once at start."""

from __future__ import annotations

from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers

from app.config import Settings
from app.identity import partnership_of


def join_parts(app: Flask, settings: Settings) -> None:
    WTFormsHelpers(app)
    join_partnership(app, settings)


def join_partnership(app: Flask, settings: Settings) -> None:
    """The name and colour that every page carries."""
    app.extensions["partnership"] = partnership_of(settings)
    app.jinja_env.globals["partnership"] = app.extensions["partnership"]
