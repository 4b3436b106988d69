"""Joins the domain's parts to the application: one small function each, called once at start."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, current_app
from govuk_frontend_wtf.main import WTFormsHelpers
from sqlalchemy.orm import Session

from app.config import Settings
from app.live_rules import LiveTriage, Words
from cases.actions.kit import Kit
from cases.actions.sync_register import sync_register
from cases.catalogue.loader import Catalogue, load_catalogue
from cases.postcodes.build import built_in_path
from cases.postcodes.entry import KnowsPostcodes
from cases.postcodes.store import PostcodeStore
from cases.queries.plans import register_with_plans
from cases.register.loader import load_register
from cases.register.register import Register
from cases.reorganisation.check import Against
from cases.reorganisation.loader import load_plans
from cases.reorganisation.schema import Plan
from cases.sealing import Sealer
from cases.triage.agreements import load_agreements
from cases.triage.engine import Triage
from cases.triage.learning import adopted
from cases.understanding.building import key_of, ready_embedder, ready_model
from cases.understanding.embedding import Embedder
from cases.understanding.model import Model
from cases.understanding.reading import Understanding
from cases.urgent.loader import load_rota


def join_parts(app: Flask, settings: Settings) -> None:
    WTFormsHelpers(app)
    join_register(app, settings)
    join_postcodes(app, settings)
    join_kit(app, settings)


def join_register(app: Flask, settings: Settings) -> None:
    """Who the authorities are; the partnership's name and colour are on every page."""
    register = the_register(settings.partnership)
    app.extensions["register"] = register
    app.jinja_env.globals["partnership"] = register.partnership


def join_postcodes(app: Flask, settings: Settings) -> None:
    """The index in the home folder wins over the one built beside the virtual environment; opened on first use."""
    built_in = built_in_path(Path(sys.prefix))
    app.extensions["postcodes"] = PostcodeStore(settings.home, built_in, monotonic=time.monotonic)


def join_kit(app: Flask, settings: Settings) -> None:
    """What actions need; the catalogue is read once and shared by every application in the process."""
    register = app.extensions["register"]
    live = LiveTriage(app, lambda taught: triage_with(app, settings, taught))
    live.as_delivered()  # now, so that processes forked from this one share it
    app.extensions["live_triage"] = live
    app.extensions["kit"] = Kit(
        triage_now=live.current,
        sealer=Sealer(settings.secret_key.encode(), app.extensions["random"]),
        base_url=settings.public_base_url.rstrip("/"),
        partnership_name=register.partnership.name,
        rota=load_rota(settings.partnership, in_earnest=settings.is_production),
    )


def triage_with(app: Flask, settings: Settings, taught: Words) -> Triage:
    """Triage as this installation has it: by the model that was adopted here, and words taught by hand."""
    learned = adopted(settings.home, key_of(the_catalogue()))
    triage = the_triage(settings.partnership, learned, tuple(sorted(taught.items())))
    return triage.reading(app.extensions["postcodes"].current)


@cache
def the_register(partnership: str) -> Register:
    return load_register(partnership)


@lru_cache(maxsize=4)  # words taught by hand make another
def the_triage(partnership: str, learned: Path | None, taught: tuple[tuple[str, tuple[str, ...]], ...]) -> Triage:
    """The part that every application of a process shares: it is read and compiled once."""
    catalogue, prefix = the_catalogue(), Path(sys.prefix)
    model = Model.load(learned) if learned else the_model(prefix)
    understanding = Understanding(
        model, the_embedder(prefix), catalogue, dict(taught), version=f".{learned.name[-8:]}" if learned else ""
    )
    return Triage(
        catalogue,
        the_register(partnership),
        load_agreements(partnership),
        _no_postcodes,
        understanding=understanding,
    )


@cache
def the_model(prefix: Path) -> Model:
    return ready_model(prefix, the_catalogue())


@cache
def the_embedder(prefix: Path) -> Embedder:
    return ready_embedder(prefix)


def _no_postcodes() -> KnowsPostcodes:
    raise RuntimeError("triage was asked before it was told which postcodes to read")


def the_plans() -> Mapping[str, Plan]:
    """The reorganisation plans that are shipped for this partnership. Raises ``PlanError``."""
    known: dict[str, Mapping[str, Plan]] = current_app.extensions.setdefault("plans", {})
    register = current_app.extensions["register"]
    if not known:
        against = Against(register, the_catalogue(), current_app.extensions["postcodes"].current())
        known["all"] = load_plans(register.partnership.slug, against)
    return known["all"]


@cache
def the_catalogue() -> Catalogue:
    return load_catalogue()


def the_kit() -> Kit:
    """The kit of the application at hand."""
    kit: Kit = current_app.extensions["kit"]
    return kit


def after_upgrade(session: Session) -> None:
    """Brings tables that follow data files into step. ``db upgrade`` calls it, and commits, after each upgrade."""
    register = register_with_plans(session, current_app.extensions["register"])
    sync_register(session, register, the_catalogue())
