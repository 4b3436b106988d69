from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.database import write_transaction
from app.demo.staff import add_staff, signing_in
from app.demonstration import NAME
from cases.actions.sync_register import sync_register
from cases.models.messages import Fact
from tests.app.demo.test_commands import production
from tests.app.doors import NOON, token

BUTTON = "/staff/sign-in/demonstration"


def make_demonstration(app: Flask) -> None:
    """Its people and the fact that it is one; their cases are not needed here."""
    with app.app_context(), write_transaction() as session:
        kit = app.extensions["kit"]
        sync_register(session, kit.register, kit.catalogue)
        add_staff(session, kit.register, NOON)
        session.add(Fact(name=NAME, value={}))


def test_each_person_is_offered_with_a_button_that_signs_in(app: Flask) -> None:
    make_demonstration(app)
    for person in signing_in(app.extensions["register"]):
        client = app.test_client()
        page = client.get("/staff/sign-in")
        assert person.full_name in page.text and person.email in page.text and "front-door-demo" in page.text
        answer = client.post(BUTTON, data={"csrf_token": token(page), "email": person.email})
        assert answer.location == "/staff/"
        assert person.full_name in client.get("/staff/").text


def test_the_button_leads_on_to_the_page_that_was_asked_for_and_nowhere_else(app: Flask) -> None:
    make_demonstration(app)
    client = app.test_client()
    page = client.get("/staff/sign-in?next=/staff/queues")
    assert 'name="next" value="/staff/queues"' in page.text
    fields = {"csrf_token": token(page), "email": "tom@demo.example.org"}
    assert client.post(BUTTON, data={**fields, "next": "//evil.example"}).location == "/staff/"
    fields["csrf_token"] = token(client.get("/staff/"))
    assert client.post(BUTTON, data={**fields, "next": "/staff/queues"}).location == "/staff/queues"


def test_only_the_people_on_the_page_can_be_signed_in_so(app: Flask) -> None:
    make_demonstration(app)
    client = app.test_client()
    csrf = token(client.get("/staff/sign-in"))
    for email in ("", "nobody@demo.example.org", "priya.sandhu@demo.example.org"):
        assert client.post(BUTTON, data={"csrf_token": csrf, "email": email}).status_code == 404


def test_without_the_forms_token_nothing_happens(app: Flask) -> None:
    make_demonstration(app)
    client = app.test_client()
    assert client.post(BUTTON, data={"email": "tom@demo.example.org"}).status_code in (400, 403, 422)
    assert client.get("/staff/").status_code == 302


def test_outside_a_demonstration_there_is_no_such_thing(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/staff/sign-in")
    assert "demo.example.org" not in page.text and "front-door-demo" not in page.text
    data = {"csrf_token": token(page), "email": "tom@demo.example.org"}
    assert client.post(BUTTON, data=data).status_code == 404


def test_on_production_settings_not_even_with_a_demonstrations_rows(
    make_app: Callable[[Settings], Flask], tmp_path: Path, database_url: str
) -> None:
    app = make_app(production(tmp_path, database_url))
    make_demonstration(app)
    client = app.test_client()
    page = client.get("/staff/sign-in", base_url="https://help.example.org")
    assert "demo.example.org" not in page.text
    data = {"csrf_token": token(page), "email": "tom@demo.example.org"}
    headers = {"Referer": "https://help.example.org/staff/sign-in"}
    answer = client.post(BUTTON, data=data, base_url="https://help.example.org", headers=headers)
    assert answer.status_code == 404


@pytest.mark.parametrize("password", ["front-door-demo", "ｆront-door-demo"], ids=["as shown", "in wide letters"])
def test_on_production_settings_the_password_that_everybody_knows_opens_nothing(
    make_app: Callable[[Settings], Flask], tmp_path: Path, database_url: str, password: str
) -> None:
    app = make_app(production(tmp_path, database_url))
    make_demonstration(app)
    client = app.test_client()
    address = "https://help.example.org/staff/sign-in"
    data = {"csrf_token": token(client.get(address)), "email": "tom@demo.example.org", "password": password}
    answer = client.post(address, data=data)
    assert answer.status_code == 422 and "is not right" in answer.text
