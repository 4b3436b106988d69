from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.database import write_transaction
from app.demonstration import NAME
from app.health import add_check
from cases.models.messages import Fact

MakeApp = Callable[[Settings], Flask]


@pytest.fixture
def without_tables(tmp_path: Path, empty_database_url: str) -> Settings:
    return Settings.from_env({"SHIREHALL_HOME": str(tmp_path), "DATABASE_URL": empty_database_url})


def test_a_process_that_runs_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_an_application_that_can_serve_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"]["migrations"] == "ok"


def test_without_its_tables_it_is_alive_but_not_ready(without_tables: Settings, make_app: MakeApp) -> None:
    client = make_app(without_tables).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["migrations"] == "failed"


def test_a_part_that_fails_makes_it_not_ready_without_saying_why(app: Flask) -> None:
    def broken() -> None:
        raise OSError("secret address of the broker")

    add_check(app, "jobs", broken)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["jobs"] == "failed"
    assert "secret" not in answer.text


def test_figures_count_each_answer_by_its_endpoint(client: FlaskClient) -> None:
    client.get("/healthz")
    text = client.get("/metrics").text
    assert 'shirehall_requests_total{endpoint="health.show_process",method="GET",status="200"}' in text


@pytest.mark.parametrize(
    "elsewhere",
    [{"REMOTE_ADDR": "192.0.2.1"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}],
    ids=["another machine", "through a proxy on this one"],
)
def test_figures_are_for_this_machine_only(client: FlaskClient, elsewhere: dict[str, str]) -> None:
    assert client.get("/metrics", environ_overrides=elsewhere).status_code == 404


def test_a_monitor_elsewhere_reads_the_figures_with_its_token(
    settings: Settings, app: Flask, make_app: MakeApp
) -> None:
    client = make_app(replace(settings, metrics_token="tell-me")).test_client()

    def status(authorization: str) -> int:
        return client.get(
            "/metrics", headers={"Authorization": authorization}, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}
        ).status_code

    assert status("Bearer tell-me") == 200
    assert status("Bearer guess") == 404


def test_a_made_up_method_makes_no_new_series(client: FlaskClient) -> None:
    client.open("/healthz", method="BREW")
    assert "BREW" not in client.get("/metrics").text


def test_every_page_of_a_demonstration_says_so(app: Flask) -> None:
    with app.app_context(), write_transaction() as session:
        session.add(Fact(name=NAME, value={}))
    assert "Demonstration" in app.test_client().get("/help").text
    assert "Demonstration" in app.test_client().get("/staff/sign-in").text


def test_no_page_of_a_real_installation_says_demonstration(client: FlaskClient) -> None:
    assert "Demonstration" not in client.get("/help").text


def test_pages_that_need_no_database_are_shown_without_one(without_tables: Settings, make_app: MakeApp) -> None:
    assert make_app(without_tables).test_client().get("/help").status_code == 200
