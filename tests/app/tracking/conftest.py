"""Tracking is tried on cases made and worked as in the casework tests."""

from __future__ import annotations

from tests.app.casework.conftest import app, new_case, officer

__all__ = ["app", "new_case", "officer"]
