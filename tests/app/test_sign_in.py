from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.account.passwords import hash_password, is_password, password_problem
from app.database import write_transaction
from app.safe_next import safe_next
from cases.models.staff import Role, StaffUser
from tests.app.conftest import StandingClock
from tests.app.doors import PASSWORD, sign_in, token

AddStaff = Callable[..., int]


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def change(app: Flask, staff_id: int, **fields: object) -> None:
    with app.app_context(), write_transaction() as session:
        staff = session.get_one(StaffUser, staff_id)
        for name, value in fields.items():
            setattr(staff, name, value)


def test_right_password_leads_to_the_page_that_was_asked_for(client: FlaskClient, add_staff: AddStaff) -> None:
    add_staff()
    asked = client.get("/staff/?tab=mine")
    answer = sign_in(client, path=asked.location)
    assert answer.location == "/staff/?tab=mine"
    assert "Ada Example" in client.get("/staff/").text


def test_email_is_taken_in_any_case_and_with_spaces(client: FlaskClient, add_staff: AddStaff) -> None:
    add_staff()
    sign_in(client, email=" ADA@Example.org ")
    assert is_signed_in(client)


def test_a_stranger_and_a_wrong_password_are_told_the_same(client: FlaskClient, add_staff: AddStaff) -> None:
    add_staff()
    wrong = sign_in(client, password="not this one at all")
    stranger = sign_in(client, email="ghost@example.org", password="not this one at all")
    assert wrong.status_code == stranger.status_code == 422
    without = [page.text.replace("ghost@", "ada@") for page in (wrong, stranger)]
    said = [text[text.index("There is a problem") : text.index('name="csrf_token"')] for text in without]
    assert said[0] == said[1]


@pytest.mark.parametrize("fields", [{"active": False}, {"password_hash": None}], ids=["left", "no password"])
def test_who_has_left_or_has_no_password_cannot_sign_in(
    client: FlaskClient, app: Flask, add_staff: AddStaff, fields: dict[str, object]
) -> None:
    change(app, add_staff(), **fields)
    assert sign_in(client).status_code == 422


def test_what_was_typed_stays_but_never_the_password(client: FlaskClient) -> None:
    page = sign_in(client, password="not this one at all")
    assert 'value="ada@example.org"' in page.text
    assert "not this one at all" not in page.text


def test_guessing_is_slowed_but_the_person_is_not_locked_out(
    client: FlaskClient, add_staff: AddStaff, clock: StandingClock
) -> None:
    add_staff()
    for _ in range(5):
        assert sign_in(client, password="a wrong guess").status_code == 422
    slowed = sign_in(client)
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == "2"
    assert "Wait 2 seconds" in slowed.text
    clock.advance(seconds=3)
    assert sign_in(client).status_code == 302


def test_guesses_from_elsewhere_do_not_slow_the_person(app: Flask, client: FlaskClient, add_staff: AddStaff) -> None:
    add_staff()
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    for _ in range(9):
        sign_in(elsewhere, password="a wrong guess")
    assert sign_in(client).status_code == 302


def test_signing_out_ends_a_copied_session_too(app: Flask, client: FlaskClient, add_staff: AddStaff) -> None:
    add_staff()
    sign_in(client)
    copied = app.test_client()
    cookie = client.get_cookie("shirehall")
    assert cookie is not None
    copied.set_cookie("shirehall", cookie.value)
    assert is_signed_in(copied)
    client.post("/staff/sign-out", data={"csrf_token": token(client.get("/staff/"))})
    assert not is_signed_in(client)
    assert not is_signed_in(copied)


def test_raising_the_epoch_or_closing_the_account_ends_the_session(
    app: Flask, client: FlaskClient, add_staff: AddStaff
) -> None:
    staff_id = add_staff()
    sign_in(client)
    change(app, staff_id, session_epoch=1)
    assert not is_signed_in(client)
    sign_in(client)
    change(app, staff_id, active=False)
    assert not is_signed_in(client)


def test_a_session_ends_after_two_idle_hours(client: FlaskClient, add_staff: AddStaff, clock: StandingClock) -> None:
    add_staff()
    sign_in(client)
    clock.advance(minutes=119)
    assert is_signed_in(client)
    clock.advance(minutes=119)
    assert is_signed_in(client)
    clock.advance(minutes=121)
    assert not is_signed_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(
    client: FlaskClient, add_staff: AddStaff, clock: StandingClock
) -> None:
    add_staff()
    sign_in(client)
    for _ in range(12):
        clock.advance(minutes=59)
        assert is_signed_in(client)
    clock.advance(minutes=59)
    assert not is_signed_in(client)


def test_nothing_of_the_session_before_survives_signing_in(client: FlaskClient, add_staff: AddStaff) -> None:
    add_staff()
    client.get("/staff/sign-in")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_an_appointment_that_has_ended_opens_nothing(client: FlaskClient, app: Flask, add_staff: AddStaff) -> None:
    staff_id = add_staff()
    with app.app_context(), write_transaction() as session:
        appointment = session.get_one(StaffUser, staff_id).appointments[0]
        appointment.ends_on = appointment.starts_on
    sign_in(client)
    assert client.get("/staff/").status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_open_the_first_staff_page(client: FlaskClient, add_staff: AddStaff, role: Role) -> None:
    add_staff(role=role)
    sign_in(client)
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/a\tb", "/\n/evil.example",
     "javascript:alert(1)", "evil", "", None, "http:///x", "/ /x"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(target: str | None) -> None:
    assert safe_next(target, "/staff/") == "/staff/"


@pytest.mark.parametrize("target", ["/staff/cases/1", "/staff/queues?page=2&q=a%20b", "/a#b"])
def test_signing_in_leads_back_to_a_page_of_this_site(target: str) -> None:
    assert safe_next(target, "/staff/") == target


def test_a_password_is_the_same_however_its_accents_are_typed() -> None:
    assert is_password("cafe\u0301 au lait pour deux", hash_password("caf\u00e9 au lait pour deux"))


def test_nobodys_password_is_never_right() -> None:
    assert not is_password("nobody has this password", None)
    assert not is_password(PASSWORD, "not a hash")


@pytest.mark.parametrize(
    ("password", "allowed"),
    [
        ("seven purple kettles", True),
        ("short", False),
        ("aaaaaaaaaaaaaaaaaa", False),
        ("password1234", False),
        ("ada-example-2026!", True),
        ("ada@example.org1", False),
        ("x" * 300, False),
    ],
)
def test_easy_passwords_are_refused(password: str, allowed: bool) -> None:
    assert (password_problem(password, "Ada Example", "ada@example.org") is None) is allowed
