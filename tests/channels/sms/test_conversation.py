"""From one text to the next: what is asked, where the answer goes, and what comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.casework import close_case, message_customer
from cases.actions.kit import Kit
from cases.models.case import Case, CaseStatus, Event, EventKind, Outcome
from cases.models.contact import Contact, Matter, MatterOutcome, TextConversation
from cases.models.messages import Message
from cases.models.person import ContactPoint
from cases.postcodes.index import PostcodeIndex
from cases.references import show_reference
from channels.sms import texts
from tests.cases.places import (
    ASHFIELD,
    COUNTY,
    COUNTY_OFFICER,
    GEDLING,
    IN_ASHFIELD,
    IN_JERSEY,
    IN_LONDON,
    IN_MANSFIELD,
    MANSFIELD,
)
from tests.channels.conftest import Phone

MakePhone = Callable[..., Phone]


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_text_that_says_what_and_where_opens_a_case_at_the_right_council(phone: MakePhone) -> None:
    answer = phone().texts(f"pothole on Portland Road {IN_ASHFIELD}")
    case = phone().case()
    assert (case.service_slug, case.authority_gss) == ("pothole", COUNTY)
    assert answer is not None
    assert answer.startswith("Nottinghamshire County Council: we have your report")
    assert show_reference(case.reference) in answer
    assert "by Monday" in answer or "by T" in answer or "by W" in answer or "by F" in answer


def test_the_answer_to_the_one_question_joins_its_case(phone: MakePhone, session: Session) -> None:
    answer = phone().texts("bin not emptied")
    waiting = phone().case()
    assert answer is not None
    assert "Which property is it about?" in answer
    assert (waiting.authority_gss, waiting.status) == (None, CaseStatus.WAITING)
    settled = phone().texts(IN_ASHFIELD)
    case = phone().case()
    assert case.id == waiting.id
    assert (case.authority_gss, case.queue.slug, case.status) == (ASHFIELD, "ashfield-waste", CaseStatus.NEW)
    assert case.place is not None
    assert case.place.postcode == IN_ASHFIELD
    assert settled is not None
    assert "Household bins in Ashfield are looked after by Ashfield District Council." in settled
    assert count(session, Case) == 1
    assert count(session, Contact) == 2


@pytest.mark.parametrize(
    "answer",
    [
        "Hucknall",
        "on the High Street in Hucknall",
        "ng15 7aa",
        "ng157aa thanks",
        "Ashfield",
    ],
)
def test_a_place_is_understood_however_it_is_given(phone: MakePhone, answer: str) -> None:
    phone().texts("bin not emptied")
    phone().texts(answer)
    assert phone().case().authority_gss == ASHFIELD


def test_a_postcode_that_is_none_is_said_to_be_so(phone: MakePhone) -> None:
    assert "NG99 9ZZ is not a postcode that we know." in (phone().texts("pothole ng999zz") or "")
    assert "NG99 9ZX is not a postcode that we know." in (phone().texts("ng99 9zx") or "")
    assert (phone().texts(IN_ASHFIELD) or "").startswith("Thank you. Roads")


def test_a_place_that_settles_nothing_is_asked_for_once_more_and_then_left_to_a_person(phone: MakePhone) -> None:
    phone().texts("bin not emptied")
    again = phone().texts("by the old oak")
    assert again is not None
    assert again.startswith(texts.NOT_UNDERSTOOD)
    assert phone().texts("you know, the oak") == texts.PERSON_WILL_LOOK
    assert phone().case().authority_gss is None


def test_somebody_who_does_not_know_is_not_asked_again(phone: MakePhone) -> None:
    phone().texts("bin not emptied")
    assert phone().texts("Don't know") == texts.PERSON_WILL_LOOK
    assert "Which property" not in (phone().texts("thanks") or "")


def test_candidates_are_chosen_by_number(phone: MakePhone) -> None:
    question = phone().texts("bags of rubbish")
    assert question is not None
    chosen = next(o for o in question.split(", ") if "Fly-tipping" in o)
    asked_where = phone().texts(f" {chosen.split()[0]}. ")
    assert phone().case().service_slug == "fly-tipping"
    assert asked_where is not None
    assert "Where is the dumped rubbish?" in asked_where
    phone().texts(IN_MANSFIELD)
    assert phone().case().authority_gss == MANSFIELD


def test_candidates_are_chosen_by_their_words(phone: MakePhone) -> None:
    phone().texts("bags of rubbish")
    phone().texts("fly-tipping")
    assert phone().case().service_slug == "fly-tipping"


def test_a_place_instead_of_the_choice_is_kept_for_later(phone: MakePhone) -> None:
    phone().texts("bags of rubbish")
    assert (phone().texts(IN_MANSFIELD) or "").startswith("Thank you.")
    phone().texts("fly-tipping")
    assert phone().case().authority_gss == MANSFIELD


@pytest.mark.parametrize("answer", ["3", "Ashfield", "ashfield please"])
def test_a_council_is_chosen_by_number_or_name(phone: MakePhone, answer: str) -> None:
    assert "3 Ashfield" in (phone().texts("freedom of information request") or "")
    phone().texts(answer)
    assert phone().case().authority_gss == ASHFIELD


def test_a_number_that_was_not_offered_is_asked_again(phone: MakePhone) -> None:
    phone().texts("bags of rubbish")
    assert (phone().texts("9") or "").startswith(texts.NOT_UNDERSTOOD)


def test_a_postcode_alone_and_then_what_it_is_about_make_one_case(phone: MakePhone, session: Session) -> None:
    assert "What is it about?" in (phone().texts(IN_ASHFIELD) or "")
    phone().texts("there is a pothole")
    case = phone().case()
    assert (case.service_slug, case.authority_gss) == ("pothole", COUNTY)
    assert count(session, Case) == 1


def test_a_question_lapses_after_a_week(phone: MakePhone, session: Session) -> None:
    phone().texts("bin not emptied")
    phone().later(days=7, minutes=1).texts(IN_ASHFIELD)
    assert count(session, Case) == 2


def test_something_else_instead_of_an_answer_is_a_case_of_its_own(phone: MakePhone, session: Session) -> None:
    phone().texts("bin not emptied")
    phone().texts(f"there is also a big pothole outside the school on Portland Road {IN_ASHFIELD}")
    assert {c.service_slug for c in session.scalars(select(Case))} == {"missed-bin", "pothole"}
    phone().texts(IN_MANSFIELD)
    cases = {c.service_slug: c for c in session.scalars(select(Case).execution_options(populate_existing=True))}
    assert cases["missed-bin"].authority_gss == MANSFIELD


def test_two_matters_in_one_text_are_two_cases_and_one_answer(phone: MakePhone, session: Session) -> None:
    answer = phone().texts(f"pothole in the road and also my bin was not emptied, all at {IN_ASHFIELD}")
    assert count(session, Case) == 2
    assert count(session, Message) == 1
    assert answer is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [(f"pothole {IN_LONDON}", "https://www.westminster.gov.uk"), (f"pothole {IN_JERSEY}", "https://www.gov.je")],
)
def test_out_of_area_is_told_whose_it_is(phone: MakePhone, session: Session, text: str, says: str) -> None:
    assert says in (phone().texts(text) or "")
    assert count(session, Case) == 0
    assert session.scalars(select(Matter)).one().outcome is MatterOutcome.SIGNPOSTED


def test_out_of_area_in_an_answer_closes_the_case_that_only_waited(phone: MakePhone) -> None:
    phone().texts("bin not emptied")
    assert "westminster.gov.uk" in (phone().texts(IN_LONDON) or "")
    case = phone().case()
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.NOT_OURS)


def test_another_body_is_named_with_how_to_reach_it(phone: MakePhone) -> None:
    assert "Ring 105" in (phone().texts(f"power cut {IN_ASHFIELD}") or "")


def test_danger_gets_its_advice_first(phone: MakePhone) -> None:
    assert (phone().texts("I can smell gas") or "").startswith(
        "Go outside and ring the gas emergency line on 0800 111 999"
    )
    answer = phone().texts(f"wall about to fall on the pavement {IN_ASHFIELD}")
    assert phone().case().is_urgent
    assert answer is not None
    assert "999" in answer.split(".")[0] + answer.split(".")[1]


def test_a_greeting_gets_help_and_thanks_one_kind_word(phone: MakePhone, session: Session) -> None:
    assert "text us what is wrong and where" in (phone().texts("Hello") or "")
    assert phone().texts("thanks") is None
    phone().texts(f"pothole {IN_ASHFIELD}")
    assert phone().texts("Thank you!") == texts.THANKS
    assert count(session, Case) == 1


def test_a_reference_and_words_from_its_reporter_are_added(phone: MakePhone, session: Session) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    answer = phone().texts(f"{show_reference(case.reference)} it is much deeper now")
    assert (
        answer == f"Nottinghamshire County Council: thank you, we have added that to {show_reference(case.reference)}."
    )
    assert count(session, Case) == 1
    kinds = [e.kind for e in session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.seq))]
    assert EventKind.CONTACT in kinds


def test_a_reference_and_words_from_a_stranger_are_not_added(phone: MakePhone, session: Session) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    before = case.last_event_seq
    stranger = phone("+447700900999")
    answer = stranger.texts(f"{show_reference(case.reference)} whose is this pothole then")
    session.refresh(case)
    assert case.last_event_seq == before
    assert show_reference(case.reference) not in (answer or "")


def test_a_reply_to_a_member_of_staff_goes_to_its_case(phone: MakePhone, session: Session) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    message_customer(session, case, COUNTY_OFFICER, "Is it by the church?", "key-1", phone().now)
    phone().later(hours=30).texts("yes, next to it")
    assert count(session, Case) == 1


def test_a_reply_to_a_closing_message_opens_the_case_again(phone: MakePhone, session: Session, kit: Kit) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.DONE, "Filled.", phone().now)
    phone().later(days=2).texts("no it has not been mended")
    assert phone().case().id == case.id
    assert phone().case().is_open


def test_stop_ends_our_texts_and_start_brings_them_back(phone: MakePhone, session: Session) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    assert phone().texts("Stop") == texts.STOPPED
    assert phone().texts(f"bin not emptied {IN_ASHFIELD}") is None
    assert count(session, Case) == 2
    assert all(p.opted_out_at for p in session.scalars(select(ContactPoint).execution_options(populate_existing=True)))
    assert phone().texts("YES") == texts.STARTED
    assert phone().texts("status") is not None


def test_the_carrier_that_confirms_stop_itself_is_not_repeated(phone: MakePhone) -> None:
    assert phone().texts("STOP", stop_is_confirmed=True) is None
    assert phone().texts("START", stop_is_confirmed=True) is None
    assert phone().texts("HELP", help_is_answered=True) is None


def test_a_strangers_stop_is_remembered(phone: MakePhone) -> None:
    phone().texts("STOP")
    assert phone().texts(f"pothole {IN_ASHFIELD}") is None


def test_yes_is_an_ordinary_word_for_whoever_has_not_stopped(phone: MakePhone) -> None:
    assert phone().texts("yes") != texts.STARTED


def test_pictures_are_said_not_to_arrive(phone: MakePhone) -> None:
    assert (phone().texts(f"pothole {IN_ASHFIELD}", media_count=1) or "").endswith(texts.NO_PICTURES)
    assert texts.NO_PICTURES in (phone().texts("", media_count=2) or "")


@pytest.mark.parametrize(
    "number", ["60777", "ROYALMAIL", "", "+33612345678", "+441154960123", "anonymous", "+1", "x" * 200]
)
def test_whoever_sends_it_is_kept_and_no_error(phone: MakePhone, session: Session, number: str) -> None:
    phone(number[:100]).texts(f"pothole {IN_ASHFIELD}")
    assert count(session, Case) == 1


@pytest.mark.parametrize("number", ["60777", "ROYALMAIL", "", "+441154960123"])
def test_what_is_no_mobile_number_is_not_answered(phone: MakePhone, number: str) -> None:
    assert phone(number).texts(f"pothole {IN_ASHFIELD}") is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "\x00",
        "\ud83d",
        "😀" * 70,
        "a" * 10_000,
        "pothole " * 1250,
        "\u202e\u0000\uffff",
        "'; drop table cases;--",
        "%s %(x)s",
    ],
)
def test_strange_texts_are_kept_and_no_error(phone: MakePhone, body: str) -> None:
    phone().delivers(body)


def test_a_machine_that_answers_back_comes_to_an_end(phone: MakePhone, session: Session) -> None:
    for _ in range(40):
        phone().texts("hello")
    assert count(session, Message) == 30


def test_only_one_question_is_open_at_a_time(phone: MakePhone, session: Session) -> None:
    phone().texts("bin not emptied")
    phone().texts("noise from neighbours every night until three in the morning")
    open_ones = session.scalars(select(TextConversation).where(TextConversation.answered_at.is_(None))).all()
    assert len(open_ones) == 1


@pytest.fixture
def on_edge(index: PostcodeIndex) -> str:
    """A postcode of Gedling with Ashfield close by."""
    return next(
        entry.postcode
        for sector in index.sectors()
        if sector.startswith("NG15")
        for entry in index.iter_sector(sector)
        if (entry.district_gss, entry.near_border) == (GEDLING, (ASHFIELD,))
    )


def test_a_postcode_on_a_boundary_opens_at_the_likeliest_council_and_asks_which_it_is(
    phone: MakePhone, on_edge: str
) -> None:
    question = phone().texts(f"bin not emptied {on_edge}") or ""
    assert "in Gedling or in Ashfield" in question
    assert "1 Gedling, 2 Ashfield" in question
    assert phone().case().authority_gss == GEDLING


@pytest.mark.parametrize("answer, council", [("2", ASHFIELD), ("it's in Ashfield", ASHFIELD), ("1", GEDLING)])
def test_the_council_chosen_settles_a_boundary(
    phone: MakePhone, session: Session, on_edge: str, answer: str, council: str
) -> None:
    phone().texts(f"bin not emptied {on_edge}")
    first = phone().case()
    settled = phone().texts(answer) or ""
    case = phone().case()
    assert (case.id, case.authority_gss, case.queue.authority_gss) == (first.id, council, council)
    assert "Thank you." in settled
    assert case.place is not None
    assert (case.place.postcode, case.place.district_gss) == (on_edge, council)
    moves = [event.data["to"] for event in case.events if event.kind is EventKind.HANDED_OVER]
    assert moves == ([ASHFIELD] if council == ASHFIELD else [])


def test_a_boundary_case_that_somebody_has_begun_stays_where_it_is(phone: MakePhone, on_edge: str) -> None:
    phone().texts(f"bin not emptied {on_edge}")
    phone().case().status = CaseStatus.IN_PROGRESS
    phone().texts("2")
    assert phone().case().authority_gss == GEDLING


def test_no_answer_about_a_boundary_leaves_the_case_with_the_likeliest_council(phone: MakePhone, on_edge: str) -> None:
    phone().texts(f"bin not emptied {on_edge}")
    assert "in Gedling or in Ashfield" in (phone().texts("8") or "")
    assert phone().texts("9") == texts.PERSON_WILL_LOOK
    assert phone().case().authority_gss == GEDLING


def test_the_street_settles_which_stretch_of_a_road_it_is(phone: MakePhone) -> None:
    assert "Which part of the A52?" in (phone().texts("pothole on the A52") or "")
    phone().texts("near Bingham")
    assert phone().case().authority_gss == COUNTY
