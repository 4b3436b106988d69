from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app.permissions import Permission, public, requires
from cases.errors import ConflictError, NotAllowedError, NotFoundError, RuleError, ShirehallError, TooManyAttemptsError
from tests.app.conftest import StandingClock
from tests.app.doors import sign_in, token


@pytest.fixture
def database_kind() -> str:
    """What is tested here is the same on every database."""
    return "sqlite"


@pytest.fixture
def raising(app: Flask) -> Callable[[Exception], FlaskClient]:
    def make(error: Exception) -> FlaskClient:
        @app.get("/raise")
        @public
        def fail() -> str:
            raise error

        return app.test_client()

    return make


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (NotFoundError(), 404, "Page not found"),
        (NotAllowedError(), 403, "You do not have permission"),
        (ConflictError("Sam has taken this case."), 409, "Sam has taken this case."),
        (RuleError("phone", "Enter a UK phone number."), 422, "Enter a UK phone number."),
        (TooManyAttemptsError(7), 429, "too many times"),
        (ShirehallError(), 422, "cannot be done"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_domain_error_becomes_a_page(
    raising: Callable[[Exception], FlaskClient], error: Exception, status: int, says: str
) -> None:
    answer = raising(error).get("/raise")
    assert answer.status_code == status
    assert says in answer.text
    assert "<h1" in answer.text


def test_absent_and_forbidden_records_look_the_same(raising: Callable[[Exception], FlaskClient]) -> None:
    absent = raising(NotFoundError("Case 12 belongs to Ashfield")).get("/raise")
    assert "Ashfield" not in absent.text


def test_too_many_tries_says_when_to_come_back(raising: Callable[[Exception], FlaskClient]) -> None:
    assert raising(TooManyAttemptsError(7)).get("/raise").headers["Retry-After"] == "7"


def test_a_program_gets_its_error_as_json(raising: Callable[[Exception], FlaskClient]) -> None:
    answer = raising(ConflictError("Taken.")).get("/raise", headers={"Accept": "application/json"})
    assert answer.json == {"error": "Taken."}


def test_a_bug_gives_a_page_without_its_words(app: Flask, raising: Callable[[Exception], FlaskClient]) -> None:
    app.testing = False
    answer = raising(ValueError("secret detail")).get("/raise")
    assert answer.status_code == 500
    assert "Sorry, there is a problem" in answer.text
    assert "secret" not in answer.text


def test_page_not_found_says_what_to_do_next(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "check it is correct" in answer.text


def test_staff_get_their_errors_among_their_own_pages(client: FlaskClient, add_staff: Callable[..., int]) -> None:
    add_staff()
    sign_in(client)
    page = client.get("/staff/no-such-page")
    assert page.status_code == 404
    assert "Sign out" in page.text
    assert 'href="/staff/">Go to your first page' in page.text


def test_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_much_is_refused_with_a_page(client: FlaskClient) -> None:
    answer = client.post("/staff/sign-in", data={"email": "x" * 2_000_000})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_view_without_a_mark_answers_nobody(app: Flask) -> None:
    @app.get("/forgotten")
    def forgotten() -> str:
        return "secret"

    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_permission_is_refused_to_a_role_that_lacks_it(app: Flask, add_staff: Callable[..., int]) -> None:
    @app.get("/staff/secret")
    @requires(Permission.MANAGE_STAFF)
    def secret() -> str:
        return "secret"

    add_staff()
    client = app.test_client()
    sign_in(client)
    assert client.get("/staff/secret").status_code == 403


class TestFormThatWasOpenTooLong:
    @pytest.fixture
    def form(self, app: Flask) -> FlaskClient:
        @app.route("/say", methods=["GET", "POST"])
        @public
        def say() -> str:
            return "said: " + "|".join(request.form.getlist("words"))

        return app.test_client()

    def test_what_was_typed_is_shown_and_can_be_sent_again(self, form: FlaskClient) -> None:
        page = form.post("/say?step=2", data={"words": ["<b>first</b>", "second\nline"], "csrf_token": "old"})
        assert page.status_code == 400
        assert "&lt;b&gt;first&lt;/b&gt;" in page.text
        assert 'action="/say?step=2"' in page.text
        sent = form.post("/say?step=2", data={"words": ["<b>first</b>", "second\nline"], "csrf_token": token(page)})
        assert sent.text == "said: <b>first</b>|second\nline"

    def test_a_password_is_never_shown_again(self, client: FlaskClient) -> None:
        page = client.post("/staff/sign-in", data={"email": "ada@example.org", "password": "kettles"})
        assert page.status_code == 400
        assert "ada@example.org" in page.text
        assert "kettles" not in page.text
        assert "Send it now" not in page.text

    def test_staff_whose_session_has_ended_sign_in_again_and_lose_nothing(
        self, app: Flask, client: FlaskClient, add_staff: Callable[..., int], clock: StandingClock
    ) -> None:
        @app.post("/staff/note")
        @requires(Permission.USE_STAFF_PAGES)
        def note() -> str:
            return "kept: " + request.form["note"]

        add_staff()
        sign_in(client)
        old = token(client.get("/staff/"))
        clock.advance(hours=3)
        page = client.post("/staff/note", data={"csrf_token": old, "note": "She called twice"})
        assert page.status_code == 401
        assert "She called twice" in page.text
        assert "Sign in again" in page.text
        too_soon = client.post("/staff/note", data={"csrf_token": token(page), "note": "She called twice"})
        assert "She called twice" in too_soon.text
        sign_in(client)
        page = client.post("/staff/note", data={"csrf_token": token(page), "note": "She called twice"})
        assert page.status_code == 400
        sent = client.post("/staff/note", data={"csrf_token": token(page), "note": "She called twice"})
        assert sent.text == "kept: She called twice"

    def test_a_form_from_another_site_is_not_offered_to_be_sent(self, form: FlaskClient) -> None:
        page = form.post("/say", data={"words": "planted"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert page.status_code == 400
        assert "Send it now" not in page.text

    def test_another_site_cannot_send_even_with_a_token(self, form: FlaskClient) -> None:
        page = form.post("/say", data={"words": "x"})
        data = {"words": "planted", "csrf_token": token(page)}
        assert form.post("/say", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
