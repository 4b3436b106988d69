from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import read_transaction, write_transaction
from cases.actions.given import SafeWays
from cases.models.case import Case, TrackingCode
from cases.models.messages import Message
from cases.models.person import ContactPoint
from cases.models.words import Words
from cases.references import new_reference, show_reference
from tests.app.casework.conftest import Made, NewCase, SignedIn, person_given
from tests.app.casework.pages import send
from tests.app.conftest import StandingClock
from tests.app.doors import token

SENSITIVE = "domestic-abuse"


def follow(client: FlaskClient, reference: str, pin: str | None) -> TestResponse:
    page = client.get("/track")
    return client.post("/track", data={"csrf_token": token(page), "reference": reference, "pin": pin or "000000"})


def ask_code(client: FlaskClient, reference: str) -> TestResponse:
    page = client.get("/track/text-me-a-code")
    return client.post("/track/text-me-a-code", data={"csrf_token": token(page), "reference": reference})


def enter_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/track/code", data={"csrf_token": token(client.get("/track/code")), "code": code})


def texts(app: Flask) -> list[str]:
    with app.app_context(), read_transaction() as session:
        query = select(Words.text).join(Message, Message.words_id == Words.id)
        return [text or "" for text in session.scalars(query.where(Message.purpose == "tracking-code"))]


def code_in(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found
    return found[0]


def wrong(pin: str | None) -> str:
    return "111111" if pin != "111111" else "222222"


def refusal(answer: TestResponse) -> str:
    """The page without what was typed into it, which is the asker's own, and its token."""
    text = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", answer.text)
    text = re.sub(r'nonce="[^"]*"', "", text)
    return re.sub(r'(name="reference"[^>]*value=)"[^"]*"', r"\1", text)


@pytest.mark.parametrize("form", ["{}", "{:.4}-{}", " {} "], ids=["plain", "odd", "spaces"])
def test_reference_and_pin_open_the_page(client: FlaskClient, new_case: NewCase, form: str) -> None:
    case = new_case()
    shown = {"{}": case.reference, "{:.4}-{}": show_reference(case.reference)}.get(form, f" {case.reference} ")
    answer = follow(client, shown, case.pin)
    assert answer.location == "/track/case"
    page = client.get("/track/case")
    assert "Pothole or broken road surface" in page.text
    assert "Nottinghamshire County Council" in page.text
    assert "We received it" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_no_name_address_or_words_are_shown(client: FlaskClient, new_case: NewCase, officer: SignedIn) -> None:
    case, ada = new_case(), officer()
    send(ada, case.path, "/take")
    send(ada, case.path, "/note", note="A private note")
    send(ada, case.path, "/message", message="A private message")
    send(ada, case.path, "/close", f"{case.path}/close", outcome="no-action", reason="A private reason")
    follow(client, case.reference, case.pin)
    page = client.get("/track/case").text
    for word in ("Mary", "High Street", "NG15", "chip shop", "private", "Ada", "07700 900123"):
        assert word not in page, word
    assert "We have decided to take no action" in page
    assert "Somebody took it on" in page


def test_a_handed_over_case_names_the_council_that_has_it(
    client: FlaskClient, new_case: NewCase, officer: SignedIn
) -> None:
    case = new_case()
    typed = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "Yours"}
    send(officer(), case.path, "/hand-over", f"{case.path}/hand-over", **typed)
    follow(client, case.reference, case.pin)
    page = client.get("/track/case").text
    assert "Passed to Ashfield District Council" in page
    assert "Yours" not in page


def test_the_page_says_why_that_council_has_it_how_sure_we_were_and_what_changed(
    client: FlaskClient, new_case: NewCase, officer: SignedIn
) -> None:
    case = new_case(answers={"pothole-depth": "deep"})
    typed = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "Yours"}
    send(officer(), case.path, "/hand-over", f"{case.path}/hand-over", **typed)
    follow(client, case.reference, case.pin)
    page = client.get("/track/case").text
    assert "Why Ashfield District Council has it" in page
    assert "We went by what you told us, the place and your answers. We understood it as: Pothole" in page
    assert "We were very sure." in page
    assert "20 November 2026: It is another council’s job. It went to Ashfield District Council." in page
    for word in ("triage", "LGSL", "tier", "matter", "NG15", "Yours"):
        assert word not in page, word


def test_wrong_pin_unknown_reference_and_sensitive_case_are_refused_alike(
    app: Flask, new_case: NewCase, officer: SignedIn
) -> None:
    plain, became_sensitive, silent = new_case(), new_case(), new_case(SENSITIVE)
    assert silent.pin is None
    with app.app_context(), write_transaction() as session:
        session.get_one(Case, became_sensitive.id).is_sensitive = True
    import random

    tried = [
        (plain.reference, wrong(plain.pin)),
        (new_reference(random.Random(1)), "123456"),
        (silent.reference, "123456"),
        (became_sensitive.reference, became_sensitive.pin),
    ]
    answers = [follow(app.test_client(), reference, pin) for reference, pin in tried]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert len({refusal(answer) for answer in answers}) == 1


def test_following_ends_when_a_case_becomes_sensitive(app: Flask, client: FlaskClient, new_case: NewCase) -> None:
    case = new_case()
    follow(client, case.reference, case.pin)
    with app.app_context(), write_transaction() as session:
        session.get_one(Case, case.id).is_sensitive = True
    assert client.get("/track/case").location == "/track"


def test_the_permit_ends_after_half_an_hour_and_on_leaving(
    client: FlaskClient, new_case: NewCase, clock: StandingClock
) -> None:
    case = new_case()
    follow(client, case.reference, case.pin)
    clock.advance(minutes=29)
    page = client.get("/track/case")
    assert page.status_code == 200
    clock.advance(minutes=2)
    assert client.get("/track/case").status_code == 302
    follow(client, case.reference, case.pin)
    client.post("/track/leave", data={"csrf_token": token(client.get("/track/case"))})
    assert client.get("/track/case").status_code == 302


def test_guessing_at_one_reference_is_slowed_from_any_address(app: Flask, new_case: NewCase) -> None:
    case = new_case()
    for n in range(5):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        assert follow(client, case.reference, wrong(case.pin)).status_code == 422
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    slowed = follow(elsewhere, case.reference, case.pin)
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == "2"


def test_a_slowed_person_gets_in_after_waiting(client: FlaskClient, new_case: NewCase, clock: StandingClock) -> None:
    case = new_case()
    for _ in range(5):
        follow(client, case.reference, wrong(case.pin))
    assert follow(client, case.reference, case.pin).status_code == 429
    clock.advance(seconds=3)
    assert follow(client, case.reference, case.pin).status_code == 302


def test_one_guess_at_each_of_many_references_is_slowed_by_address(client: FlaskClient) -> None:
    import random

    source = random.Random(2)
    statuses = [follow(client, new_reference(source), "123456").status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def test_a_success_of_ones_own_does_not_wipe_the_guesses_of_an_address(client: FlaskClient, new_case: NewCase) -> None:
    import random

    source, own = random.Random(3), new_case()
    for _ in range(19):
        follow(client, new_reference(source), "123456")
    assert follow(client, own.reference, own.pin).status_code == 302
    client.post("/track/leave", data={"csrf_token": token(client.get("/track/case"))})
    follow(client, new_reference(source), "123456")
    assert follow(client, new_reference(source), "123456").status_code == 429


def test_guesses_at_the_same_moment_count_each_other(app: Flask, new_case: NewCase) -> None:
    case = new_case()
    clients = [app.test_client() for _ in range(12)]
    tokens = [token(client.get("/track")) for client in clients]

    def guess(n: int) -> int:
        typed = {"csrf_token": tokens[n], "reference": case.reference, "pin": wrong(case.pin)}
        return clients[n].post("/track", data=typed).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(guess, range(12)))
    assert statuses == [422] * 5 + [429] * 7


@pytest.mark.parametrize(
    ("reference", "pin", "says"),
    [("", "123456", "Enter your reference"), ("4719-0362", "123456", "ten digits"), ("ok", "12", "six digits")],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    client: FlaskClient, new_case: NewCase, reference: str, pin: str, says: str
) -> None:
    answer = follow(client, new_case().reference if reference == "ok" else reference, pin)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{pin}"' not in answer.text


class TestCode:
    def test_a_texted_code_opens_the_page_once(self, app: Flask, client: FlaskClient, new_case: NewCase) -> None:
        case = new_case()
        assert ask_code(client, case.reference).location == "/track/code"
        (text,) = texts(app)
        assert enter_code(client, code_in(text)).location == "/track/case"
        assert "Pothole" in client.get("/track/case").text
        assert texts(app) == [""], "a used code lies no longer among the messages"
        other = app.test_client()
        ask_page = other.get("/track/text-me-a-code")
        assert ask_page.status_code == 200
        with other.session_transaction() as planted:
            planted["tracking-asked"] = case.reference
        assert enter_code(other, code_in(text)).status_code == 422

    def test_a_code_is_used_by_one_of_two_at_the_same_moment(self, app: Flask, new_case: NewCase) -> None:
        case, clients = new_case(), [app.test_client() for _ in range(4)]
        ask_code(clients[0], case.reference)
        code = code_in(texts(app)[0])
        for client in clients:
            with client.session_transaction() as session:
                session["tracking-asked"] = case.reference
        tokens = [token(client.get("/track/code")) for client in clients]

        def enter(n: int) -> int:
            return clients[n].post("/track/code", data={"csrf_token": tokens[n], "code": code}).status_code

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(enter, range(4))) == [302, 422, 422, 422]

    def test_a_code_lapses(self, app: Flask, client: FlaskClient, new_case: NewCase, clock: StandingClock) -> None:
        ask_code(client, new_case().reference)
        clock.advance(minutes=11)
        assert enter_code(client, code_in(texts(app)[0])).status_code == 422

    def test_a_new_code_ends_the_one_before(self, app: Flask, client: FlaskClient, new_case: NewCase) -> None:
        case = new_case()
        ask_code(client, case.reference)
        ask_code(client, case.reference)
        first, second = (code_in(text) for text in texts(app))
        if first != second:
            assert enter_code(client, first).status_code == 422
        assert enter_code(client, second).status_code == 302

    @pytest.mark.parametrize(
        "person",
        [
            person_given(phone_is_verified=False),
            person_given(safe=SafeWays(call=True)),
            person_given(phone_is_shared=True),
            person_given(phone=None, email="mary@example.org", safe=SafeWays(email=True)),
            None,
        ],
        ids=["not verified", "not safe", "shared", "no phone", "nobody"],
    )
    def test_nothing_is_texted_where_it_may_not_be(
        self, app: Flask, client: FlaskClient, new_case: NewCase, person: object
    ) -> None:
        answer = ask_code(client, new_case(person=person).reference)
        assert answer.location == "/track/code"
        assert texts(app) == []

    def test_nothing_is_texted_about_a_sensitive_case(self, app: Flask, client: FlaskClient, new_case: NewCase) -> None:
        ask_code(client, new_case(SENSITIVE).reference)
        assert texts(app) == []

    def test_nothing_is_texted_to_who_has_said_stop(self, app: Flask, client: FlaskClient, new_case: NewCase) -> None:
        case = new_case()
        with app.app_context(), write_transaction() as session:
            for point in session.scalars(select(ContactPoint)):
                point.opted_out_at = point.created_at
        ask_code(client, case.reference)
        assert texts(app) == []

    def test_the_page_says_the_same_of_known_unknown_and_sensitive(self, app: Flask, new_case: NewCase) -> None:
        import random

        references = [new_case().reference, new_case(SENSITIVE).reference, new_reference(random.Random(4))]
        pages = []
        for reference in references:
            client = app.test_client()
            assert ask_code(client, reference).status_code == 302
            page = refusal(client.get("/track/code"))
            pages.append(unescape(page).replace(show_reference(reference), "REFERENCE"))
        assert len(set(pages)) == 1

    def test_codes_are_not_sent_again_and_again(self, app: Flask, client: FlaskClient, new_case: NewCase) -> None:
        case = new_case()
        statuses = [ask_code(client, case.reference).status_code for _ in range(5)]
        assert statuses == [302, 302, 302, 429, 429]
        assert len(texts(app)) == 3

    def test_guessing_at_a_code_is_slowed(self, app: Flask, client: FlaskClient, new_case: NewCase) -> None:
        ask_code(client, new_case().reference)
        code = wrong(code_in(texts(app)[0]))
        assert [enter_code(client, code).status_code for _ in range(6)] == [422] * 5 + [429]

    def test_only_a_hash_of_the_code_is_kept_with_the_case(
        self, app: Flask, client: FlaskClient, new_case: NewCase
    ) -> None:
        ask_code(client, new_case().reference)
        with app.app_context(), read_transaction() as session:
            kept = session.scalars(select(TrackingCode.code_hash)).one()
        assert code_in(texts(app)[0]) not in kept


def test_the_address_never_holds_a_reference(client: FlaskClient, new_case: NewCase) -> None:
    case: Made = new_case()
    answer = follow(client, case.reference, case.pin)
    assert case.reference not in answer.location
    assert case.reference not in (client.get("/track/case").request.full_path)
