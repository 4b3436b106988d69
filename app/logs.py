"""Log lines as JSON. They carry ids and endpoint names; never an address asked for, a name, a number or a text."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
import traceback
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, g, has_app_context, request
from flask.wrappers import Response
from structlog.typing import EventDict, Processor, WrappedLogger

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
log: structlog.stdlib.BoundLogger = structlog.get_logger("shirehall.request")


def init_logs(app: Flask) -> None:
    configure_logging()
    app.before_request(_begin)
    app.after_request(_finish)


def configure_logging() -> None:
    """Both structlog's and the standard library's lines leave in one shape, on standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.set_name("shirehall")
    root = logging.getLogger()
    root.handlers = [*(h for h in root.handlers if h.get_name() != "shirehall"), handler]
    root.setLevel(logging.INFO)
    for noisy in ("werkzeug", "flask_wtf.csrf", "huey", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def describe_exception(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """An exception as its type and where it came from. Its message may quote what a person typed: left out."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple):
        info = info[1]
    if isinstance(info, BaseException):
        event["exception"] = _kinds(info)
        event["frames"] = _frames(info.__traceback__)
    return event


def _kinds(error: BaseException) -> list[str]:
    kinds: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(kinds) < 5:
        kinds.append(type(seen).__qualname__)
        seen = seen.__cause__ or seen.__context__
    return kinds


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames][-12:]


def _short(filename: str) -> str:
    return "/".join(filename.rsplit("/", 3)[-3:])


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    if "began" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_id
    log.info(
        "request",
        method=request.method,
        endpoint=request.endpoint,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.began) * 1000, 1),
    )
    return response


def request_id() -> str | None:
    """The id of the request being answered, for the audit trail and the error page."""
    return g.get("request_id") if has_app_context() else None
