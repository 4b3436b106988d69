"""Prometheus figures of all processes together."""

from __future__ import annotations

from flask import Flask

from app.config import Settings


def init_metrics(app: Flask, settings: Settings) -> None:
    pass
