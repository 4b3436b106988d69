"""A stand-in for Twilio's REST interface on loopback, which misbehaves as it is told."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs

ACCOUNT, TOKEN = "AC" + "0" * 32, "12345"


@dataclass(frozen=True)
class Misdeed:
    """What to do with the next message: an answer other than 201, a pause, or a connection cut before any answer.

    ``took_it``: the message counts as accepted all the same.
    """

    status: int = 201
    code: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    cuts: bool = False
    took_it: bool = False
    body: str | None = None


@dataclass
class FakeTwilio:
    """``sent``: the forms of accepted messages, in order. ``misdeeds`` are done one after the other, then none."""

    url: str = ""
    sent: list[dict[str, str]] = field(default_factory=list)
    misdeeds: deque[Misdeed] = field(default_factory=deque)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _ending: Event = field(default_factory=Event)

    def take(self, form: dict[str, str]) -> str:
        with self._lock:
            self.sent.append(form)
            return f"SM{len(self.sent):032d}"


@contextmanager
def running_fake_twilio() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake._ending.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(fake: FakeTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            text = self.rfile.read(length).decode()
            form = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
            fake.requests.append((self.command, self.path, self.headers.get("Authorization", "")))
            misdeed = fake.misdeeds.popleft() if fake.misdeeds else Misdeed()
            sid = fake.take(form) if (misdeed.status == 201 and not misdeed.cuts) or misdeed.took_it else ""
            if misdeed.hangs:
                fake._ending.wait(10)
            if misdeed.cuts or misdeed.hangs:
                self.close_connection = True
                return
            self._answer(misdeed, {"sid": sid, "status": "queued", "body": form.get("Body")})

        def _answer(self, misdeed: Misdeed, created: dict[str, str | None]) -> None:
            failure = {"code": misdeed.code, "message": "no", "status": misdeed.status}
            text = (
                misdeed.body if misdeed.body is not None else json.dumps(created if misdeed.status == 201 else failure)
            )
            self.send_response(misdeed.status)
            for name, value in misdeed.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            """Quiet."""

    return Handler
