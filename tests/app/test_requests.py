from __future__ import annotations

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from app.permissions import public, signed_webhook


@pytest.fixture
def database_kind() -> str:
    """What is tested here is the same on every database."""
    return "sqlite"


@pytest.fixture
def echo(app: Flask) -> FlaskClient:
    @app.route("/echo/<word>", methods=["GET"])
    @public
    def query(word: str) -> Response:
        return jsonify(word=word, args=request.args.getlist("q"), values=request.values.getlist("q"))

    @app.route("/webhooks/echo", methods=["POST"])
    @signed_webhook
    def hook() -> Response:
        json = request.get_json(silent=True)
        return jsonify(form=request.form.to_dict(), sent=request.form_as_sent.to_dict(), json=json)

    return app.test_client()


def test_a_form_is_cleaned_and_kept_as_sent_for_its_signature(echo: FlaskClient) -> None:
    answer = echo.post("/webhooks/echo", data={"Bo\x00dy": "a\x00b\r\nc"}).json
    assert answer["form"] == {"Bo\ufffddy": "a\ufffdb\nc"}
    assert answer["sent"] == {"Bo\x00dy": "a\x00b\r\nc"}


def test_a_multipart_form_is_cleaned(echo: FlaskClient) -> None:
    answer = echo.post("/webhooks/echo", data={"Body": "a\x00b"}, content_type="multipart/form-data").json
    assert answer["form"] == {"Body": "a\ufffdb"}


def test_json_is_cleaned_to_its_depths(echo: FlaskClient) -> None:
    answer = echo.post(
        "/webhooks/echo", data='{"a\\u0000": ["\\ud83d", {"b": "\\r\\n"}]}', content_type="application/json"
    )
    assert answer.json["json"] == {"a\ufffd": ["\ufffd", {"b": "\n"}]}


def test_query_and_address_are_cleaned(echo: FlaskClient) -> None:
    answer = echo.get("/echo/a%00b?q=x%00&q=y%0D%0A").json
    assert answer == {"word": "a\ufffdb", "args": ["x\ufffd", "y\n"], "values": ["x\ufffd", "y\n"]}


@pytest.mark.parametrize("query", ["q=%ff", "q=%ED%A0%80", "%00", "q=\xff"])
def test_bytes_that_are_no_text_are_no_error_of_ours(echo: FlaskClient, query: str) -> None:
    answer = echo.get("/echo/x", environ_overrides={"QUERY_STRING": query})
    assert answer.status_code in (200, 400)
