"""Whole journeys through the web door."""

from __future__ import annotations

from flask import Flask

from tests.app.citizen.visiting import HUCKNALL, NOTTINGHAM, Visitor, cases_in

POTHOLE: dict[str, dict[str, str | list[str]]] = {
    "before/council-or-private": {"answer": "no"},
    "place": {"street": "Annesley Road", "town": "Hucknall", "postcode": HUCKNALL},
    "questions/road-kind": {"answer": "other-road"},
    "questions/pothole-size": {"answer": "medium"},
    "questions/pothole-depth": {"answer": "deep"},
    "questions/road-position": {"answer": "edge"},
    "questions/traffic-swerving": {"answer": "no"},
    "questions/finding-it": {"answer": "Outside the Co-op 🛒"},
    "how-to-report": {"openness": "open"},
    "details": {"name": "Jo Example", "phone": "07700 900123"},
    "safe-ways": {"ways": ["text"]},
}


def test_pothole_in_hucknall_reaches_the_county(app: Flask, visitor: Visitor) -> None:
    visitor.go("/report?q=pothole")
    assert "/report/pothole" in visitor.page.text
    visitor.start("pothole")
    visitor.answer_until("responsible", POTHOLE)
    assert (
        "Roads, pavements and street lights in Ashfield are looked after by Nottinghamshire County Council"
        in visitor.text
    )
    visitor.answer_until("check", POTHOLE)
    assert "Annesley Road" in visitor.text
    assert "Outside the Co-op 🛒" in visitor.text
    visitor.press()
    assert visitor.step == "sent"
    ((case, queue),) = cases_in(app)
    assert queue == "nottinghamshire-highways"
    assert "Nottinghamshire County Council" in visitor.text
    assert f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}" in visitor.text
    assert "Your PIN, shown only this once" in visitor.text


def test_missed_bin_in_ashfield_reaches_the_district(app: Flask, visitor: Visitor) -> None:
    visitor.start("missed-bin")
    answers: dict[str, dict[str, str | list[str]]] = {
        "before/day-over": {"answer": "no"},
        "before/right-day": {"answer": "yes"},
        "before/out-in-time": {"answer": "yes"},
        "before/tag": {"answer": "no"},
        "before/right-container": {"answer": "container"},
        "place": {"postcode": "ng157aa"},
        "place/number": {"number": "12", "street": "Annesley Road"},
        "questions/container": {"answer": ["recycling", "glass"]},
        "questions/collection-day": {"answer__day": "19", "answer__month": "11", "answer__year": "2026"},
        "questions/how-many": {"answer": "only-mine"},
        "questions/blocked": {"answer": "no"},
        "questions/assisted": {"answer": "no"},
        "details": {},
    }
    visitor.answer_until("check", answers)
    assert "12 Annesley Road" in visitor.text
    assert "19 November 2026" in visitor.text
    visitor.press()
    ((case, queue),) = cases_in(app)
    assert queue == "ashfield-waste"
    assert case.answers["container"] == ["recycling", "glass"]


def test_in_the_city_one_council_does_both(app: Flask, visitor: Visitor) -> None:
    visitor.start("pothole")
    answers = {**POTHOLE, "place": {"postcode": NOTTINGHAM}}
    visitor.answer_until("responsible", answers)
    assert "Nottingham City Council" in visitor.text
    assert "only council there" in visitor.text
    visitor.answer_until("check", answers)
    visitor.press()
    assert [queue for _, queue in cases_in(app)] == ["nottingham-highways"]
