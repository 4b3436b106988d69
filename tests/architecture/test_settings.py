"""Settings are read in one place, and each is documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import SETTINGS

ROOT = Path(__file__).parents[2]
# The start of the application, and where a library or a tool leaves no other way.
MAY_READ = {"app/__init__.py", "app/metrics.py", "app/bench/site.py", "migrations/env.py"}


def test_only_the_start_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("app", "cases", "channels", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    }
    assert readers <= MAY_READ


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_each_setting_is_documented(name: str) -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    assert any(f"`{name}`" in page.read_text() for page in pages if page.exists())
