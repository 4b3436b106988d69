"""Steps of the set-up: each tells what it does and how long it took, and is skipped while nothing it uses changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "shirehall" / "stamps"
Command = Sequence[str | Path]
IGNORED = {"__pycache__", ".DS_Store"}


class SetUpError(Exception):
    """Says what went wrong and what to do, in words that can be shown as they are."""


def fingerprint(*inputs: str | Path) -> str:
    """One hash of texts and of files or whole folders, by their paths and contents."""
    digest = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            digest.update(f"text {item}\0".encode())
            continue
        for file in _files(item):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"file {file.relative_to(ROOT)} {content}\0".encode())
    return digest.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file() and not IGNORED & set(file.parts))
    return [path] if path.is_file() else []


def is_done(stamp: Path, mark: str) -> bool:
    try:
        return stamp.read_text() == mark
    except OSError:
        return False


def write_stamp(stamp: Path, mark: str) -> None:
    """Only after a step is wholly done, and by rename: a step that was interrupted is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    new = stamp.with_name(f".{stamp.name}.{os.getpid()}")
    new.write_text(mark)
    new.replace(stamp)


def step(title: str, mark: str, there: bool, stamp: Path, work: Callable[[Ticker], None]) -> bool:
    """Do ``work`` unless its result is ``there`` and was made from the same ``mark``. Returns whether it was done."""
    if there and is_done(stamp, mark):
        return False
    stamp.unlink(missing_ok=True)
    with Ticker(title) as ticker:
        work(ticker)
    write_stamp(stamp, mark)
    return True


class Ticker:
    """One line that tells what is being done and for how long; on a terminal it moves."""

    def __init__(self, title: str) -> None:
        self.title, self.detail = title, ""
        self._start = time.monotonic()
        self._moving = sys.stdout.isatty()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._move, daemon=True)

    def __enter__(self) -> Ticker:
        if self._moving:
            self._thread.start()
        else:
            print(f"{self.title} …", flush=True)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._end.set()
        if self._moving:
            self._thread.join()
        seconds = time.monotonic() - self._start
        start = "\r\033[K" if self._moving else "  "
        word = "stopped after" if kind else "done in"
        print(f"{start}{self.title}: {word} {seconds:.1f} s", flush=True)

    def _move(self) -> None:
        while not self._end.wait(0.2):
            seconds = time.monotonic() - self._start
            print(f"\r\033[K{self.title} … {seconds:.0f} s  {self.detail[:60]}", end="", flush=True)


def run(command: Command, failure: str, ticker: Ticker | None = None, **environment: str) -> None:
    """Run to the end and show nothing, unless it fails: then its last lines, and ``failure`` as what to do."""
    lines: list[str] = []
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=clean_environment() | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines = [*lines[-40:], line.rstrip()]
            if ticker and line.strip():
                ticker.detail = line.rstrip().rpartition("\r")[2].strip()
    if process.returncode:
        raise SetUpError("\n".join([*lines, "", failure]))


def clean_environment() -> dict[str, str]:
    """The environment without what would make another Python's packages leak in."""
    unwanted = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {"PYTHONNOUSERSITE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """One set-up at a time in this folder; a second waits for the first."""
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work in this folder; waiting for it …", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
