"""Walks the packages: small rooms with names that say what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "cases", "channels")
CODE = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}
LONGEST = 400


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_file_is_named_for_what_is_in_it_and_small(path: Path) -> None:
    assert not SAYS_NOTHING & set(path.relative_to(ROOT).with_suffix("").parts)
    assert len(path.read_text().splitlines()) <= LONGEST


def test_every_room_is_a_package() -> None:
    folders = {path.parent for path in CODE}
    assert [relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
