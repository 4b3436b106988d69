"""Walks the URL map: each view says who may have it, and what changes something is protected."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from app import create_app
from app.config import Settings
from app.permissions import ROLE_PERMISSIONS, Open, Permission, mark_of
from cases.models.staff import Role

SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.from_env({"SHIREHALL_HOME": str(tmp_path_factory.mktemp("home"))}))


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def path_of(rule: Rule) -> str:
    """An address that the rule matches, with something in each of its parts."""
    values = {name: 1 if isinstance(part, IntegerConverter) else "x" for name, part in rule._converters.items()}
    built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule} needs a sample value"
    return built[1]


def test_every_view_names_its_permission_or_says_it_is_public(app: Flask) -> None:
    unmarked = [rule.endpoint for rule in rules(app) if mark_of(app.view_functions[rule.endpoint]) is None]
    assert unmarked == []


def test_staff_pages_are_not_public_but_for_signing_in_and_out(app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in rules(app)
        if rule.rule.startswith("/staff") and isinstance(mark_of(app.view_functions[rule.endpoint]), Open)
    }
    assert public == {"account.sign_in", "account.sign_in_to_demonstration", "account.sign_out"}


def test_only_webhooks_go_without_a_token(app: Flask) -> None:
    signed = [r.rule for r in rules(app) if mark_of(app.view_functions[r.endpoint]) is Open.SIGNED_WEBHOOK]
    assert [rule for rule in signed if not rule.startswith("/webhooks/")] == []


def test_every_form_is_refused_without_its_token(app: Flask) -> None:
    client = app.test_client()
    accepted = []
    for rule in rules(app):
        if mark_of(app.view_functions[rule.endpoint]) is Open.SIGNED_WEBHOOK:
            continue
        for method in (rule.methods or set()) - SAFE:
            answer = client.open(path_of(rule), method=method, data={"typed": "kept"})
            if answer.status_code not in (400, 401) or "not been sent" not in answer.text:
                accepted.append((method, rule.rule, answer.status_code))
    assert accepted == []


def test_every_webhook_is_refused_without_its_signature(app: Flask) -> None:
    client = app.test_client()
    accepted = []
    for rule in rules(app):
        if mark_of(app.view_functions[rule.endpoint]) is not Open.SIGNED_WEBHOOK:
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(path_of(rule), method=method, data={"Body": "hello"})
            if answer.status_code not in (403, 404):
                accepted.append((method, rule.rule, answer.status_code))
    assert accepted == []


def test_every_staff_page_sends_a_stranger_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    for rule in rules(app):
        if not isinstance(mark_of(app.view_functions[rule.endpoint]), Permission) or "GET" not in (rule.methods or ()):
            continue
        answer = client.get(path_of(rule))
        assert answer.status_code == 302, rule
        assert answer.location.startswith("/staff/sign-in?next=/"), rule


def test_every_permission_a_view_asks_for_is_held_by_a_role(app: Flask) -> None:
    held = frozenset().union(*ROLE_PERMISSIONS.values())
    asked = {mark_of(app.view_functions[rule.endpoint]) for rule in rules(app)}
    assert {mark for mark in asked if isinstance(mark, Permission)} <= held


def test_every_role_has_an_entry_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_blueprint_module_is_joined() -> None:
    from app.blueprints import BLUEPRINTS

    root = Path(__file__).parents[2] / "app"
    packages = {
        f"app.{path.parent.name}" for path in root.glob("*/*.py") if "blueprint = Blueprint(" in path.read_text()
    }
    assert packages <= set(BLUEPRINTS)
