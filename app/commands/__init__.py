"""The commands of ``flask --app wsgi``. Each module here offers its command or group as ``cli``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def register_commands(app: Flask) -> None:
    for module in iter_modules(__path__):
        app.cli.add_command(import_module(f"{__name__}.{module.name}").cli)
