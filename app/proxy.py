"""Sees through the proxy in front of a production server, without believing what a visitor claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


class BehindProxy:
    """Scheme and host come from ``PUBLIC_BASE_URL``, never from a header.

    The visitor's address is the last one that a proxy on this machine or this
    private network has written; a visitor cannot write after it.
    """

    def __init__(self, wsgi: Wsgi, public_base_url: str) -> None:
        self._wsgi = wsgi
        base = urlsplit(public_base_url)
        self._scheme, self._host = base.scheme, base.netloc

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = self._scheme
        environ["HTTP_HOST"] = self._host
        environ["shirehall.peer"] = environ.get("REMOTE_ADDR", "")
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if is_near(environ["shirehall.peer"]) and _is_address(forwarded):
            environ["REMOTE_ADDR"] = forwarded
        return self._wsgi(environ, start_response)


def is_near(address: str) -> bool:
    """Whether it is this machine, its private network, or a Unix socket (which has no address)."""
    if not address:
        return True
    return _is_address(address) and ip_address(address).is_private


def is_this_machine(environ: Environ) -> bool:
    """Whether the request began on this machine: from loopback and passed on by no proxy."""
    address = environ.get("REMOTE_ADDR", "")
    if any(environ.get(name) for name in FORWARDED):
        return False
    return _is_address(address) and ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
