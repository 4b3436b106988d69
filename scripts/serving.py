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
from types import FrameType

from setting_up import DATABASE_FILE, PYTHON, home, set_up
from steps import ROOT, Command, SetUpError, Ticker, clean_environment, run

HOST = "127.0.0.1"
SECONDS_TO_START = 60.0
SECONDS_TO_END = 20.0
LONGEST_PAUSE = 30.0
FLASK: tuple[str, ...] = (str(PYTHON), "-m", "flask", "--app", "wsgi")
HAS_CASES = """
from sqlalchemy import text
from wsgi import app
from app.extensions import db
with app.app_context():
    print("cases" if db.session.execute(text("select 1 from cases limit 1")).first() else "empty")
"""


class Child:
    """A process of ours in a group of its own: Ctrl-C reaches it through us, in order, and nothing else is touched."""

    def __init__(self, name: str, command: Command) -> None:
        self.name = name
        self.process = subprocess.Popen(command, cwd=ROOT, env=clean_environment(), start_new_session=True)

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

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.site = Child("site", (str(PYTHON), "-m", "gunicorn", "--log-level", "warning", "wsgi:app"))
        self.worker = Child("worker", (*FLASK, "worker"))

    def watch(self) -> int:
        """Until somebody says stop. Returns the exit code."""
        pause, started = 1.0, time.monotonic()
        while not self.stopping.wait(0.5):
            if self.site.has_ended():
                print("The site has ended by itself: see above.", file=sys.stderr)
                return 1
            if not self.worker.has_ended():
                continue
            pause = 1.0 if time.monotonic() - started > 2 * LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            print(f"The worker has ended by itself: see above. It starts again in {pause:.0f} s.", file=sys.stderr)
            if self.stopping.wait(pause):
                break
            self.worker, started = Child("worker", (*FLASK, "worker")), time.monotonic()
        return 0

    def end(self) -> None:
        until = time.monotonic() + SECONDS_TO_END
        for child in (self.site, self.worker):
            child.ask_to_end()
        for child in (self.site, self.worker):
            child.wait_for_end(until)


def serve() -> int:
    port = chosen_port()
    refuse_taken_port(port)
    set_up()
    load_demonstration()
    server = Server()
    stop_on_signals(server.stopping)
    try:
        if not wait_until_it_answers(server, port):
            return 0 if server.stopping.is_set() else 1
        welcome(port)
        return server.watch()
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


def load_demonstration() -> None:
    """Something to look at on an empty database; never where real people are served."""
    if is_production() or has_cases() or not command_exists("demo"):
        return
    with Ticker("Demonstration cases") as ticker:
        run((*FLASK, "demo", "load"), "The demonstration could not be loaded.", ticker)


def has_cases() -> bool:
    """Asked of the SQLite file directly where it is the usual one: starting the application takes a second."""
    if "DATABASE_URL" not in os.environ:
        with sqlite3.connect(f"{(home() / DATABASE_FILE).as_uri()}?mode=ro", uri=True) as connection:
            return connection.execute("select 1 from cases limit 1").fetchone() is not None
    said = subprocess.run(
        (str(PYTHON), "-c", HAS_CASES), cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False
    )
    return said.stdout.strip() != "empty"


def command_exists(name: str) -> bool:
    return (ROOT / "app" / "commands" / f"{name}.py").exists()


def stop_on_signals(stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def wait_until_it_answers(server: Server, port: int) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and not server.site.has_ended():
        if server.stopping.wait(0.1):
            return False
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True  # it answers; what it says is for the pages to tell
        except OSError:
            continue
    print("The site did not start: see above.", file=sys.stderr)
    return False


def welcome(port: int) -> None:
    address = f"http://{HOST}:{port}"
    print(f"\nShirehall is ready:  {address}")
    print(f"Staff sign in at     {address}/staff")
    if os.environ.get("SMS_PROVIDER", "handset") == "handset" and not is_production():
        print(f"A phone to text from {address}/handset")
    print("Stop it with Ctrl-C.\n", flush=True)
    if not is_production() and command_exists("demo"):
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
