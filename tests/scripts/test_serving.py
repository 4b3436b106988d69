"""``scripts/serve`` from the outside: one command leads to a page, and ends with all it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from serving import chosen_port, refuse_taken_port
from steps import SetUpError

from tests.servers.parts import free_port

ROOT = Path(__file__).parents[2]
SECONDS = 300


@contextmanager
def served(home: Path, port: int) -> Iterator[list[str]]:
    """What it printed, up to the last of its sign-ins."""
    plain = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = plain | {"SHIREHALL_HOME": str(home), "PORT": str(port)}
    command = [ROOT / "scripts" / "serve"]
    with subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        lines: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if "password" in line:
                break
        try:
            yield lines
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()
            late.cancel()
        assert process.returncode == 0


def page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def test_one_command_leads_to_a_page_and_ends_with_all_it_started(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port) as printed:
        assert any(f"http://127.0.0.1:{port}" in line for line in printed)
        assert any("@demo.example.org" in line for line in printed)
        assert "Demonstration" in page(port, "/staff/sign-in")
        with pytest.raises(SetUpError, match=f"Port {port} is taken"):
            refuse_taken_port(port)
    refuse_taken_port(port)  # nothing listens there any more
    assert (tmp_path / "shirehall.sqlite3").exists()


def test_taken_port_is_said_plainly() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetUpError, match=f"Port {port} is taken(?s:.*)PORT={port + 1} scripts/serve"):
            refuse_taken_port(port)


@pytest.mark.parametrize("text", ["", "x", "0", "65536", "８０"])
def test_port_that_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SetUpError, match="PORT must be a number"):
        chosen_port()
