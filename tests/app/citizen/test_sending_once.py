"""Sent twice is one case, and what was typed survives."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from flask import Flask

from app.database import write_transaction
from cases.actions.drafts import forget_drafts
from cases.models.draft import Draft
from tests.app.citizen.test_reporting import POTHOLE
from tests.app.citizen.visiting import HUCKNALL, NOTTINGHAM, Visitor, cases_in, first_row, rows_of
from tests.app.conftest import StandingClock
from tests.app.doors import token


def at_check(visitor: Visitor) -> str:
    visitor.start("pothole")
    visitor.answer_until("check", POTHOLE)
    return visitor.path


def test_pressing_send_twice_makes_one_case_and_still_shows_the_pin(app: Flask, visitor: Visitor) -> None:
    path = at_check(visitor)
    data = {"csrf_token": token(visitor.page)}
    visitor.client.post(path, data=data)  # the browser threw this answer away
    second = visitor.client.post(path, data=data, follow_redirects=True)
    assert len(cases_in(app)) == 1
    assert "shown only this once" in second.text


def test_two_tabs_at_the_same_moment_make_one_case(app: Flask, visitor: Visitor) -> None:
    path = at_check(visitor)
    data = {"csrf_token": token(visitor.page)}
    cookie = visitor.client.get_cookie("shirehall")
    assert cookie is not None
    ready, statuses = Barrier(2), []

    def send() -> None:
        client = app.test_client()
        client.set_cookie("shirehall", cookie.value)
        ready.wait()
        statuses.append(client.post(path, data=data).status_code)

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303, 303]
    assert len(cases_in(app)) == 1


def test_going_back_after_sending_shows_the_confirmation_without_the_pin(app: Flask, visitor: Visitor) -> None:
    path = at_check(visitor)
    visitor.press()
    visitor.go(path)
    assert visitor.step == "sent"
    assert "shown only this once" not in visitor.text
    assert "The PIN was shown once" in visitor.text


def test_pin_is_in_clear_nowhere_in_the_database(app: Flask, visitor: Visitor) -> None:
    at_check(visitor)
    visitor.client.post(visitor.path, data={"csrf_token": token(visitor.page)})
    (masked,) = first_row(app, Draft).data["pins"].values()
    page = visitor.client.get(visitor.path.replace("check", "sent"))
    assert bytes.fromhex(masked).decode("latin-1") not in page.text


def test_changing_one_answer_returns_to_the_check_page(app: Flask, visitor: Visitor) -> None:
    path = at_check(visitor)
    visitor.go(path.replace("check", "questions/pothole-size"))
    assert 'value="medium" checked' in visitor.page.text
    visitor.press(answer="large")
    assert visitor.step == "check"
    assert "Bigger than a dinner plate" in visitor.text
    visitor.press()
    ((case, _),) = cases_in(app)
    assert case.answers["pothole-size"] == "large"


def test_changing_the_place_says_anew_who_it_is(app: Flask, visitor: Visitor) -> None:
    path = at_check(visitor)
    visitor.go(path.replace("check", "place"))
    assert 'value="Annesley Road"' in visitor.page.text
    visitor.press(postcode=NOTTINGHAM)
    assert visitor.step == "responsible"
    assert "Nottingham City Council" in visitor.text
    visitor.press()
    assert visitor.step == "check"


def test_form_is_offered_again_after_its_tab_was_closed(visitor: Visitor) -> None:
    visitor.start("pothole")
    visitor.press(answer="no")
    visitor.press(postcode=HUCKNALL)
    visitor.go("/report/pothole")
    assert "You have begun this form already" in visitor.text
    visitor.go(visitor.page.text.split('">Go on with it')[0].rsplit('href="', 1)[1])
    assert visitor.step == "responsible"


def test_begun_form_can_be_deleted(app: Flask, visitor: Visitor) -> None:
    visitor.start("pothole")
    visitor.go("/report/pothole")
    visitor.press(way="forget")
    assert "You have begun this form already" not in visitor.text
    assert rows_of(app, Draft) == 0


def test_address_of_a_form_is_worth_nothing_to_anybody_else(app: Flask, visitor: Visitor) -> None:
    path = at_check(visitor)
    stranger = Visitor(app)
    assert stranger.go(path).status_code == 404
    stranger.start("fly-tipping")
    assert stranger.go(path).status_code == 404
    assert "Jo Example" not in stranger.text


def test_expired_form_is_gone_and_forgotten(app: Flask, visitor: Visitor, clock: StandingClock) -> None:
    path = at_check(visitor)
    clock.time += timedelta(hours=25)
    assert visitor.go(path).status_code == 404
    assert "no longer have this form" in visitor.text
    with app.app_context(), write_transaction() as session:
        assert forget_drafts(session, clock.time) == 1


def test_what_was_typed_leaves_the_draft_when_it_is_sent(app: Flask, visitor: Visitor) -> None:
    at_check(visitor)
    visitor.press()
    assert "Jo Example" not in str(first_row(app, Draft).data)
