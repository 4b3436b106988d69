"""Danger at the web door: what to do first, and nothing more that must be filled in."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.database import read_transaction
from cases.models.urgent import UrgentHandover
from tests.app.citizen.test_elsewhere import begin_pothole
from tests.app.citizen.test_reporting import POTHOLE
from tests.app.citizen.visiting import Visitor, cases_in


def groups(app: Flask) -> list[str]:
    with app.app_context(), read_transaction() as session:
        return [row.group_slug for row in session.scalars(select(UrgentHandover))]


def test_dangerous_words_can_be_sent_before_anything_is_asked(app: Flask, visitor: Visitor) -> None:
    visitor.go("/report/other")
    visitor.press(text="A wall is about to fall on the pavement")
    while visitor.step != "danger":
        visitor.press(text="A wall is about to fall on the pavement")
    assert "text 999" in visitor.text
    visitor.press(do="send")
    assert visitor.step == "sent"
    assert groups(app) == ["structures"]
    assert [case.is_urgent for case, _ in cases_in(app)] == [True]


def test_dangerous_answer_can_be_sent_at_once(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.answer_until("questions/traffic-swerving", POTHOLE)
    visitor.press(answer="yes")
    assert visitor.step == "danger"
    visitor.press(do="send")
    assert visitor.step == "sent"
    assert groups(app) == ["highways"]
    assert [queue for _, queue in cases_in(app)] == ["nottinghamshire-highways"]


def test_who_goes_on_gives_a_way_to_be_reached_and_opens_one_hand_over(app: Flask, visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.answer_until("questions/traffic-swerving", POTHOLE)
    visitor.press(answer="yes")
    visitor.answer_until("check", POTHOLE)
    visitor.press()
    assert groups(app) == ["highways"]


def test_another_bodys_danger_is_named_again_on_the_last_page(app: Flask, visitor: Visitor) -> None:
    visitor.go("/report/other")
    visitor.press(text="I can smell gas")
    while visitor.step != "danger":
        visitor.press(text="I can smell gas")
    assert "0800 111 999" in visitor.text
    visitor.press(do="send")
    assert "0800 111 999" in visitor.text
    assert "We aim to" not in visitor.text, "no date that would make anybody wait"
    assert groups(app) == ["other"]
