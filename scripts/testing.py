"""The checks and all tests. Run it as ``scripts/test``; what it is given goes to pytest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from setting_up import set_up
from steps import ROOT, VENV, Command, SetUpError, clean_environment

BIN = VENV / "bin"
PYTHON = BIN / "python"
ROOM_FOR_TESTS = 4 * 1024**3
CHECKS: dict[str, Command] = {
    "ruff": (PYTHON, "-m", "ruff", "check"),
    "mypy": (PYTHON, "-m", "mypy"),
    "import-linter": (PYTHON, BIN / "lint-imports"),
}


def main(arguments: Sequence[str]) -> int:
    try:
        set_up(dev=True, database=False)
    except SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    for part in lacking_parts():
        print(f"Not on this machine: {part}")
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if failed:
        print(f"Failed: {', '.join(failed)}. The tests run all the same.", flush=True)
    spread = [] if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments) else ["-n", "2"]
    tests = subprocess.run([PYTHON, "-m", "pytest", *spread, *arguments], cwd=ROOT, env=environment(), check=False)
    return tests.returncode or len(failed)


def passes(name: str, command: Command) -> bool:
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    print(f"{name}: {'failed' if done.returncode else 'passed'} in {time.monotonic() - start:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def lacking_parts() -> list[str]:
    """Named before the tests start; the tests that need them say so again."""
    postgresql = any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb")
    chromium = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    parts = {"PostgreSQL": postgresql, "Redis": shutil.which("redis-server"), "Chromium": chromium}
    consequence = "its tests fail (REQUIRE_ALL=1)" if os.environ.get("REQUIRE_ALL") == "1" else "its tests are skipped"
    return [f"{part}; {consequence}" for part, there in parts.items() if not there]


def environment() -> dict[str, str]:
    """Without the settings of this machine's own installation: the tests bring theirs."""
    settings = (
        "DATABASE_URL",
        "MIGRATION_DATABASE_URL",
        "JOBS_DATABASE_URL",
        "REDIS_URL",
        "SHIREHALL_HOME",
        "SMTP_URL",
    )
    kept = clean_environment()
    for name in (*settings, "PARTNERSHIP", "PUBLIC_BASE_URL", "SECRET_KEY", "SMS_PROVIDER", "METRICS_TOKEN", "PORT"):
        kept.pop(name, None)
    memory = Path("/dev/shm")  # a database made for one test need not reach a disk
    if "PYTEST_DEBUG_TEMPROOT" not in kept and has_room(memory):
        kept["PYTEST_DEBUG_TEMPROOT"] = str(memory)
    return {name: value for name, value in kept.items() if not name.startswith("TWILIO_")}


def has_room(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_FOR_TESTS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
