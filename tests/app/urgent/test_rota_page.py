"""Who is on duty, as supervisors and administrators say it."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.test import TestResponse

from cases.models import AuditEntry
from cases.models.staff import Role
from cases.models.urgent import RotaPlace
from tests.app.desk.conftest import Hire
from tests.app.desk.form import Desk, complaints
from tests.app.doors import token

ASHFIELD, COUNTY = "E07000170", "E10000024"
PATH = "/staff/rota"


def add(desk: Desk, council: str = "front-desk", **typed: object) -> TestResponse:
    page = desk.client.get(f"{PATH}?council={council}")
    whole = {"weekdays": ["0", "4"], "starts": "08:30", "ends": "17:00", "position": "1", **typed}
    data = {"csrf_token": token(page), "council": council, **whole}
    return desk.client.post(PATH, data=data, follow_redirects=True)


def rows(desk: Desk) -> list[tuple[object, ...]]:
    with desk.reading() as session:
        found = session.scalars(select(RotaPlace).order_by(RotaPlace.weekday, RotaPlace.starts))
        return [(p.authority_gss, p.group_slug, p.weekday, p.starts, p.ends, p.staff_user_id, p.phone) for p in found]


def test_supervisor_puts_an_agent_on_duty_and_takes_them_off(hire: Hire) -> None:
    grace, megan = hire(Role.SUPERVISOR), hire(Role.AGENT, "megan@example.org")
    page = add(grace, staff=megan.staff_id, group="homelessness", phone="07700 900123")
    assert complaints(page) == []
    expected = ("08:30", "17:00", megan.staff_id, "+447700900123")
    assert rows(grace) == [(None, "homelessness", 0, *expected), (None, "homelessness", 4, *expected)]
    with grace.reading() as session:
        first = session.scalars(select(RotaPlace.id).order_by(RotaPlace.weekday)).first()
    data = {"csrf_token": token(page)}
    assert "Taken off" in grace.client.post(f"{PATH}/{first}/remove", data=data, follow_redirects=True).text
    assert len(rows(grace)) == 1
    with grace.reading() as session:
        actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions[-3:] == ["rota-added", "rota-added", "rota-removed"]


def test_hours_through_the_night_are_two_rows(hire: Hire) -> None:
    grace = hire(Role.SUPERVISOR)
    add(grace, staff=grace.staff_id, weekdays=["6"], starts="17.00", ends="8:30")
    assert [row[2:5] for row in rows(grace)] == [(0, "00:00", "08:30"), (6, "17:00", "24:00")]


def test_what_is_wrong_is_said_beside_its_field(hire: Hire) -> None:
    grace, shazia = hire(Role.SUPERVISOR), hire(Role.OFFICER, "s@example.org", authority_gss=ASHFIELD)
    good = {"staff": grace.staff_id}
    for typed, complaint in [
        ({"starts": "25:00"}, "Enter a time such as 08:30"),
        ({"ends": "08:30"}, "Enter an end that is not the start"),
        ({"weekdays": []}, "Choose at least one day"),
        ({"staff": shazia.staff_id}, "Choose somebody who works there"),
        ({"staff": "x"}, "Choose somebody who works there"),
        ({"group": "nothing"}, "Choose what they are on duty for"),
        ({"position": "0"}, "Enter a place in the order from 1 to 9"),
        ({"phone": "0115 496 0123"}, "Enter a mobile number, or leave it empty: they are asked by text"),
    ]:
        page = add(grace, **{**good, **typed})
        assert (page.status_code, complaints(page)) == (422, [complaint])
    assert rows(grace) == []


def test_councils_supervisor_edits_the_own_rota_alone(hire: Hire) -> None:
    own = hire(Role.SUPERVISOR, authority_gss=ASHFIELD)
    assert "Ashfield District Council" in own.client.get(PATH).text
    assert own.client.get(f"{PATH}?council=front-desk").status_code == 404
    assert own.client.get(f"{PATH}?council=nottinghamshire").status_code == 404
    assert own.client.get(f"{PATH}?council=nowhere").status_code == 404
    assert complaints(add(own, "ashfield", staff=own.staff_id)) == []
    county = hire(Role.SUPERVISOR, "c@example.org", authority_gss=COUNTY)
    with own.reading() as session:
        place = session.scalars(select(RotaPlace.id)).first()
    data = {"csrf_token": token(county.client.get(PATH))}
    assert county.client.post(f"{PATH}/{place}/remove", data=data).status_code == 404
    assert len(rows(own)) == 2


def test_an_agent_edits_no_rota_and_an_administrator_does(hire: Hire) -> None:
    assert hire(Role.AGENT).client.get(PATH).status_code == 403
    assert hire(Role.ADMINISTRATOR, "leo@example.org").client.get(PATH).status_code == 200
