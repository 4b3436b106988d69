"""Runs a command as the command line would."""

from __future__ import annotations

from click.testing import Result
from flask import Flask


def run(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)
