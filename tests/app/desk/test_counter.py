from __future__ import annotations

import pytest
from sqlalchemy import select

from cases.models.authority import Office
from cases.models.contact import Channel, Contact
from cases.models.staff import Role
from tests.app.desk.conftest import Hire
from tests.app.desk.form import JO, POTHOLE, Desk, complaints, shown_references

ABUSE = {"m1-service": "adult-safeguarding", "m1-text": "Worried about a neighbour", "m1-anyway": "yes"}


@pytest.fixture
def counter(hire: Hire) -> Desk:
    desk = hire(Role.COUNTER)
    desk.path = "/staff/counter"
    return desk


def an_office(desk: Desk, authority: str | None = None) -> str:
    with desk.reading() as session:
        query = select(Office.slug).order_by(Office.slug)
        return session.scalars(query.where(Office.authority_gss == authority) if authority else query).first() or ""


def test_visit_is_a_case_with_the_office_and_the_channel(counter: Desk) -> None:
    office = an_office(counter)
    page = counter.save(POTHOLE, JO, office=office)
    assert complaints(page) == []
    [case] = counter.cases()
    assert (case.queue.slug, case.opened_by_channel) == ("nottinghamshire-highways", Channel.COUNTER)
    with counter.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert session.get_one(Office, contact.office_id).slug == office


def test_office_must_be_chosen_and_is_remembered_for_the_next_customer(counter: Desk) -> None:
    assert complaints(counter.save(POTHOLE)) == ["Choose the office you are at"]
    office = an_office(counter)
    counter.save(POTHOLE, office=office)
    assert f'value="{office}" selected' in counter.client.get(counter.path).text


def test_office_of_the_appointment_need_not_be_chosen(hire: Hire) -> None:
    probe = hire(Role.AGENT, email="probe@example.org")
    office = an_office(probe)
    desk = hire(Role.COUNTER, office_slug=office)
    desk.path = "/staff/counter"
    page = desk.client.get(desk.path).text
    assert f'value="{office}" selected' in page or f'name="office" value="{office}"' in page


def test_slip_has_what_to_keep_and_no_name(counter: Desk) -> None:
    saved = counter.save(POTHOLE, JO, office=an_office(counter))
    contact_id = saved.request.path.rpartition("/")[2]
    slip = counter.client.get(f"/staff/counter/slip/{contact_id}")
    assert slip.status_code == 200
    assert set(shown_references(slip)) == set(shown_references(saved))
    assert "shirehall-slip__pin" in slip.text
    assert "/track" in slip.text
    assert "/privacy" in slip.text
    assert "Jo Sample" not in slip.text
    assert "Large pothole" not in slip.text


def test_slip_of_a_sensitive_case_says_nothing_but_its_number(counter: Desk) -> None:
    from app.wiring import the_catalogue

    title = the_catalogue().services["adult-safeguarding"].title
    saved = counter.save({**ABUSE, "m1-about": title}, office=an_office(counter))
    assert complaints(saved) == []
    slip = counter.client.get(f"/staff/counter/slip/{saved.request.path.rpartition('/')[2]}")
    assert len(shown_references(slip)) == 1
    assert title not in slip.text
    assert "/track" not in slip.text
    assert "slip__pin" not in slip.text


def test_telephone_call_has_no_slip(counter: Desk) -> None:
    counter.path = "/staff/telephone"
    saved = counter.save(POTHOLE)
    assert counter.client.get(f"/staff/counter/slip/{saved.request.path.rpartition('/')[2]}").status_code == 404


def test_office_of_another_council_is_refused_to_a_councils_own_counter(hire: Hire) -> None:
    desk = hire(Role.COUNTER, authority_gss="E07000174")
    desk.path = "/staff/counter"
    elsewhere = an_office(desk, "E10000024")
    assert complaints(desk.save(POTHOLE, office=elsewhere)) == ["Choose the office you are at"]
