"""A visitor with one kept-open connection and a cookie jar: as little work as possible on the measuring side."""

from __future__ import annotations

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Visitor:
    """``get`` and ``post`` return the body and raise when the answer is not the one wanted."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, wanted: int = 200) -> bytes:
        return self._ask("GET", path, None, {}, wanted)

    def post(self, path: str, form: dict[str, str], wanted: int, headers: dict[str, str] | None = None) -> bytes:
        return self._ask("POST", path, urlencode(form), {**_FORM, **(headers or {})}, wanted)

    def post_page(self, path: str, form: dict[str, str], wanted: int = 302) -> bytes:
        """Fetch the page for its token, then send its form."""
        found = _TOKEN.search(self.get(path))
        token = found.group(1).decode() if found else ""
        return self.post(path, {"csrf_token": token, **form}, wanted)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str], wanted: int) -> bytes:
        if self._cookies:
            headers = {**headers, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        answer = self._answer(method, path, body, headers)
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        if answer.status != wanted:
            raise RuntimeError(f"{method} {path.split('?')[0]} answered {answer.status}, not {wanted}")
        return content

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """A server may close a kept connection in the moment it is used again; then, as browsers do, once more."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
