"""The documents name what is there: every command and every address."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from app import create_app
from app.config import Settings

ROOT = Path(__file__).parents[2]
FLASKS_OWN = {"run", "shell", "routes"}


def _commands(group: click.Group, before: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _commands(command, f"{before}{name} ")
        else:
            found.append(before + name)
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.from_env({"SHIREHALL_HOME": str(tmp_path_factory.mktemp("home"))}))


@pytest.fixture(scope="module")
def commands() -> str:
    return (ROOT / "docs" / "commands.md").read_text()


def test_every_command_is_documented(app: Flask, commands: str) -> None:
    missing = [name for name in _commands(app.cli) if name not in FLASKS_OWN and f"`{name}`" not in commands]
    assert missing == []


def test_every_documented_command_exists(app: Flask, commands: str) -> None:
    rows = [line.split("|")[1].strip(" `") for line in commands.splitlines() if line.startswith("| `")]
    assert set(rows) == {name for name in _commands(app.cli) if name not in FLASKS_OWN}


def test_every_address_is_documented(app: Flask) -> None:
    page = (ROOT / "docs" / "addresses.md").read_text()
    missing = {rule.rule for rule in app.url_map.iter_rules() if f"`{rule.rule}`" not in page}
    assert missing == set()


def test_every_documented_address_exists(app: Flask) -> None:
    page = (ROOT / "docs" / "addresses.md").read_text()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    documented = {part.strip(" `") for row in rows for part in row.split(",")}
    assert documented == {rule.rule for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("page", sorted(p.name for p in (ROOT / "docs").glob("*.md")))
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / "docs" / target).exists(), target
