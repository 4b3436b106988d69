"""Prometheus figures of all processes together: each counts into files of its own, ``/metrics`` adds them up."""

from __future__ import annotations

import fcntl
import hmac
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, abort, current_app, g, request

from app.config import Settings
from app.permissions import public
from app.proxy import is_this_machine

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})  # a stranger can invent others
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_making = Lock()
blueprint = Blueprint("metrics", __name__)


@dataclass(frozen=True)
class Meters:
    requests: Counter
    seconds: Histogram
    lock: int  # an open file, held as long as this process counts


def init_metrics(app: Flask, settings: Settings) -> None:
    # Chosen before the library is first imported: that is when it decides how it counts.
    os.environ.setdefault(FOLDER_VARIABLE, str(settings.home / "metrics"))
    app.before_request(_begin)
    app.after_request(_count)
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
@public
def show() -> Response:
    """For this machine, or for who knows ``METRICS_TOKEN``. To anybody else there is no such page."""
    if not is_this_machine(request.environ) and not _has_token():
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    meters()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def meters() -> Meters:
    """This process's counters, made at the first request: a command that serves nobody leaves no files."""
    with _making:  # two threads may both be the first
        return _make_meters()


@cache
def _make_meters() -> Meters:
    lock = _claim(Path(os.environ[FOLDER_VARIABLE]))
    from prometheus_client import Counter, Histogram

    return Meters(
        Counter("shirehall_requests", "Requests answered.", ("method", "endpoint", "status")),
        Histogram("shirehall_request_seconds", "Time to answer.", ("endpoint",), buckets=BUCKETS),
        lock,
    )


def _claim(folder: Path) -> int:
    """Share the folder with the processes that count now; the first of a new run removes the last run's figures."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for old in folder.glob("*.db"):
            old.unlink()
    except BlockingIOError:
        pass  # others are counting already
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _begin() -> None:
    g.metrics_began = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    if "metrics_began" in g and endpoint != "metrics.show":
        counted = meters()
        method = request.method if request.method in METHODS else "other"
        counted.requests.labels(method, endpoint, response.status_code).inc()
        counted.seconds.labels(endpoint).observe(time.perf_counter() - g.metrics_began)
    return response


def _has_token() -> bool:
    settings: Settings = current_app.extensions["settings"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.metrics_token
    return wanted is not None and hmac.compare_digest(given.encode(), wanted.encode())
