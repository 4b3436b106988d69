"""Serves this installation on one machine: the site and its worker, ended together. Run it as ``scripts/serve``."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from types import FrameType

from setting_up import DATABASE_FILE, PYTHON, home, set_up
from steps import ROOT, Command, SetUpError, Ticker, clean_environment, run

HOST = "127.0.0.1"
SECONDS_TO_START = 60.0
SECONDS_TO_END = 20.0
LONGEST_PAUSE = 30.0
LARGEST_LOG = 10_000_000
FLASK: tuple[str, ...] = (str(PYTHON), "-m", "flask", "--app", "wsgi")
STATE = """
from sqlalchemy import text
from wsgi import app
from app.extensions import db
with app.app_context():
    for question in ({questions}):
        print(db.session.execute(text(question)).first() is not None)
"""
QUESTIONS = ("select 1 from cases limit 1", "select 1 from facts where name = 'demonstration'")


class Child:
    """A process of ours in a group of its own: Ctrl-C reaches it through us, in order, and nothing else is touched."""

    def __init__(self, name: str, command: Command) -> None:
        self.name = name
        self.log = home() / "logs" / f"{name}.log"
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-12:]
        return "\n".join(f"  {line[:200]}" for line in lines) + f"\n(all of it: {self.log})"

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_end(self) -> None:
        if not self.has_ended():
            self.process.send_signal(signal.SIGTERM)

    def wait_for_end(self, until: float) -> None:
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The {self.name} did not end by itself and was stopped.", flush=True)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Server:
    """The site and the worker. The worker is started again when it ends; when the site ends, all ends."""

    def __init__(self, stopping: threading.Event) -> None:
        self.stopping = stopping
        self.site = Child("site", (str(PYTHON), "-m", "gunicorn", "--log-level", "warning", "wsgi:app"))
        self.worker: Child | None = None

    def start_worker(self) -> Child:
        self.worker = Child("worker", (*FLASK, "worker"))
        return self.worker

    def watch(self) -> int:
        """Until somebody says stop. Returns the exit code."""
        worker, pause, started = self.start_worker(), 1.0, time.monotonic()
        while not self.stopping.wait(0.5):
            if self.site.has_ended():
                print(f"The site has ended by itself. Its last words:\n{self.site.last_words()}", file=sys.stderr)
                return 1
            if not worker.has_ended():
                continue
            pause = 1.0 if time.monotonic() - started > 2 * LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            print(f"The worker has ended by itself and starts again in {pause:.0f} s: {worker.log}", file=sys.stderr)
            if self.stopping.wait(pause):
                break
            worker, started = self.start_worker(), time.monotonic()
        return 0

    def end(self) -> None:
        until = time.monotonic() + SECONDS_TO_END
        children = [child for child in (self.site, self.worker) if child]
        for child in children:
            child.ask_to_end()
        for child in children:
            child.wait_for_end(until)


def serve() -> int:
    port = chosen_port()
    refuse_taken_port(port)
    set_up()
    has_demonstration = load_demonstration()
    stopping = threading.Event()
    stop_on_signals(stopping)
    server = Server(stopping)
    try:
        if not wait_until_it_answers(server, port):
            return 0 if stopping.is_set() else 1
        threading.Thread(target=welcome, args=(port, has_demonstration), daemon=True).start()
        return server.watch()  # the worker waits until the site answers: the first page comes sooner
    finally:
        server.end()


def chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SetUpError("PORT must be a number from 1 to 65535.")
    return int(text)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise SetUpError(f"Port {port} may not be used by you: choose one above 1023, such as PORT=8000.") from None
        except OSError:
            raise SetUpError(
                f"Port {port} is taken: is Shirehall running already? Look at http://{HOST}:{port}\n"
                f"or choose another port:  PORT={port + 1} scripts/serve"
            ) from None


def is_production() -> bool:
    return os.environ.get("PUBLIC_BASE_URL", "").lower().startswith("https")


def load_demonstration() -> bool:
    """Something to look at on an empty database, never where real people are served. Whether it is there."""
    if is_production():
        return False
    has_cases, is_demonstration = state()
    if not has_cases and not is_demonstration:
        with Ticker("Demonstration cases") as ticker:
            run((*FLASK, "demo", "load"), "The demonstration could not be loaded.", ticker)
        return True
    return is_demonstration


def state() -> tuple[bool, bool]:
    """Whether there are cases, and whether they are the demonstration's. The SQLite file in the home folder is asked
    directly: starting the application takes a second."""
    if "DATABASE_URL" not in os.environ:
        with closing(sqlite3.connect(f"{(home() / DATABASE_FILE).as_uri()}?mode=ro", uri=True)) as connection:
            cases, demonstration = (connection.execute(question).fetchone() is not None for question in QUESTIONS)
            return cases, demonstration
    command = (str(PYTHON), "-c", STATE.format(questions=repr(QUESTIONS)))
    said = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)
    if said.returncode:
        raise SetUpError(f"{said.stderr}\nThe database could not be asked what is in it.")
    cases, demonstration = (line == "True" for line in said.stdout.split()[-2:])
    return cases, demonstration


def stop_on_signals(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def wait_until_it_answers(server: Server, port: int) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is not behind its own proxy
    while time.monotonic() < until and not server.site.has_ended():
        if server.stopping.wait(0.1):
            return False
        try:
            with direct.open(f"http://{HOST}:{port}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True  # it answers; what it says is for the pages to tell
        except OSError:
            continue
    print(f"The site did not start. Its last words:\n{server.site.last_words()}", file=sys.stderr)
    return False


def welcome(port: int, has_demonstration: bool) -> None:
    address = f"http://{HOST}:{port}"
    print(f"\nShirehall is ready:     {address}")
    print(f"Staff sign in at:       {address}/staff")
    if os.environ.get("SMS_PROVIDER", "handset") == "handset" and not is_production():
        print(f"A phone to text from:   {address}/handset")
    print(f"Stop it with Ctrl-C. Logs are in {home() / 'logs'}.", flush=True)
    if has_demonstration:
        print("\nSign in as one of:", flush=True)
        subprocess.run((*FLASK, "demo", "sign-ins"), cwd=ROOT, env=clean_environment(), check=False)


def main() -> int:
    try:
        return serve()
    except SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nShirehall could not start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
