"""Linting, types and import contracts, as tests: a change that breaks one is seen wherever the tests run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.prefix) / "bin" / "lint-imports"


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-m", "ruff", "check"], id="ruff finds nothing"),
        pytest.param(["-m", "mypy"], id="types are right"),
        pytest.param([str(LINT_IMPORTS)], id="packages import in one direction"),
    ],
)
def test_check_passes(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
