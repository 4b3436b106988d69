"""Places that may lie in two councils' areas: asked for when the answer matters, and only then."""

from __future__ import annotations

from flask import Flask

from tests.app.citizen.test_elsewhere import begin_pothole
from tests.app.citizen.test_places import BEFORE_BIN
from tests.app.citizen.visiting import Visitor

ON_EDGE = "NG15 8JL"  # Gedling, with Ashfield close by
NUMBER: dict[str, dict[str, str | list[str]]] = {"place/number": {"number": "1", "street": "Main Street"}}


def bin_on_the_edge(visitor: Visitor) -> None:
    visitor.start("missed-bin")
    visitor.answer_until("place", BEFORE_BIN)
    visitor.press(postcode=ON_EDGE)
    visitor.answer_until("area", NUMBER)


def test_postcode_on_a_boundary_asks_which_side_it_is_and_the_answer_decides(app: Flask, visitor: Visitor) -> None:
    bin_on_the_edge(visitor)
    assert "This postcode lies close to the edge of Gedling. Is the place in Gedling or in Ashfield?" in visitor.text
    assert "Mansfield" not in visitor.page.text.split("<main")[1].split("</form>")[0]
    visitor.press(area="E07000170")
    assert visitor.step == "responsible"
    assert "Ashfield District Council" in visitor.text
    visitor.go(visitor.path.replace("responsible", "area"))
    visitor.press(area="E07000173")
    assert "Gedling Borough Council" in visitor.text, "the choice can be changed"


def test_postcode_on_a_boundary_goes_to_its_own_council_when_nobody_knows(app: Flask, visitor: Visitor) -> None:
    bin_on_the_edge(visitor)
    visitor.press(area="unknown")
    assert visitor.step == "responsible"
    assert "Gedling Borough Council" in visitor.text
    assert "we pass it on" in visitor.text


def test_nothing_is_asked_on_a_boundary_where_both_sides_have_the_same_council(visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(postcode=ON_EDGE)
    assert visitor.step == "responsible"
    assert "Nottinghamshire County Council" in visitor.text


def test_a_name_of_several_districts_asks_only_for_what_the_answer_changes(visitor: Visitor) -> None:
    begin_pothole(visitor)
    visitor.press(street="Main Street", town="Carlton")
    assert visitor.step == "responsible"
    assert "Nottinghamshire County Council" in visitor.text
