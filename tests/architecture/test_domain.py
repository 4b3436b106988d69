"""Walks the code of the domain: it has no clock, no settings, no chance and no network of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOMAIN = sorted((ROOT / "cases").rglob("*.py"))
FORBIDDEN = {
    "os.environ": "settings come from app.config",
    "os.getenv": "settings come from app.config",
    "datetime.now": "now is passed in",
    "datetime.utcnow": "now is passed in",
    "datetime.today": "now is passed in",
    "datetime.datetime.now": "now is passed in",
    "date.today": "now is passed in",
    "datetime.date.today": "now is passed in",
    "time.time": "now is passed in",
    "time.sleep": "waiting belongs to the edge",
    "random.random": "chance is passed in",
    "random.choice": "chance is passed in",
    "random.randint": "chance is passed in",
    "uuid.uuid4": "chance is passed in",
    "secrets.token_hex": "chance is passed in",
    "secrets.token_urlsafe": "chance is passed in",
    "secrets.choice": "chance is passed in",
    "secrets.randbelow": "chance is passed in",
    "urllib.request": "the network is for channels",
    "http.client": "the network is for channels",
}
NO_COMMIT = sorted((ROOT / "cases" / "actions").rglob("*.py")) + sorted((ROOT / "cases" / "queries").rglob("*.py"))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def names_in(path: Path) -> Iterator[tuple[int, str]]:
    """Dotted names and imported modules, by line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("path", DOMAIN, ids=relative)
def test_domain_is_given_its_clock_settings_and_chance(path: Path) -> None:
    found = [f"line {line}: {name}: {FORBIDDEN[name]}" for line, name in names_in(path) if name in FORBIDDEN]
    assert found == []


@pytest.mark.parametrize("path", NO_COMMIT, ids=relative)
def test_actions_and_queries_leave_the_transaction_to_the_edge(path: Path) -> None:
    found = [f"line {line}: {name}" for line, name in names_in(path) if name.endswith((".commit", ".rollback"))]
    assert found == []
