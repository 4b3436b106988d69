"""What is not one of our councils' jobs, and places that decide nothing."""

from __future__ import annotations

from flask import Flask

from cases.models.contact import Contact, Matter, MatterOutcome
from tests.app.citizen.test_reporting import POTHOLE
from tests.app.citizen.visiting import BOLSOVER, GEDLING, JERSEY, NOWHERE, Visitor, cases_in, first_row, rows_of


def begin_pothole(visitor: Visitor) -> None:
    visitor.start("pothole")
    visitor.press(answer="no")
    assert visitor.step == "place"


def test_another_council_is_named_with_its_website(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(postcode=BOLSOVER)
    assert visitor.step == "elsewhere"
    assert "Derbyshire County Council" in visitor.text
    assert "https://www.derbyshire.gov.uk" in visitor.page.text
    assert rows_of(app, Contact) == 0, "looking is not yet a contact"
    visitor.press()
    assert visitor.step == "sent"
    assert "Derbyshire County Council" in visitor.text
    assert first_row(app, Matter).outcome is MatterOutcome.SIGNPOSTED
    assert cases_in(app) == []


def test_channel_islands_are_told_apart(visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(postcode=JERSEY)
    assert visitor.step == "elsewhere"
    assert "not part of the UK" in visitor.text


def test_unknown_postcode_keeps_what_was_typed_and_can_be_left_out(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(postcode=NOWHERE, street="Annesley Road", town="Hucknall")
    assert visitor.page.status_code == 422
    assert "We do not know the postcode NG99 9ZZ" in visitor.text
    assert f'value="{NOWHERE}"' in visitor.page.text
    assert 'value="Annesley Road"' in visitor.page.text
    visitor.press(postcode=NOWHERE, street="Annesley Road", town="Hucknall", way="without")
    visitor.answer_until("check", POTHOLE)
    assert NOWHERE in visitor.text
    visitor.press()
    assert [queue for _, queue in cases_in(app)] == ["nottinghamshire-highways"]


def test_what_is_no_postcode_says_so_plainly(visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(postcode="Hucknall")
    assert "Enter a full UK postcode" in visitor.text


def test_not_knowing_the_place_goes_to_the_front_desk(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(street="by the big tree", town="Nowhere-in-particular")
    assert visitor.step == "area"
    visitor.press(area="unknown")
    assert visitor.step == "responsible"
    assert "front desk finds out" in visitor.text
    visitor.answer_until("check", POTHOLE)
    visitor.press()
    assert [queue for _, queue in cases_in(app)] == ["front-desk"]


def test_area_chosen_for_an_ambiguous_place_decides(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(street="by the big tree", town="Nowhere-in-particular")
    visitor.press(area="E07000174")
    assert visitor.step == "responsible"
    assert "Mansfield" in visitor.text


def test_answer_that_means_a_trunk_road_turns_to_national_highways(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.answer_until("questions/road-kind", POTHOLE)
    visitor.press(answer="motorway")
    assert visitor.step == "elsewhere"
    assert "National Highways" in visitor.text
    visitor.go(visitor.path.replace("elsewhere", "questions/road-kind"))
    visitor.press(answer="other-road")
    assert visitor.step == "questions/pothole-size", "the earlier answers are still there"


def test_answer_that_stops_gives_advice_and_loses_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.start("missed-bin")
    visitor.press(answer="yes")
    assert visitor.step == "advice/day-over"
    assert "leave your bin out" in visitor.text
    visitor.go(visitor.path.replace("advice", "before"))
    visitor.press(answer="no")
    assert visitor.step == "before/right-day"


def test_advice_that_was_enough_is_recorded_as_information_given(app: Flask, visitor: Visitor) -> None:
    visitor.start("missed-bin")
    visitor.press(answer="yes")
    visitor.press()
    assert visitor.step == "sent"
    assert first_row(app, Matter).outcome is MatterOutcome.INFORMATION_GIVEN
    assert cases_in(app) == []


def test_dangerous_answer_shows_what_to_do_at_once(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.answer_until("questions/traffic-swerving", POTHOLE)
    visitor.press(answer="yes")
    assert visitor.step == "danger"
    assert "999" in visitor.text
    assert "text 999" in visitor.text, "not everybody can speak on the phone"
    assert "18000" in visitor.text
    visitor.answer_until("check", POTHOLE)
    visitor.press()
    ((case, _),) = cases_in(app)
    assert case.is_urgent


def test_dangerous_words_in_a_text_answer_count(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.answer_until("questions/finding-it", POTHOLE)
    visitor.press(answer="there is life in danger here")
    assert visitor.step == "danger"
    visitor.answer_until("check", POTHOLE)
    visitor.press()
    assert [case.is_urgent for case, _ in cases_in(app)] == [True]


def test_council_that_owns_no_homes_sends_its_tenants_to_the_landlord(visitor: Visitor) -> None:
    visitor.start("council-home-repair")
    answers: dict[str, dict[str, str | list[str]]] = {
        "before/landlord": {"answer": "council"},
        "place": {"postcode": GEDLING},
        "place/number": {"number": "1", "street": "Example Street"},
    }
    visitor.answer_until("elsewhere", answers)
    assert "owns no homes" in visitor.text
