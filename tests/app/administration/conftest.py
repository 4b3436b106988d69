"""Administrators, councils and cases, as the casework pages have them."""

from __future__ import annotations

from tests.app.casework.conftest import app, new_case, officer

__all__ = ["app", "new_case", "officer"]
