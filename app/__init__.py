"""The Flask application, and the only place where the parts are joined."""

from __future__ import annotations

import os
from random import Random, SystemRandom

from flask import Flask
from jinja2 import BytecodeCache, ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader
from jinja2.bccache import Bucket

from app import (
    csrf,
    database,
    demonstration,
    errors,
    formats,
    health,
    jobs,
    logs,
    metrics,
    navigation,
    permissions,
    security,
    static_files,
    wiring,
)
from app.account.sessions import init_sessions
from app.blueprints import register_blueprints
from app.clock import Clock, SystemClock
from app.commands import register_commands
from app.config import Settings
from app.proxy import BehindProxy
from app.requests import CleanRequest, RowIdInAddress


class Shirehall(Flask):
    request_class = CleanRequest
    # govuk-frontend-jinja asks for parts of parameters that were never given.
    jinja_options = {"undefined": ChainableUndefined}

    def log_exception(self, exc_info: object) -> None:
        self.logger.error("unexpected error", exc_info=exc_info)  # type: ignore[arg-type]


def create_app(settings: Settings | None = None, *, clock: Clock | None = None, random: Random | None = None) -> Flask:
    """Join all parts. Reads the environment when no ``settings`` are given; raises ``SettingsError``."""
    settings = settings or Settings.from_env(os.environ)
    app = Shirehall("app", instance_path=str(settings.home), static_folder=None)
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock or SystemClock()
    app.extensions["random"] = random or SystemRandom()
    _set_up_templates(app)
    logs.init_logs(app)  # first: the request's clock and id are there for all that follows
    metrics.init_metrics(app, settings)
    security.init_security(app, settings)
    database.init_database(app, settings)
    wiring.join_parts(app, settings)
    init_sessions(app)
    csrf.init_csrf(app)  # before the permission check, so that what was typed is kept when a session has ended
    permissions.init_permissions(app)
    errors.init_errors(app)
    for part in (demonstration, formats, health, navigation, static_files):
        part.init_app(app)
    jobs.init_jobs(app, settings)
    app.url_map.converters["int"] = RowIdInAddress
    register_blueprints(app)
    register_commands(app)
    if settings.is_production:
        app.wsgi_app = BehindProxy(app.wsgi_app, settings.public_base_url)  # type: ignore[method-assign]
    return app


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of a process; a changed source is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = CompiledTemplates()


def _set_up_templates(app: Flask) -> None:
    macros = {name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
    own = app.jinja_loader
    assert own is not None
    app.jinja_loader = ChoiceLoader([own, PrefixLoader(macros)])
    app.jinja_env.bytecode_cache = _compiled
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
