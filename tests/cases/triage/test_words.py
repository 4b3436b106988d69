"""Free text: danger, noise, several matters, and what is left to a person."""

from __future__ import annotations

import pytest

from cases.catalogue.loader import Catalogue
from cases.triage import Enquiry, Triage
from cases.triage.decision import OutcomeKind
from tests.cases.places import IN_ASHFIELD, IN_CITY, TODAY


def decide(triage: Triage, text: str, **more: str) -> tuple[str | None, ...]:
    return tuple(d.service.slug if d.service else None for d in triage.decide(Enquiry(on=TODAY, text=text, **more)))


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("massive pot hole outside the school", "pothole"),
        ("my bin hasnt been emptied", "missed-bin"),
        ("street light not working", "street-light-broken"),
    ],
)
def test_everyday_words_find_the_service(triage: Triage, text: str, service: str) -> None:
    assert decide(triage, text, postcode=IN_ASHFIELD) == (service,)


def test_every_service_is_found_by_its_own_title(triage: Triage, catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        found = [c.slug for c in triage.understanding.read(service.title).candidates]
        assert service.slug in found[:3], service.title


def test_every_sign_of_danger_is_urgent_with_advice_and_leads_where_it_says(
    triage: Triage, catalogue: Catalogue
) -> None:
    for sign in catalogue.urgent_signs:
        for words in sign.words:
            decision = triage.best(Enquiry(on=TODAY, text=f"Help, {words}!", postcode=IN_CITY))
            assert decision.urgent, words
            assert decision.advice, words
            assert decision.reasons, words
            assert "text 999" in decision.advice and "Relay UK" in decision.advice, "nobody is told only to dial"


@pytest.mark.parametrize("text", ["SMELL GAS!!", "I can smell   gas", "smell of gas\nin the kitchen"])
def test_danger_is_seen_in_any_case_and_spacing(triage: Triage, text: str) -> None:
    decision = triage.best(Enquiry(on=TODAY, text=text))
    assert decision.urgent
    assert decision.signpost is not None and decision.signpost.code == "gas-emergency"
    assert decision.advice is not None and "0800 111 999" in decision.advice


def test_danger_among_other_matters_comes_first(triage: Triage) -> None:
    enquiry = Enquiry(on=TODAY, text="my bin was not emptied and I can smell gas", postcode=IN_ASHFIELD)
    assert triage.best(enquiry).urgent
    assert len(triage.decide(enquiry)) <= 2


def test_an_answer_that_the_catalogue_calls_urgent_is_urgent(triage: Triage, catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        for question in service.questions:
            for choice in question.choices:
                if choice.urgent:
                    answers = {question.id: choice.value}
                    enquiry = Enquiry(on=TODAY, service=service.slug, postcode=IN_ASHFIELD, answers=answers)
                    decision = triage.best(enquiry)
                    assert decision.urgent
                    assert "999" not in (decision.advice or "") or "Relay UK" in (decision.advice or ""), service.slug


@pytest.mark.parametrize("text", ["", "  ", "hello", "Thanks!", "ok", "TEST", "wrong number", "💩", "...", "👍🏽"])
def test_a_message_that_asks_nothing_is_noise_with_a_reason(triage: Triage, text: str) -> None:
    (decision,) = triage.decide(Enquiry(on=TODAY, text=text))
    assert decision.outcome is OutcomeKind.NOISE
    assert decision.reasons


@pytest.mark.parametrize("text", ["thanks for nothing, my bin is still full", "hello, hole in the road"])
def test_polite_words_around_a_request_are_no_noise(triage: Triage, text: str) -> None:
    assert all(d.outcome is not OutcomeKind.NOISE for d in triage.decide(Enquiry(on=TODAY, text=text)))


@pytest.mark.parametrize("text", ["яма на дороге", "دونوں سڑکیں ٹوٹی ہوئی ہیں", "路上有坑", "dziura w drodze"])
def test_a_message_in_another_language_waits_for_a_person(triage: Triage, text: str) -> None:
    (decision,) = triage.decide(Enquiry(on=TODAY, text=text))
    assert decision.outcome is OutcomeKind.QUESTION
    assert decision.needs == ("service",)


def test_a_postcode_alone_is_asked_what_it_is_about(triage: Triage) -> None:
    (decision,) = triage.decide(Enquiry(on=TODAY, postcode=IN_ASHFIELD))
    assert decision.needs == ("service",)
    assert decision.place is not None and decision.place.postcode == IN_ASHFIELD


def test_two_matters_in_one_text_are_two_decisions_in_the_order_said(triage: Triage) -> None:
    text = f"My bin was not emptied. The street light is out too, {IN_ASHFIELD}"
    assert decide(triage, text) == ("missed-bin", "street-light-broken")


def test_the_postcode_said_once_holds_for_both_matters(triage: Triage) -> None:
    text = f"My bin was not emptied and the street light is out at {IN_ASHFIELD}"
    assert [bool(d.queue) for d in triage.decide(Enquiry(on=TODAY, text=text))] == [True, True]


def test_ten_thousand_characters_are_read_at_their_start(triage: Triage) -> None:
    assert decide(triage, "pothole in the road. " + "a " * 5_000, postcode=IN_ASHFIELD)[0] == "pothole"
