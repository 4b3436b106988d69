"""The tests' own servers do what the other tests rely on."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask, request
from playwright.sync_api import Page
from redis import Redis
from sqlalchemy import create_engine, inspect, text

from tests.pages import page_faults
from tests.servers.smtp import MailServer

GOOD = (
    '<!DOCTYPE html><html lang="en"><head><title>Bins</title></head><body><main><h1>Bins</h1>{}</main>'
    '<script nonce="x">1</script></body></html>'
)


def test_database_has_the_tables_of_this_release(database_url: str, database_kind: str) -> None:
    engine = create_engine(database_url)
    assert engine.dialect.name == database_kind
    assert "cases" in inspect(engine).get_table_names()
    engine.dispose()


def test_postgresql_owner_is_no_superuser(database_url: str, database_kind: str) -> None:
    if database_kind == "sqlite":
        return
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("select rolsuper from pg_roles where rolname = current_user")).scalar() is False
    engine.dispose()


def test_one_tests_rows_are_not_in_the_next_ones_database(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("create table left_over (id integer)"))
    engine.dispose()


@pytest.mark.redis
def test_redis_answers_and_is_empty(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_mail_server_keeps_what_it_is_given(smtp_server: MailServer) -> None:
    message = EmailMessage()
    message["Subject"] = "Your report"
    message["From"], message["To"] = "shirehall@example.org", "ada@example.com"
    message.set_content("We have it.")
    host, _, port = smtp_server.url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as client:
        client.send_message(message)
    assert [mail.recipients for mail in smtp_server.received] == [("ada@example.com",)]
    assert smtp_server.received[0].message["Subject"] == "Your report"


@pytest.mark.browser
def test_browser_opens_a_page_of_ours(serve: Callable[[Flask], str], page: Page, axe: Callable[[Page], None]) -> None:
    app = Flask("bins")
    app.add_url_rule("/", "bins", lambda: GOOD.format(f"<p>{request.headers['User-Agent'][:7]}</p>"))
    page.goto(serve(app))
    assert page.text_content("p") == "Mozilla"
    axe(page)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param("<h1>Another</h1>", "headings of level 1", id="two headings"),
        pytest.param('<input name="a">', "has no label", id="a field without a label"),
        pytest.param('<form method="post"></form>', "no CSRF token", id="a form without its token"),
        pytest.param('<p style="color:red">a</p>', "style attribute", id="inline style"),
        pytest.param('<p onclick="a()">a</p>', "onclick", id="inline script"),
        pytest.param('<p id="a"></p><p id="a"></p>', "more than once", id="an id twice"),
        pytest.param('<div class="govuk-error-summary"><a href="#b">b</a></div>', "'#b'", id="a link to nowhere"),
        pytest.param("<p><div>a</div></p>", "unexpected-end-tag", id="broken markup"),
    ],
)
def test_page_check_finds(body: str, fault: str) -> None:
    assert any(fault in found for found in page_faults(GOOD.format(body))), page_faults(GOOD.format(body))


def test_page_check_finds_nothing_in_a_good_page() -> None:
    field = '<label for="a">Street</label><input id="a" name="a">'
    token = '<input type="hidden" name="csrf_token" value="x">'
    assert page_faults(GOOD.format(f'<form method="post">{token}{field}</form>')) == []
