from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.colours import contrast, text_on
from app.config import Settings
from app.permissions import public
from app.security import client_address

MakeApp = Callable[[Settings], Flask]


@pytest.fixture
def database_kind() -> str:
    """What is tested here is the same on every database."""
    return "sqlite"


@pytest.fixture
def production(settings: Settings, make_app: MakeApp) -> Flask:
    made = make_app(replace(settings, public_base_url="https://help.example.org"))

    @made.get("/who")
    @public
    def who() -> str:
        return f"{client_address()} {request.url}"

    return made


def test_nothing_inline_may_run_but_the_templates_own_line(client: FlaskClient) -> None:
    page = client.get("/help")
    policy = page.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None
    assert re.findall(r'<script nonce="([^"]+)"', page.text) == [nonce[1]]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_each_page_has_a_nonce_of_its_own(client: FlaskClient) -> None:
    first, second = (client.get("/help").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize("path", ["/help", "/staff/sign-in", "/nothing", "/brand.css", "/healthz"])
def test_every_answer_carries_the_protecting_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Content-Security-Policy" in headers


@pytest.mark.parametrize("path", ["/staff/sign-in", "/report", "/track", "/help"])
def test_pages_are_not_kept_by_browsers_or_proxies(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_in_production_the_cookie_belongs_to_this_host_alone(production: Flask) -> None:
    answer = production.test_client().get("/staff/sign-in", base_url="https://help.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-shirehall=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_on_plain_http_nothing_asks_for_https(client: FlaskClient) -> None:
    answer = client.get("/staff/sign-in")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


def ask_who(app: Flask, peer: str, **headers: str) -> str:
    return app.test_client().get("/who", headers=headers, environ_overrides={"REMOTE_ADDR": peer}).text


def test_behind_a_proxy_the_visitor_is_who_the_proxy_saw_last(production: Flask) -> None:
    said = ask_who(production, "127.0.0.1", **{"X-Forwarded-For": "198.51.100.9, 203.0.113.5"})
    assert said.startswith("203.0.113.5 ")


def test_a_visitor_cannot_claim_another_address(production: Flask) -> None:
    # 8.8.4.4 stands for any public address that talks to us directly.
    assert ask_who(production, "8.8.4.4", **{"X-Forwarded-For": "198.51.100.9"}).startswith("8.8.4.4 ")


def test_addresses_are_built_from_the_public_one_whatever_the_host_header_says(production: Flask) -> None:
    assert ask_who(production, "127.0.0.1", Host="evil.example").endswith(" https://help.example.org/who")


@pytest.mark.parametrize("colour", ["#0b4f3c", "#1f3b73", "#ffdd00", "#808080", "#ffffff", "#000000"])
def test_text_on_the_partnerships_colour_can_be_read(colour: str) -> None:
    assert contrast(colour, text_on(colour)) >= 4.5


@pytest.mark.parametrize("partnership", ["nottinghamshire", "hampshire-iow"])
def test_each_partnership_has_its_own_name_and_colour(settings: Settings, make_app: MakeApp, partnership: str) -> None:
    made = make_app(replace(settings, partnership=partnership))
    entry = made.extensions["register"].partnership
    client = made.test_client()
    assert f"--shirehall-brand: {entry.colour};" in client.get("/brand.css").text
    assert entry.name in client.get("/help").text


@pytest.mark.parametrize("path", ["/help", "/accessibility", "/privacy", "/cookies"])
def test_pages_about_the_site_have_one_heading_and_a_title(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    heading = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    assert len(heading) == 1
    assert f"<title>{heading[0]} – " in page
    assert len(re.sub(r"<[^>]+>", "", page)) > 500
