"""Two people and one case, and what each change leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import read_transaction, write_transaction
from cases.actions.given import PersonGiven, SafeWays
from cases.models.audit import AuditEntry
from cases.models.case import Case, CaseRole, CaseStatus, Event, EventKind, Handover, Outcome, TriageDecision
from cases.models.messages import Message
from cases.models.person import Person
from cases.models.staff import Role
from cases.models.words import Words
from tests.app.casework.conftest import ASHFIELD, COUNTY, NewCase, SignedIn, person_given
from tests.app.casework.pages import fields_of, send
from tests.app.conftest import StandingClock

HAND_OVER = {"queue": "ashfield-streets", "reason": "other-councils-job", "words": "It is your car park"}


def kinds(app: Flask, case_id: int) -> list[EventKind]:
    with app.app_context(), read_transaction() as session:
        return list(session.scalars(select(Event.kind).where(Event.case_id == case_id).order_by(Event.seq)))


def messages(app: Flask, case_id: int) -> list[tuple[str, str | None]]:
    with app.app_context(), read_transaction() as session:
        query = select(Message.purpose, Words.text).join(Words, Words.id == Message.words_id)
        return [
            (row[0], row[1]) for row in session.execute(query.where(Message.case_id == case_id).order_by(Message.id))
        ]


def test_of_two_who_take_a_case_at_once_one_has_it(app: Flask, officer: SignedIn, new_case: NewCase) -> None:
    case = new_case()
    clients = [officer(name=f"Officer {letter}") for letter in "ABCD"]
    forms = [fields_of(client.get(case.path), "/take") for client in clients]

    def take(n: int) -> int:
        return clients[n].post(f"{case.path}/take", data=forms[n]).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [302, 409, 409, 409]
    assert kinds(app, case.id).count(EventKind.TAKEN) == 1


def test_of_two_who_save_at_once_the_second_is_told(app: Flask, officer: SignedIn, new_case: NewCase) -> None:
    case = new_case()
    clients = [officer(name=f"Officer {letter}") for letter in "ABCD"]
    forms = [fields_of(client.get(case.path), "/status") for client in clients]
    wanted = ["in-progress", "waiting", "scheduled", "waiting"]

    def save(n: int) -> int:
        return clients[n].post(f"{case.path}/status", data=forms[n] | {"status": wanted[n]}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(save, range(4))) == [302, 409, 409, 409]
    assert kinds(app, case.id).count(EventKind.STATUS) == 1


def test_notes_saved_at_once_by_people_with_the_page_open_are_shown_what_changed(
    officer: SignedIn, new_case: NewCase
) -> None:
    case, ada, ben = new_case(), officer(), officer(name="Ben Officer")
    opened = fields_of(ben.get(case.path), "/note")
    send(ada, case.path, "/note", note="I rang them")
    answer = ben.post(f"{case.path}/note", data=opened | {"note": "I rang them too"})
    assert answer.status_code == 409
    assert "I rang them too" in answer.text
    assert "by Ada Officer" in answer.text
    again = ben.post(f"{case.path}/note", data=fields_of(answer, "/note") | {"note": "I rang them too"})
    assert again.status_code == 302


def test_a_chaser_that_came_while_the_officer_wrote_is_shown_first(officer: SignedIn, new_case: NewCase) -> None:
    case, ada = new_case(), officer()
    opened = fields_of(ada.get(f"{case.path}/close"), "/close")
    new_case(text="It is much worse now", join_case_id=case.id)
    answer = ada.post(f"{case.path}/close", data=opened | {"outcome": "done", "reason": "Filled"})
    assert answer.status_code == 409
    assert "It is much worse now" in answer.text
    assert ">Filled" in answer.text
    assert "checked" in answer.text
    sent = ada.post(f"{case.path}/close", data=fields_of(answer, "/close") | {"outcome": "done", "reason": "Filled"})
    assert sent.status_code == 302


@pytest.mark.parametrize(
    ("action", "page", "typed", "kind"),
    [
        ("/note", "", {"note": "Once"}, EventKind.NOTE),
        ("/message", "", {"message": "Once"}, EventKind.MESSAGE),
        ("/close", "/close", {"outcome": "done", "reason": "Once"}, EventKind.CLOSED),
    ],
    ids=["note", "message", "closing"],
)
def test_a_button_pressed_twice_does_it_once(
    app: Flask, officer: SignedIn, new_case: NewCase, action: str, page: str, typed: dict[str, str], kind: EventKind
) -> None:
    case, ada = new_case(channel="sms"), officer()
    before = kinds(app, case.id).count(kind)
    form = fields_of(ada.get(case.path + page), action) | typed
    answers = [ada.post(case.path + action, data=form).status_code for _ in range(2)]
    assert answers == [302, 302]
    told = 1 if kind is EventKind.CLOSED else 0
    assert kinds(app, case.id).count(kind) == before + 1
    assert len([m for m in messages(app, case.id) if m[0] == "closed"]) == told


def test_a_form_without_its_version_changes_nothing(app: Flask, officer: SignedIn, new_case: NewCase) -> None:
    case, ada = new_case(), officer()
    form = fields_of(ada.get(case.path), "/status") | {"version": "nonsense", "status": "waiting"}
    assert ada.post(f"{case.path}/status", data=form).status_code == 409
    assert EventKind.STATUS not in kinds(app, case.id)


class TestHandingOver:
    def test_all_of_it_goes_to_the_new_council(
        self, app: Flask, officer: SignedIn, new_case: NewCase, clock: StandingClock
    ) -> None:
        case, ada = new_case(), officer()
        with app.app_context(), read_transaction() as session:
            promised = session.get_one(Case, case.id).due_at
        send(ada, case.path, "/take")
        clock.advance(days=1)
        ada = officer(name="Ada Again")
        assert send(ada, case.path, "/hand-over", f"{case.path}/hand-over", **HAND_OVER).status_code == 302
        with app.app_context(), read_transaction() as session:
            kept = session.get_one(Case, case.id)
            assert (kept.authority_gss, kept.controller_gss, kept.owner_id) == (ASHFIELD, ASHFIELD, None)
            assert (kept.status, kept.due_at) == (CaseStatus.NEW, promised)
            assert kept.place is not None and kept.place.controller_gss == ASHFIELD
            people = session.scalars(select(Person).join(CaseRole).where(CaseRole.case_id == case.id)).all()
            assert [(person.controller_gss, person.name) for person in people] == [(ASHFIELD, "Mary Example")]
            assert session.scalar(select(func.count()).select_from(Person)) == 2, "each council has a record of its own"
            correction = session.scalars(select(TriageDecision).order_by(TriageDecision.id.desc())).first()
            assert correction is not None
            assert (correction.correction_code, correction.authority_gss) == ("other-councils-job", ASHFIELD)
            handover = session.scalars(select(Handover)).one()
            assert (handover.from_authority_gss, handover.to_authority_gss) == (COUNTY, ASHFIELD)
        assert "handed-over" not in [purpose for purpose, *_ in messages(app, case.id)]
        send(officer(ASHFIELD, name="Ben Officer"), case.path, "/accept")
        assert messages(app, case.id)[-1][0] == "handed-over"

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            (HAND_OVER | {"queue": ""}, "Choose the council and team"),
            (HAND_OVER | {"queue": "no-such-queue"}, "Not a valid choice"),
            (HAND_OVER | {"reason": ""}, "Choose a reason"),
            (HAND_OVER | {"words": " "}, "Say why"),
        ],
        ids=["no queue", "unknown queue", "no reason", "no words"],
    )
    def test_what_is_missing_is_asked_for_and_the_rest_kept(
        self, officer: SignedIn, new_case: NewCase, typed: dict[str, str], says: str
    ) -> None:
        case, ada = new_case(), officer()
        answer = send(ada, case.path, "/hand-over", f"{case.path}/hand-over", **typed)
        assert answer.status_code == 422
        assert says in answer.text
        if typed["words"].strip():
            assert typed["words"] in answer.text
        if typed["queue"] == HAND_OVER["queue"]:
            assert 'value="ashfield-streets" selected' in answer.text

    def test_a_case_can_go_to_another_team_and_stays_ones_own(self, officer: SignedIn, new_case: NewCase) -> None:
        case, ada = new_case(), officer()
        typed = HAND_OVER | {"queue": "nottinghamshire-flood-risk", "reason": "other-teams-job"}
        assert send(ada, case.path, "/hand-over", f"{case.path}/hand-over", **typed).status_code == 302
        assert "Moved to" in ada.get(case.path).text
        assert case.reference[:4] not in ada.get("/staff/handed-over").text

    def test_a_case_that_comes_back_is_no_stub_any_more(self, officer: SignedIn, new_case: NewCase) -> None:
        case, county, ashfield = new_case(), officer(), officer(ASHFIELD, name="Ben Officer")
        send(county, case.path, "/hand-over", f"{case.path}/hand-over", **HAND_OVER)
        back = HAND_OVER | {"queue": "nottinghamshire-highways"}
        send(ashfield, case.path, "/hand-over", f"{case.path}/hand-over", **back)
        assert "Nothing has been handed over" in county.get("/staff/handed-over").text
        assert county.get(case.path).status_code == 200


class TestClosing:
    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_every_outcome_closes_and_can_be_reopened(
        self, app: Flask, officer: SignedIn, new_case: NewCase, outcome: Outcome
    ) -> None:
        case, ada = new_case(), officer()
        typed = {"outcome": outcome.value, "reason": "As agreed"}
        assert send(ada, case.path, "/close", f"{case.path}/close", **typed).status_code == 302
        purpose, text = messages(app, case.id)[-1]
        assert purpose == "closed"
        assert text is not None and "As agreed" in text
        assert send(ada, case.path, "/reopen").status_code == 302
        assert kinds(app, case.id)[-1] is EventKind.REOPENED

    @pytest.mark.parametrize("outcome", ["no-action", "not-ours"])
    def test_doing_nothing_needs_its_reason(self, officer: SignedIn, new_case: NewCase, outcome: str) -> None:
        case, ada = new_case(), officer()
        answer = send(ada, case.path, "/close", f"{case.path}/close", outcome=outcome, reason="")
        assert answer.status_code == 422
        assert 'href="#reason"' in answer.text
        assert "Say why" in answer.text

    def test_a_closed_case_can_only_be_noted_and_reopened(self, officer: SignedIn, new_case: NewCase) -> None:
        case, ada = new_case(), officer()
        opened = ada.get(case.path)
        send(ada, case.path, "/close", f"{case.path}/close", outcome="done", reason="")
        page = ada.get(case.path).text
        assert "Reopen this case" in page
        for action in ("/take", "/message", "/status", "/close"):
            assert f'action="{case.path}{action}"' not in page
        assert ada.get(f"{case.path}/close").status_code == 302
        late = ada.post(f"{case.path}/message", data=fields_of(opened, "/message") | {"message": "Still typed"})
        assert late.status_code == 409
        assert "Still typed" in late.text


class TestWhatIsSent:
    @pytest.mark.parametrize(
        ("action", "page", "typed"),
        [
            ("/close", "/close", {"outcome": "done", "reason": "Done"}),
            ("/hand-over", "/hand-over", HAND_OVER | {"queue": "gedling-housing-options"}),
            ("/status", "", {"status": "waiting"}),
            ("/take", "", {}),
        ],
        ids=["closing", "handing over", "status", "taking"],
    )
    def test_nothing_goes_by_itself_about_a_sensitive_case(
        self, app: Flask, officer: SignedIn, new_case: NewCase, action: str, page: str, typed: dict[str, str]
    ) -> None:
        case, ben = new_case("homelessness"), officer(ASHFIELD)
        assert send(ben, case.path, action, case.path + page, **typed).status_code == 302
        assert messages(app, case.id) == []

    def test_a_person_may_write_about_a_sensitive_case_where_that_is_safe(
        self, app: Flask, officer: SignedIn, new_case: NewCase
    ) -> None:
        case, ben = new_case("homelessness"), officer(ASHFIELD)
        assert "Somebody else may read the message" in ben.get(case.path).text
        send(ben, case.path, "/message", message="Please ring me")
        assert [purpose for purpose, _ in messages(app, case.id)] == ["reply"]

    @pytest.mark.parametrize(
        "person",
        [person_given(safe=SafeWays()), PersonGiven(name="Mary Example"), None],
        ids=["nothing is safe", "no phone", "anonymous"],
    )
    def test_nothing_goes_where_it_is_not_safe_and_what_was_typed_stays(
        self, app: Flask, officer: SignedIn, new_case: NewCase, person: PersonGiven | None
    ) -> None:
        case, ada = new_case(person=person), officer()
        page = ada.get(case.path)
        typed = fields_of(page, "/note") | {"message": "We come on Friday", "dedupe_key": "x"}
        answer = ada.post(f"{case.path}/message", data=typed)
        assert answer.status_code == 422
        assert "We come on Friday" in answer.text
        assert messages(app, case.id) == []


def test_who_opened_a_case_page_is_on_record(app: Flask, officer: SignedIn, new_case: NewCase) -> None:
    case, ada = new_case(), officer()
    stranger = officer(ASHFIELD, name="Ben Officer")
    ada.get(case.path)
    stranger.get(case.path)
    ada.get(f"{case.path}/close")
    with app.app_context(), read_transaction() as session:
        read = session.execute(
            select(AuditEntry.subject_id, AuditEntry.authority_gss).where(AuditEntry.action == "read-case")
        ).all()
    assert [tuple(row) for row in read] == [(case.id, COUNTY)] * 2


def test_a_confidential_reporter_is_shown_as_such(officer: SignedIn, new_case: NewCase) -> None:
    from cases.models.contact import Openness

    case = new_case("fly-tipping", openness=Openness.CONFIDENTIAL)
    assert "Confidential: do not tell anybody" in officer(ASHFIELD).get(case.path).text


def test_an_anonymous_reporter_leaves_no_name(officer: SignedIn, new_case: NewCase) -> None:
    from cases.models.contact import Openness

    page = officer().get(new_case(openness=Openness.ANONYMOUS).path).text
    assert "reported anonymously" in page
    assert "Mary" not in page


def test_an_administrator_has_no_cases(officer: SignedIn, new_case: NewCase) -> None:
    case, admin = new_case(), officer(role=Role.ADMINISTRATOR)
    assert admin.get(case.path).status_code == 403
    assert admin.get("/staff/").status_code == 200


def test_an_administrator_sees_who_can_sign_in_at_the_own_council_only(officer: SignedIn) -> None:
    officer(ASHFIELD, name="Shazia Example")
    officer(COUNTY, name="Tom Example")
    page = officer(ASHFIELD, role=Role.ADMINISTRATOR).get("/staff/").text
    assert "People who can sign in" in page
    assert "shazia.example@example.org" in page
    assert "tom.example" not in page


def test_a_removed_note_says_so(app: Flask, officer: SignedIn, new_case: NewCase, clock: StandingClock) -> None:
    case, ada = new_case(), officer()
    send(ada, case.path, "/note", note="A secret")
    with app.app_context(), write_transaction() as session:
        for words in session.scalars(select(Words).where(Words.text == "A secret")):
            words.blank(clock.now() + timedelta(minutes=1))
    page = ada.get(case.path).text
    assert "A secret" not in page
    assert "The words have been removed" in page


@pytest.mark.parametrize(
    "text",
    ["x" * 10_001, "\U0001f600 \u0645\u0631\u062d\u0628\u0627", "a\x00b", "</textarea><script>alert(1)</script>"],
    ids=["too long", "emoji and Arabic", "NUL", "markup"],
)
def test_odd_text_is_kept_or_refused_in_words(officer: SignedIn, new_case: NewCase, text: str) -> None:
    case, ada = new_case(), officer()
    answer = send(ada, case.path, "/note", note=text)
    assert answer.status_code == (422 if len(text) > 10_000 else 302)
    page = answer.text if answer.status_code == 422 else ada.get(case.path).text
    assert "<script>alert" not in page
    assert ("at most 10,000 characters" in page) == (len(text) > 10_000)
