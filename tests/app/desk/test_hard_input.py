"""Numbers and texts that no form of ours would send. Nothing of it is an error of ours, on either database."""

from __future__ import annotations

import pytest

from cases.models.case import TriageDecision
from cases.models.person import ContactPoint
from cases.models.staff import Role
from tests.app.desk.conftest import Hire
from tests.app.desk.form import JO, POTHOLE, Desk, complaints

TOO_LARGE = ["2147483648", "999999999999999", "99999999999999999999", "9" * 3_000]


@pytest.mark.parametrize("number", TOO_LARGE, ids=len)
def test_a_number_larger_than_any_id_is_no_page(hire: Hire, number: str) -> None:
    browser = hire(Role.COUNTER).client
    for path in ("telephone/saved", "counter/saved", "counter/slip"):
        assert browser.get(f"/staff/{path}/{number}").status_code == 404


@pytest.mark.parametrize("number", TOO_LARGE, ids=len)
def test_a_number_larger_than_any_id_is_nobody(agent: Desk, number: str) -> None:
    assert agent.ask("caller", person=number).status_code == 404
    assert agent.press(f"person-{number}").status_code == 200
    assert agent.save(POTHOLE, JO, person=number).status_code == 200


@pytest.mark.parametrize("number", TOO_LARGE, ids=len)
def test_a_list_key_larger_than_any_id_gives_the_first_page(agent: Desk, number: str) -> None:
    assert agent.client.get(f"/staff/queues/front-desk?after=1-{number}").status_code == 200


@pytest.mark.parametrize("field", ["m1-uprn", "m1-area", "m1-council", "m1-service", "language"])
def test_a_choice_that_was_never_offered_is_left_out(agent: Desk, field: str) -> None:
    assert agent.save(POTHOLE, JO, {field: "x" * 250}).status_code == 200
    case = agent.cases()[0]
    assert case.place is not None and case.place.uprn is None


def test_a_reason_for_another_queue_is_one_of_those_offered(agent: Desk) -> None:
    page = agent.save(POTHOLE, JO, {"m1-queue": "ashfield-waste", "m1-why": "because Mr Sample " * 10})
    assert complaints(page) == ["Say why it should go to another queue"]
    assert agent.count(TriageDecision) == 0


def test_a_street_whose_folded_name_is_longer_is_kept(agent: Desk) -> None:
    saved = agent.save(POTHOLE, JO, {"m1-place": "12 " + "ß" * 80 + " NG15 7EF"})
    assert saved.status_code == 200 and len(agent.cases()) == 1


def test_a_very_long_address_can_be_looked_up_by(agent: Desk) -> None:
    letters = "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(1_000))  # what no index can squeeze
    assert agent.save(POTHOLE, JO, address=letters).status_code == 200
    with agent.reading() as session:
        assert letters in [point.value for point in session.query(ContactPoint)]
