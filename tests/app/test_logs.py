from __future__ import annotations

import json

import pytest
from flask import Flask

from app.permissions import public


@pytest.fixture
def database_kind() -> str:
    """What is tested here is the same on every database."""
    return "sqlite"


def lines(captured: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.splitlines() if line.startswith("{")]


@pytest.fixture
def chatty(app: Flask) -> Flask:
    @app.route("/find/<reference>")
    @public
    def find(reference: str) -> str:
        raise ValueError(f"no such person: {reference}")

    app.testing = False
    return app


def test_a_line_names_the_endpoint_and_never_the_address(chatty: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    from app.logs import configure_logging

    configure_logging()  # onto the captured standard error
    answer = chatty.test_client().get("/find/4719036258?phone=07700900123")
    written = capsys.readouterr().err
    assert "4719036258" not in written
    assert "07700900123" not in written
    request = next(line for line in lines(written) if line["event"] == "request")
    assert request["endpoint"] == "find"
    assert request["status"] == 500
    assert request["request_id"] == answer.headers["X-Request-ID"]


def test_an_exception_is_told_by_type_and_place(chatty: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    from app.logs import configure_logging

    configure_logging()
    chatty.test_client().get("/find/somebody")
    error = next(line for line in lines(capsys.readouterr().err) if line["event"] == "unexpected error")
    assert error["exception"] == ["ValueError"]
    assert "test_logs.py" in str(error["frames"])


@pytest.mark.parametrize(("given", "kept"), [("abc-12345678", True), ("x", False), ('"}{"', False), ("a" * 99, False)])
def test_a_request_id_from_outside_is_kept_only_if_it_is_plain(app: Flask, given: str, kept: bool) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept
