"""A site under gunicorn on a free port of this machine, in a home of its own, ended by its own process id."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.config import PROJECT

_START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(application: str, environ: Mapping[str, str], port: int, *, workers: int = 2) -> Iterator[int]:
    """Yields the port once the site answers."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [str(gunicorn), "-b", f"127.0.0.1:{port}", "-w", str(workers), "--log-level", "error"]
    if not application.startswith("wsgi:"):
        command += ["-c", os.devnull]  # gunicorn.conf.py is Shirehall's own
    command.append(application)
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the site to be measured did not start")
