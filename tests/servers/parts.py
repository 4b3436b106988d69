"""Parts that a machine may lack: named and skipped, or a failure when REQUIRE_ALL=1."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest


def lacking(part: str, packages: str) -> NoReturn:
    words = f"{part} is not on this machine (Debian: apt-get install {packages})"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{words}, and REQUIRE_ALL=1 wants it")
    pytest.skip(words)


def find_program(*names: str) -> Path | None:
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
