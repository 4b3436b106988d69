"""Walks the locks: what is imported is locked, what is locked has hashes, and no lock names a machine or address."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
LOCKS = ("runtime.txt", "dev.txt", "node.txt")
OURS = {"app", "cases", "channels", "tests", "wsgi"}
# Named by a setting and imported by a library of ours, or brought by one that is asked for.
ALSO_ASKED_FOR = {"psycopg", "email-validator", "redis"}
MAY_BE_IMPORTED_THROUGH = {"click", "jinja2", "markupsafe", "itsdangerous", "requests", "urllib3", "peewee"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(name: str) -> dict[str, str]:
    """Package → version of an .in file."""
    lines = (REQUIREMENTS / name).read_text().splitlines()
    found = [re.match(r"([\w.-]+)(?:\[\w+\])?==(\S+)", line) for line in lines]
    return {normal(match[1]): match[2] for match in found if match}


def locked(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", (REQUIREMENTS / name).read_text(), re.MULTILINE)
    return {normal(package): release for package, release in found}


def imported(package: str) -> set[str]:
    """The outside modules that a package of ours imports, by their first name."""
    names: set[str] = set()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - OURS - {"__future__"}


@pytest.mark.parametrize("package", ["app", "cases", "channels"])
def test_what_is_imported_is_asked_for(package: str) -> None:
    distributions = packages_distributions()
    wanted = {normal(distribution) for name in imported(package) for distribution in distributions.get(name, [name])}
    assert wanted - set(asked_for("runtime.in")) - MAY_BE_IMPORTED_THROUGH == set()


@pytest.mark.parametrize(("source", "lock"), [("runtime.in", "runtime.txt"), ("dev.in", "dev.txt")])
def test_lock_has_what_is_asked_for(source: str, lock: str) -> None:
    assert asked_for(source).items() <= locked(lock).items()


def test_both_locks_agree() -> None:
    assert locked("runtime.txt").items() <= locked("dev.txt").items()


def test_what_runs_is_what_is_locked() -> None:
    installed = {name: version(name) for name in locked("runtime.txt")}
    assert installed == locked("runtime.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_hashes_and_no_address(lock: str) -> None:
    text = (REQUIREMENTS / lock).read_text()
    for block in re.split(r"\n(?=[\w.-]+(?:\[|==))", text):
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert re.findall(r"https?:|file://|index-url|find-links", text) == []


def test_node_lock_has_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    somewhere = re.compile(rb"(?<![\w.])/(?:home|root|work|Users)/[\w.-]+/")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    found = [str(file.relative_to(ROOT)) for file in files if file.is_file() and somewhere.search(file.read_bytes())]
    assert found == []
