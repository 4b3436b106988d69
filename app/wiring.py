"""Joins the domain's parts to the application: one small function each, called once at start."""

from __future__ import annotations

from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from sqlalchemy.orm import Session

from app.config import Settings
from cases.register.loader import load_register


def join_parts(app: Flask, settings: Settings) -> None:
    WTFormsHelpers(app)
    join_register(app, settings)


def join_register(app: Flask, settings: Settings) -> None:
    """Who the authorities are; the partnership's name and colour are on every page."""
    register = load_register(settings.partnership)
    app.extensions["register"] = register
    app.jinja_env.globals["partnership"] = register.partnership


def after_upgrade(session: Session) -> None:
    """Brings tables that follow data files into step. ``db upgrade`` calls it, and commits, after each upgrade."""
