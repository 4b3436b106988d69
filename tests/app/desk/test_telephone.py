from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cases.models.case import CaseStatus, RoleKind
from cases.models.contact import Channel, Contact, Matter, MatterOutcome, Openness
from cases.models.person import ContactPoint, Person
from cases.models.place import Address
from cases.models.staff import Role
from cases.models.words import Words
from tests.app.conftest import StandingClock
from tests.app.desk.conftest import Hire
from tests.app.desk.form import HUCKNALL, JO, MANSFIELD, POTHOLE, Desk, complaints, shown_references

BIN = {
    "m2-service": "missed-bin",
    "m2-about": "Missed bin collection",
    "m2-place": HUCKNALL,
    "m2-text": "Green bin left behind",
    "m2-anyway": "yes",
    "matters": "2",
}
ASK_WHAT_IS_SAFE = "Ask whether it is safe to contact them, then tick what they say or that no way is safe"
ABUSE = {
    "m1-service": "domestic-abuse",
    "m1-place": HUCKNALL,
    "m1-text": "Would like somebody to ring",
    "m1-anyway": "yes",
}


@pytest.fixture
def abuse(agent: Desk) -> dict[str, str]:
    from app.wiring import the_catalogue

    return {**ABUSE, "m1-about": the_catalogue().services["domestic-abuse"].title}


def matters_of(desk: Desk) -> list[Matter]:
    with desk.reading() as session:
        found = list(session.scalars(select(Matter).order_by(Matter.id)))
        session.expunge_all()
        return found


# --- saving ---------------------------------------------------------------------------------------------------------


def test_call_about_a_pothole_in_hucknall_is_a_case_of_the_county(agent: Desk) -> None:
    page = agent.save(POTHOLE, JO, safe="text")
    assert complaints(page) == []
    [case] = agent.cases()
    assert case.queue.slug == "nottinghamshire-highways"
    assert case.opened_by_channel is Channel.PHONE
    assert set(shown_references(page)) == {f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"}
    assert "Nottinghamshire County Council" in page.text
    assert "PIN" in page.text
    assert agent.messages == 1
    assert case.answers["pothole-size"] == "large"


def test_caller_with_no_phone_and_no_email_is_fine(agent: Desk) -> None:
    page = agent.save(POTHOLE, name="Jo Sample")
    assert complaints(page) == []
    [case] = agent.cases()
    assert [role.role for role in case.roles] == [RoleKind.REPORTER]
    assert agent.messages == 0
    assert "Nothing is sent to them" in page.text


def test_caller_who_gives_no_name_at_all_is_fine(agent: Desk) -> None:
    assert complaints(agent.save(POTHOLE)) == []
    assert agent.cases()[0].roles == []


def test_nothing_is_sent_when_no_way_was_said_to_be_safe(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    assert len(agent.cases()) == 1
    assert agent.messages == 0


def test_none_is_safe_wins_over_a_tick_left_by_mistake(agent: Desk) -> None:
    agent.save(POTHOLE, JO, safe=["text", "none"])
    assert agent.messages == 0


def test_two_questions_of_one_call_go_to_two_councils(agent: Desk) -> None:
    page = agent.save(POTHOLE, JO, BIN)
    assert complaints(page) == []
    assert [c.queue.slug for c in agent.cases()] == ["nottinghamshire-highways", "ashfield-waste"]
    assert agent.contacts == 1
    assert len(set(shown_references(page))) == 2


def test_words_alone_are_enough_to_decide(agent: Desk) -> None:
    agent.save({"m1-text": "There is a massive pothole", "m1-place": HUCKNALL})
    assert [c.queue.slug for c in agent.cases()] == ["nottinghamshire-highways"]


def test_undecided_call_waits_at_the_front_desk_with_its_question(agent: Desk) -> None:
    page = agent.save({"m1-service": "pothole", "m1-about": "Pothole or broken road surface", "m1-anyway": "yes"})
    assert complaints(page) == []
    [case] = agent.cases()
    assert (case.queue.slug, case.status) == ("front-desk", CaseStatus.WAITING)
    assert case.decisions[-1].needs == "place"
    assert "the front desk finds out whose job it is" in page.text


def test_another_bodys_work_is_sent_on_and_opens_no_case(agent: Desk) -> None:
    page = agent.save({"m1-about": "Severn Trent Water", "m1-text": "Water all over the road from a burst main"})
    assert complaints(page) == []
    assert agent.cases() == []
    assert [m.outcome for m in matters_of(agent)] == [MatterOutcome.SIGNPOSTED]
    assert "Sent on" in page.text


def test_call_about_a_place_outside_the_partnership_is_sent_on_with_the_web_address(agent: Desk) -> None:
    page = agent.save(POTHOLE, {"m1-place": "SO23 8UJ"})
    assert agent.cases() == []
    assert "Sent on to Hampshire County Council" in page.text
    assert "hants.gov.uk" in page.text


def test_information_given_opens_no_case(agent: Desk) -> None:
    page = agent.save({"m1-text": "When is the tip open?", "m1-ends": "information-given"})
    assert complaints(page) == []
    assert agent.cases() == []
    assert [m.outcome for m in matters_of(agent)] == [MatterOutcome.INFORMATION_GIVEN]


def test_agent_overrules_the_queue_and_it_is_kept_as_a_correction(agent: Desk) -> None:
    page = agent.save(POTHOLE, {"m1-queue": "ashfield-streets", "m1-why": "other-councils-job"})
    assert complaints(page) == []
    [case] = agent.cases()
    assert case.queue.slug == "ashfield-streets"
    assert case.decisions[-1].correction_code == "other-councils-job"
    assert case.decisions[-1].decided_by_id == agent.staff_id


def test_queue_may_be_named_as_the_list_shows_it(agent: Desk) -> None:
    with agent.reading() as session:
        from cases.models.authority import Queue

        name = session.scalar(select(Queue.name).where(Queue.slug == "ashfield-streets"))
    agent.save(POTHOLE, {"m1-queue": f"  {name} ", "m1-why": "agreement"})
    assert agent.cases()[0].queue.slug == "ashfield-streets"


def test_overruling_without_a_reason_is_asked_about(agent: Desk) -> None:
    page = agent.save(POTHOLE, {"m1-queue": "ashfield-streets"})
    assert complaints(page) == ["Say why it should go to another queue"]
    assert agent.cases() == []


def test_unknown_queue_is_asked_about(agent: Desk) -> None:
    assert complaints(agent.save(POTHOLE, {"m1-queue": "the moon"})) == ["Choose a queue from the list"]


def test_blank_form_asks_what_they_want(agent: Desk) -> None:
    assert complaints(agent.save(JO)) == ["Say what the customer wants: choose a service or write what they said"]
    assert agent.contacts == 0


def test_somebody_who_acts_for_another_is_kept_as_that(agent: Desk) -> None:
    agent.save(POTHOLE, JO, {"role": "acting-for", "acting-for": "Her mother"})
    [case] = agent.cases()
    assert [role.role for role in case.roles] == [RoleKind.ACTING_FOR]
    with agent.reading() as session:
        assert "Acting for: Her mother" in (session.scalar(select(Words.text)) or "")


def test_caller_who_wants_no_name_kept_leaves_none(agent: Desk) -> None:
    assert complaints(agent.save(POTHOLE, JO, openness="anonymous")) == []
    assert agent.count(Person) == 0


def test_what_needs_a_name_cannot_be_taken_without_one(agent: Desk) -> None:
    page = agent.save(BIN | {"matters": "2"}, JO, openness="anonymous")
    assert complaints(page) == ["“Missed bin collection” cannot be taken without a name. Choose another answer"]


# --- what is wrong, and nothing lost --------------------------------------------------------------------------------


def test_form_that_comes_back_has_everything_that_was_typed(agent: Desk) -> None:
    typed = {
        **JO,
        **POTHOLE,
        **BIN,
        "phone": "12",
        "email": "jo@",
        "address": "1 Sample Street",
        "language": "Polish",
        "needs": "Large print",
        "hours": "after six",
        "find": "someone",
        "m1-text": "Big <b>pothole</b> & more",
        "m1-why": "agreement",
        "m1-council": "E07000170",
        "m2-join": "nothing",
    }
    page = agent.save(typed, safe=["text", "email"], shared="yes")
    assert page.status_code == 422
    assert complaints(page)[:2] == [
        "Enter a phone number that can be rung, with all its digits, or leave it empty",
        "Enter an email address, like name@example.com, or leave it empty",
    ]
    ticked = re.findall(r"<input[^>]* checked", page.text)
    assert len(ticked) == 2 + 1 + 5 + 2 + 1  # safe ways, shared, five answers, how each question ends, save without
    for value in ("jo@", "1 Sample Street", "Polish", "Large print", "after six", "someone", "nothing"):
        assert value in page.text
    assert "Big &lt;b&gt;pothole&lt;/b&gt; &amp; more" in page.text
    assert "Green bin left behind" in page.text
    assert agent.contacts == 0


def test_missing_answers_are_asked_for_once_and_may_then_be_left_out(agent: Desk) -> None:
    bare = {"m1-service": "pothole", "m1-about": "Pothole or broken road surface", "m1-place": HUCKNALL}
    page = agent.save(bare)
    assert len(complaints(page)) >= 3
    assert "They cannot say: save it without" in page.text
    assert complaints(agent.save(bare, {"m1-anyway": "yes"})) == []
    assert len(agent.cases()) == 1


@pytest.mark.parametrize(
    ("place", "said"),
    [("NG99 9ZZ", "NG99 9ZZ is not a postcode that we know"), ("Watnall Road, NG99 9ZZ", "NG99 9ZZ is not a postcode")],
)
def test_unknown_postcode_gets_a_plain_sentence(agent: Desk, place: str, said: str) -> None:
    page = agent.save(POTHOLE, {"m1-place": place})
    assert said in complaints(page)[0]
    assert place in page.text


def test_channel_islands_postcode_is_sent_on(agent: Desk) -> None:
    page = agent.save(POTHOLE, {"m1-place": "JE2 3AB"})
    assert complaints(page) == []
    assert agent.cases() == []
    assert "Channel Islands" in page.text


def test_foreign_number_is_taken_with_its_country_code(agent: Desk) -> None:
    assert complaints(agent.save(POTHOLE, name="Jo Sample", phone="+33 1 42 68 53 00")) == []
    with agent.reading() as session:
        assert session.scalar(select(ContactPoint.value_key)) == "+33142685300"


def test_nul_emoji_and_ten_thousand_characters_are_kept(agent: Desk) -> None:
    words = "a\x00b 🕳️ \ud800 " + "hole " * 2000
    page = agent.save(POTHOLE, {"m1-text": words.encode("utf-8", "replace").decode()}, name="Zoë 🕳️ O’Sample")
    assert complaints(page) == []
    with agent.reading() as session:
        kept = session.scalar(select(Words.text).where(Words.text.contains("🕳️")))
    assert kept is not None
    assert len(kept) > 10_000
    assert "\x00" not in kept


def test_far_too_many_words_are_refused_and_not_lost(agent: Desk) -> None:
    words = "word " * 5000
    page = agent.save(POTHOLE, {"m1-text": words})
    assert "25,000 characters" in complaints(page)[0]
    assert words.strip() in page.text


def test_chosen_service_whose_title_was_typed_over_counts_no_more(agent: Desk) -> None:
    agent.save(POTHOLE, {"m1-about": "missed bin", "m1-text": "", "m1-anyway": "yes"})
    assert [c.queue.slug for c in agent.cases()] == ["ashfield-waste"]


# --- sent twice -----------------------------------------------------------------------------------------------------


def test_form_sent_twice_is_one_call(agent: Desk) -> None:
    data = {**agent.blank(), **POTHOLE, **JO}
    first = agent.client.post(agent.path, data=data)
    second = agent.client.post(agent.path, data=data)
    assert first.location == second.location
    assert len(agent.cases()) == agent.contacts == 1


def test_form_sent_by_many_at_once_is_one_call(agent: Desk) -> None:
    data = {**agent.blank(), **POTHOLE, **JO}
    cookie = agent.client.get_cookie("shirehall")
    assert cookie is not None

    def send(_: int) -> str:
        client = agent.app.test_client()
        client.set_cookie("shirehall", cookie.value)
        return client.post(agent.path, data=data).location

    with ThreadPoolExecutor(8) as many:
        places = set(many.map(send, range(8)))
    assert len(places) == 1
    assert len(agent.cases()) == agent.contacts == 1


def test_somebody_elses_form_key_shows_nothing(agent: Desk, hire: Hire) -> None:
    data = {**agent.blank(), **POTHOLE}
    agent.client.post(agent.path, data=data)
    other = hire(email="bob@example.org")
    answer = other.client.post(other.path, data={**data, "csrf_token": other.blank()["csrf_token"]})
    assert answer.status_code == 404


# --- the confirmation -----------------------------------------------------------------------------------------------


def pin_on(page: object) -> str | None:
    found = re.search(r'shirehall-pin">(\d{3}) (\d{3})<', page.text)  # type: ignore[attr-defined]
    return found[1] + found[2] if found else None


def test_pin_on_the_confirmation_is_the_cases_and_is_not_in_the_cookie(agent: Desk) -> None:
    page = agent.save(POTHOLE)
    pin = pin_on(page)
    [case] = agent.cases()
    with agent.app.app_context():
        from app.wiring import the_kit

        assert the_kit().sealer.matches(case.pin_hash, "pin", case.reference, pin or "")
    with agent.client.session_transaction() as session:
        assert pin not in str(dict(session))


def test_reload_shows_the_same_pin_and_opens_nothing(agent: Desk) -> None:
    page = agent.save(POTHOLE)
    again = agent.client.get(page.request.path)
    assert pin_on(again) == pin_on(page)
    assert len(agent.cases()) == 1


def test_pin_is_gone_after_a_quarter_of_an_hour(agent: Desk, clock: StandingClock) -> None:
    page = agent.save(POTHOLE)
    clock.advance(minutes=16)
    again = agent.client.get(page.request.path)
    assert again.status_code == 200
    assert pin_on(again) is None
    assert "give a new PIN" in again.text


def test_pin_is_gone_once_the_next_call_has_begun(agent: Desk) -> None:
    page = agent.save(POTHOLE)
    agent.client.get(agent.path)
    assert pin_on(agent.client.get(page.request.path)) is None


def test_confirmation_is_only_for_who_saved_it(agent: Desk, hire: Hire) -> None:
    path = agent.save(POTHOLE).request.path
    assert hire(email="bob@example.org").client.get(path).status_code == 404


# --- sensitive ------------------------------------------------------------------------------------------------------


def test_sensitive_call_must_be_asked_what_is_safe(agent: Desk, abuse: dict[str, str]) -> None:
    page = agent.save(abuse, JO)
    assert complaints(page) == [
        "Ask whether it is safe to contact them, then tick what they say or that no way is safe"
    ]
    assert agent.cases() == []


@pytest.mark.parametrize("safe", [["none"], ["text", "email", "call"]])
def test_sensitive_call_sends_nothing_and_has_no_pin(agent: Desk, abuse: dict[str, str], safe: list[str]) -> None:
    page = agent.save(abuse, JO, safe=safe)
    assert complaints(page) == []
    [case] = agent.cases()
    assert case.is_sensitive
    assert agent.messages == 0
    assert pin_on(page) is None
    assert abuse["m1-about"] not in page.text


def test_sensitive_call_without_any_way_to_reach_them_needs_no_answer(agent: Desk, abuse: dict[str, str]) -> None:
    assert complaints(agent.save(abuse, name="Jo Sample")) == []


def test_sensitive_words_without_a_chosen_service_are_asked_about_too(agent: Desk) -> None:
    page = agent.save({"m1-text": "She wants help after domestic abuse", "m1-place": HUCKNALL}, JO)
    assert complaints(page) == [
        "Ask whether it is safe to contact them, then tick what they say or that no way is safe"
    ]


def test_agent_cannot_find_or_open_a_sensitive_case(agent: Desk, abuse: dict[str, str]) -> None:
    agent.save(abuse, JO, {"m1-queue": "ashfield-customer-services", "m1-why": "agreement"}, safe="none")
    [case] = agent.cases()
    assert case.authority_gss
    assert "Jo Sample" not in agent.ask("callers", find="07700 900123").text
    assert "Jo Sample" not in agent.ask("callers", find="jo samp").text
    assert agent.ask("callers", find=case.reference).text.strip() == ""
    assert agent.client.get(f"/staff/desk/cases/{case.reference}").status_code == 404
    assert complaints(agent.save({"m1-text": "any news", "m1-join": case.reference})) != []


# --- who may --------------------------------------------------------------------------------------------------------


def test_officer_takes_no_calls(hire: Hire) -> None:
    officer = hire(Role.OFFICER, authority_gss="E07000170")
    assert officer.client.get("/staff/telephone").status_code == 403
    assert officer.client.get("/staff/counter").status_code == 403


def test_agent_does_not_serve_at_the_counter(agent: Desk) -> None:
    assert agent.client.get("/staff/counter").status_code == 403


def test_openness_is_kept(agent: Desk) -> None:
    noise = {"m1-text": "Neighbour’s dog barks all night", "m1-place": MANSFIELD}
    page = agent.save(noise, JO, openness="confidential")
    if complaints(page) == []:
        assert agent.cases()[0].roles[0].openness is Openness.CONFIDENTIAL


def test_contact_says_who_took_it_and_in_which_language(agent: Desk) -> None:
    agent.save(POTHOLE, JO, language="Polish")
    with agent.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.staff_user_id, contact.language) == (agent.staff_id, "Polish")


def test_words_that_could_well_be_about_harm_are_asked_about_too(agent: Desk) -> None:
    words = {"m1-text": "adult being abused by carer", "m1-place": HUCKNALL}
    assert "confidential" in agent.ask("answer", words).text.lower()
    assert complaints(agent.save(words, JO)) == [ASK_WHAT_IS_SAFE]


def test_property_chosen_from_the_councils_list_is_the_place(agent: Desk) -> None:
    with agent.writing() as session:
        session.add(
            Address(uprn="100031", line="12 Sample Street", postcode=HUCKNALL, sort_key="12", district_gss="E07000170")
        )
    assert "12 Sample Street" in agent.ask("answer", POTHOLE, {"m1-place": HUCKNALL}).text
    agent.save(POTHOLE, {"m1-place": HUCKNALL, "m1-uprn": "100031"})
    [case] = agent.cases()
    assert case.place is not None
    assert (case.place.uprn, case.place.number, case.place.street) == ("100031", "12", "Sample Street")


ODD = [*(f"m1-{name}" for name in ("area", "council", "uprn", "why", "queue", "join", "ends", "understood", "service"))]
ODD += ["m1-q-road-kind", "m1-about", "role", "openness", "safe", "person", "office", "matters", "key", "language"]


@pytest.mark.parametrize("value", ["x" * 5000, "🕳️", "9" * 14, "-1"], ids=["long", "emoji", "number", "negative"])
def test_values_that_no_page_offers_do_no_harm(agent: Desk, value: str) -> None:
    for name in ODD:
        page = agent.save(POTHOLE, JO, {name: value, "m1-anyway": "yes"})
        assert page.status_code in (200, 422), name
