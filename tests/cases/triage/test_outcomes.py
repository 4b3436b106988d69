"""What each enquiry comes to, with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Tier
from cases.postcodes.index import PostcodeIndex
from cases.triage import Decision, Enquiry, Triage
from cases.triage.agreements import load_agreements
from cases.triage.decision import OutcomeKind
from tests.cases.places import (
    ASHFIELD,
    CITY,
    COUNTY,
    IN_ASHFIELD,
    IN_CITY,
    IN_GEDLING,
    IN_JERSEY,
    IN_LONDON,
    MANSFIELD,
    NOT_A_POSTCODE_IN_USE,
    TODAY,
)

Ask = Callable[..., Decision]
IN_NO_DISTRICT = "AB11 3AG"
IN_MAN = "IM1 1AA"


@pytest.fixture
def ask(triage: Triage) -> Ask:
    def ask(**enquiry: Any) -> Decision:
        (decision,) = triage.decide(Enquiry(**{"on": TODAY, **enquiry}))
        assert decision.reasons, "every decision can say why"
        return decision

    return ask


def authority(decision: Decision) -> str | None:
    return decision.authority.gss if decision.authority else None


# --- the place ------------------------------------------------------------------------------------------------------


def test_a_county_service_goes_to_the_county_and_says_so_in_plain_words(ask: Ask) -> None:
    decision = ask(service="pothole", postcode=IN_ASHFIELD)
    assert decision.outcome is OutcomeKind.AUTHORITY
    assert (authority(decision), decision.queue) == (COUNTY, "nottinghamshire-highways")
    assert "Ashfield" in decision.public_reasons[0]
    assert "Nottinghamshire County Council" in decision.public_reasons[0]


@pytest.mark.parametrize("service", ["pothole", "missed-bin"])
def test_one_council_does_everything_in_the_city(ask: Ask, service: str) -> None:
    decision = ask(service=service, postcode=IN_CITY)
    assert authority(decision) == CITY
    assert any("only council there" in reason for reason in decision.reasons)


@pytest.mark.parametrize("text", [IN_ASHFIELD, "ng157aa", " NGI5 7AA ", "NG15-7AA"])
def test_a_postcode_may_be_written_in_many_ways(ask: Ask, text: str) -> None:
    decision = ask(service="pothole", postcode=text)
    assert decision.place is not None
    assert (decision.place.postcode, decision.place.district) == (IN_ASHFIELD, ASHFIELD)


def test_a_service_without_a_place_asks_for_the_place_in_the_services_own_words(ask: Ask) -> None:
    decision = ask(service="school-admissions")
    assert decision.outcome is OutcomeKind.QUESTION
    assert decision.needs == ("place",)
    assert decision.question == "Where does the child live?"


@pytest.mark.parametrize("said", [NOT_A_POSTCODE_IN_USE, "rubbish", "ZZ99 9ZZ", "\x00", "NG15 7AA" * 40], ids=repr)
def test_an_unknown_postcode_asks_for_the_place_again_and_names_what_was_said(ask: Ask, said: str) -> None:
    decision = ask(service="pothole", postcode=said)
    assert decision.needs == ("place",)
    assert decision.queue is None
    assert any("is not a postcode that we know" in reason for reason in decision.reasons)


def test_a_postcode_on_record_without_a_district_asks_for_the_address(ask: Ask) -> None:
    decision = ask(service="pothole", postcode=IN_NO_DISTRICT)
    assert decision.needs == ("address",)
    assert decision.place is not None
    assert (decision.place.postcode, decision.place.district) == (IN_NO_DISTRICT, None)


@pytest.mark.parametrize("postcode", [IN_JERSEY, IN_MAN])
def test_the_crown_dependencies_are_named_and_have_no_queue(ask: Ask, postcode: str) -> None:
    decision = ask(service="pothole", postcode=postcode)
    assert decision.outcome is OutcomeKind.SIGNPOST
    assert decision.outside is not None and decision.outside.agency
    assert decision.queue is None
    assert "not part of the UK" in decision.public_reasons[0]


def test_a_council_elsewhere_is_named_with_its_web_address(ask: Ask) -> None:
    decision = ask(service="pothole", postcode=IN_LONDON)
    assert decision.outcome is OutcomeKind.SIGNPOST
    assert authority(decision) == "E09000033"
    assert decision.outside is not None and "https://" in decision.outside.how


def test_a_district_that_an_address_settles_wins_over_the_postcode(ask: Ask) -> None:
    assert authority(ask(service="missed-bin", postcode=IN_ASHFIELD, district=MANSFIELD)) == MANSFIELD


def test_a_district_nobody_knows_asks_for_the_address(ask: Ask) -> None:
    assert ask(service="missed-bin", district="E07999999").needs == ("address",)


def test_the_place_that_was_asked_for_wins_over_places_named_in_passing(ask: Ask) -> None:
    words = "Hit a pothole coming home from Kirkby in Ashfield"
    decision = ask(service="missed-bin", text=words, place_said="High Street, Mansfield")
    assert authority(decision) == MANSFIELD


@pytest.mark.parametrize("place", ["High Street, Mansfield", IN_ASHFIELD, ""])
def test_danger_in_the_words_is_seen_however_the_place_was_given(ask: Ask, place: str) -> None:
    decision = ask(service="pothole", text="There is a smell of gas from it", place_said=place)
    assert decision.urgent
    assert decision.advice


def test_a_town_named_in_the_words_is_place_enough(ask: Ask) -> None:
    decision = ask(text="pothole in Hucknall")
    assert (authority(decision), decision.queue) == (COUNTY, "nottinghamshire-highways")


# --- the council in place of a place --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "council", "gss"),
    [
        ("pothole", "ashfield", COUNTY),
        ("pothole", "nottinghamshire", COUNTY),
        ("pothole", "nottingham", CITY),
        ("missed-bin", "ashfield", ASHFIELD),
        ("missed-bin", "nottingham", CITY),
    ],
)
def test_a_council_named_in_place_of_a_place_settles_it(ask: Ask, service: str, council: str, gss: str) -> None:
    decision = ask(service=service, council=council)
    assert authority(decision) == gss
    assert decision.queue


def test_a_county_named_for_a_districts_service_still_needs_the_place(ask: Ask) -> None:
    assert ask(service="missed-bin", council="nottinghamshire").needs == ("place",)


@pytest.mark.parametrize("council", ["ashfield", "nottinghamshire", "nottingham"])
def test_a_complaint_goes_to_the_council_complained_about(ask: Ask, council: str) -> None:
    assert ask(service="complaint", council=council, postcode=IN_GEDLING).queue == f"{council}-complaints"


def test_a_complaint_without_a_council_asks_which(ask: Ask) -> None:
    decision = ask(service="complaint", postcode=IN_ASHFIELD)
    assert decision.needs == ("council",)
    assert decision.queue is None


def test_a_complaint_where_one_council_does_everything_is_taken_as_about_that_one(ask: Ask) -> None:
    decision = ask(service="complaint", postcode=IN_CITY)
    assert authority(decision) == CITY
    assert decision.needs == ("council",)
    assert decision.confidence <= 0.6


def test_homelessness_is_dealt_with_by_the_council_approached_wherever_the_person_lived(ask: Ask) -> None:
    assert ask(service="homelessness", council="mansfield", postcode=IN_ASHFIELD).queue == "mansfield-housing-options"


@pytest.mark.parametrize(("postcode", "needs"), [(None, ("council",)), (IN_ASHFIELD, ("council",))])
def test_homelessness_told_to_the_county_is_never_left_there(
    ask: Ask, postcode: str | None, needs: tuple[str, ...]
) -> None:
    decision = ask(service="homelessness", council="nottinghamshire", postcode=postcode)
    assert authority(decision) == (ASHFIELD if postcode else None)
    assert decision.needs == needs


def test_whatever_is_asked_of_whichever_council_the_queue_is_one_that_exists(
    triage: Triage, catalogue: Catalogue, register_queues: frozenset[str]
) -> None:
    missing = set()
    for service in catalogue.services.values():
        choices = [(q.id, c.value) for q in service.questions for c in q.choices if c.goes_to]
        for council in triage.register.authorities.values():
            for answers in [{}, *({question: value} for question, value in choices)]:
                decision = triage.best(
                    Enquiry(on=TODAY, service=service.slug, council=council.slug, answers=answers)  # type: ignore[arg-type]
                )
                assert decision.reasons
                if decision.queue and decision.queue not in register_queues:
                    missing.add((service.slug, decision.queue))
    assert missing == set()


@pytest.fixture(scope="session")
def register_queues(triage: Triage, catalogue: Catalogue) -> frozenset[str]:
    from cases.actions.sync_register import teams_of

    councils = triage.register.authorities.values()
    return frozenset(f"{council.slug}-{team}" for council in councils for team in teams_of(council, catalogue))


# --- services of both tiers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "gss", "agency"),
    [("park", ASHFIELD, None), ("roadside", COUNTY, None), ("railway", None, "network-rail")],
)
def test_an_answer_settles_whose_part_it_is(ask: Ask, answer: str, gss: str | None, agency: str | None) -> None:
    decision = ask(service="tree-problem", postcode=IN_ASHFIELD, answers={"tree-where": answer})
    assert authority(decision) == gss
    assert (decision.signpost.code if decision.signpost else None) == agency


def test_without_the_answer_the_one_question_is_asked(ask: Ask) -> None:
    decision = ask(service="tree-problem", postcode=IN_ASHFIELD)
    assert decision.outcome is OutcomeKind.QUESTION
    assert (decision.needs, decision.question_id) == (("answer",), "tree-where")


def test_where_one_council_does_everything_no_answer_is_needed(ask: Ask) -> None:
    assert authority(ask(service="tree-problem", postcode=IN_CITY)) == CITY


def test_an_answer_that_settles_nothing_goes_to_a_person(ask: Ask) -> None:
    decision = ask(service="tree-problem", postcode=IN_ASHFIELD, answers={"tree-where": "not-sure"})
    assert decision.outcome is OutcomeKind.FRONT_DESK
    assert decision.queue is None


def test_every_way_to_answer_a_split_question_has_an_end(ask: Ask, catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        question = service.question(service.split) if service.tier is Tier.BOTH and service.split else None
        for choice in question.choices if question else ():
            decision = ask(service=service.slug, postcode=IN_ASHFIELD, answers={service.split: choice.value})
            if choice.goes_to in ("county", "district"):
                assert authority(decision) == (COUNTY if choice.goes_to == "county" else ASHFIELD), service.slug
            elif choice.goes_to and choice.goes_to.startswith("agency:"):
                assert decision.outcome is OutcomeKind.SIGNPOST, service.slug
            elif not choice.goes_to:
                assert decision.outcome is OutcomeKind.FRONT_DESK, service.slug


# --- services that are unknown or closed ----------------------------------------------------------------------------


def test_an_unknown_service_asks_what_it_is_about_and_offers_what_the_words_could_mean(ask: Ask) -> None:
    decision = ask(service="no-such", text="hole in the road", postcode=IN_ASHFIELD)
    assert decision.needs == ("service",)
    assert decision.candidates[0].slug == "pothole"


@pytest.fixture
def closing(triage: Triage, catalogue: Catalogue, index: PostcodeIndex) -> Callable[..., Triage]:
    """Triage with one service changed."""

    def make(slug: str, **changes: object) -> Triage:
        services: Mapping[str, Any] = MappingProxyType(
            {**catalogue.services, slug: catalogue.services[slug].model_copy(update=changes)}
        )
        changed = replace(catalogue, services=services)
        return Triage(
            changed,
            triage.register,
            load_agreements("nottinghamshire"),
            lambda: index,
            understanding=triage.understanding,
        )

    return make


@pytest.mark.parametrize(
    ("on", "outcome"),
    [(date(2026, 11, 18), OutcomeKind.AUTHORITY), (date(2026, 11, 19), OutcomeKind.QUESTION)],
    ids=["the-day-before", "the-day"],
)
def test_a_service_is_closed_from_its_day_on(closing: Callable[..., Triage], on: date, outcome: OutcomeKind) -> None:
    closed = closing("pothole", closed_on=date(2026, 11, 19))
    assert closed.best(Enquiry(on=on, service="pothole", postcode=IN_ASHFIELD)).outcome is outcome


def test_a_service_that_closed_yesterday_is_named_with_its_day_and_what_took_its_place(
    closing: Callable[..., Triage],
) -> None:
    closed = closing("pothole", closed_on=date(2026, 11, 19), instead="pavement-damaged")
    decision = closed.best(Enquiry(on=TODAY, service=557, postcode=IN_ASHFIELD))
    assert decision.needs == ("service",)
    assert decision.queue is None
    assert "has not been provided since 19 November 2026" in decision.public_reasons[0]
    assert closed.catalogue.services["pavement-damaged"].title in decision.public_reasons[0]
    assert decision.candidates[0].slug == "pavement-damaged"


# --- council homes --------------------------------------------------------------------------------------------------


def test_a_repair_where_the_council_owns_no_homes_is_sent_to_the_landlord(ask: Ask) -> None:
    decision = ask(service="council-home-repair", postcode=IN_GEDLING)
    assert decision.outcome is OutcomeKind.SIGNPOST
    assert decision.queue is None
    assert "Gedling" in decision.public_reasons[0] and "owns no homes" in decision.public_reasons[0]


def test_a_repair_where_the_council_owns_homes_goes_to_it(ask: Ask) -> None:
    assert authority(ask(service="council-home-repair", postcode=IN_ASHFIELD)) == ASHFIELD
