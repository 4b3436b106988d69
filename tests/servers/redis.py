"""A throw-away Redis server that keeps nothing."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.servers.parts import free_port

TRIES = 5
SECONDS_TO_START = 15.0


@contextmanager
def running_redis(program: Path, folder: Path) -> Iterator[str]:
    """Its address."""
    for _ in range(TRIES):
        port = free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if _answers(process, port):
                yield f"redis://127.0.0.1:{port}/0"
                return
        finally:
            process.terminate()
            process.wait(20)
    raise RuntimeError("the throw-away Redis server did not start")


def empty(url: str) -> None:
    with Redis.from_url(url) as client:
        client.flushall()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    with Redis(port=port, socket_timeout=5) as client:
        while time.monotonic() < until and process.poll() is None:
            try:
                return bool(client.ping())
            except RedisError:
                time.sleep(0.02)
    return False
