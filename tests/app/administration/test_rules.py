"""Administrators change who does what in the browser: draft, rehearsal, in force, history and the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import write_transaction
from app.wiring import the_kit
from cases.actions.given import NewContact, NewMatter, PlaceGiven
from cases.actions.record_contact import record_contact
from cases.models.contact import Channel
from cases.models.place import PlaceKind
from cases.models.staff import Appointment, Role, StaffUser
from cases.triage import Enquiry
from tests.app.administration.conftest import Administrator
from tests.app.doors import NOON, token
from tests.cases.places import ASHFIELD, CITY, COUNTY, MANSFIELD

RULES = "/staff/rules"
TODAY = NOON.date()
NEW: dict[str, Any] = {
    "id": "Potholes in Ashfield",
    "services": "Pothole or broken road surface",
    "area": [ASHFIELD],
    "authority": ASHFIELD,
    "starts-day": "1",
    "starts-month": "1",
    "starts-year": "2027",
    "reason": "In Ashfield the district council mends potholes.",
    "source": "Made up for this test",
}


def post(client: FlaskClient, path: str, page: str | None = None, **fields: Any) -> TestResponse:
    opened = client.get(page or path)
    fields["csrf_token"] = token(opened)
    if opened_on := re.search(r'name="opened_on" value="(\d*)"', opened.text):
        fields.setdefault("opened_on", opened_on[1])
    return client.post(path, data=fields)


def version(page: TestResponse) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found
    return found[1]


def draft_new(client: FlaskClient, **changed: Any) -> str:
    """The address of the new agreement's draft."""
    made = post(client, f"{RULES}/agreements/new", **(NEW | changed))
    assert made.status_code == 302, made.text
    return made.location


def put_in_force(client: FlaskClient, draft: str, reason: str = "Agreed in the autumn") -> TestResponse:
    return post(client, f"{draft}/put-in-force", draft, version=version(client.get(draft)), reason=reason)


def pothole(app: Flask, year: int = 2027, district: str = ASHFIELD) -> tuple[str | None, str, str]:
    with app.app_context():
        decision = the_kit().triage.best(
            Enquiry(on=TODAY.replace(year=year, month=6), service="pothole", district=district)
        )
        return decision.authority.gss if decision.authority else None, decision.rule, decision.data_version


def open_case(app: Flask, service: str = "pothole", district: str = ASHFIELD, **answers: str) -> str:
    with app.app_context(), write_transaction() as session:
        place = PlaceGiven(kind=PlaceKind.STREET, said="High Street", district=district)
        matter = NewMatter(text="A hole", service=service, place=place, answers=answers)
        contact = NewContact(channel=Channel.WEB, matters=(matter,), received_at=NOON)
        (case,) = record_contact(session, the_kit(), contact, now=NOON).cases
        reference: str = case.reference
        return f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"


def test_only_administrators_may_see_the_rules(administrator: Administrator) -> None:
    assert administrator(None, name="Sam Super", role=Role.SUPERVISOR).get(RULES).status_code == 403
    page = administrator().get(RULES)
    assert page.status_code == 200
    assert "Who does what" in page.text and "on-street-parking-fines" in page.text


def test_agreements_and_services_are_found_by_their_words(administrator: Administrator) -> None:
    client = administrator()
    assert "on-street-parking-fines" not in client.get(f"{RULES}?q=birth").text
    found = client.get(f"{RULES}/services?q=tree roots").text
    assert "Services" in found
    assert "Where it leads" in client.get(f"{RULES}/services/tree-problem").text


def test_a_new_agreement_is_a_draft_that_shows_which_cases_would_go_elsewhere(
    app: Flask, administrator: Administrator
) -> None:
    client = administrator()
    reference, other = open_case(app), open_case(app, district=MANSFIELD)
    page = client.get(draft_new(client)).text
    assert "Of 2 cases" in page and "1 would have gone elsewhere" in page
    assert reference in page and other not in page
    assert pothole(app)[0] == COUNTY


def test_a_draft_put_in_force_decides_from_its_day_on_and_its_version_is_kept(
    app: Flask, administrator: Administrator
) -> None:
    client = administrator()
    draft = draft_new(client)
    assert put_in_force(client, draft).status_code == 302
    gss, rule, kept = pothole(app)
    assert (gss, rule) == (ASHFIELD, "agreement:potholes-in-ashfield")
    assert kept.endswith(".r1")
    assert pothole(app, year=2026)[0] == COUNTY
    page = client.get(f"{RULES}/agreements/potholes-in-ashfield").text
    assert "Agreed in the autumn" in page and "Ada Admin" in page
    assert client.get(f"{RULES}/versions/1").location == draft


def test_a_reason_is_needed(administrator: Administrator, app: Flask) -> None:
    client = administrator()
    refused = put_in_force(client, draft_new(client), reason=" ")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert pothole(app)[0] == COUNTY


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"services": "No such thing"}, "services", "No service is called no-such-thing"),
        ({"authority": ""}, "authority", "Choose who does it"),
        ({"ends-day": "31", "ends-month": "12", "ends-year": "2026"}, "ends-day", "Ends before it starts"),
        ({"starts-day": "31", "starts-month": "2"}, "starts-day", "That is no date"),
        ({"starts-year": "1960"}, "area", "opened only on 1 April 1974"),
        ({"postcodes": "NG7"}, "postcodes", "Look at the example"),
        ({"id": "on-street parking fines"}, "id", "already"),
    ],
)
def test_a_bad_agreement_is_refused_beside_its_field(
    administrator: Administrator, changed: dict[str, Any], field: str, says: str
) -> None:
    refused = post(administrator(), f"{RULES}/agreements/new", **(NEW | changed))
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert says in refused.text
    assert "Made up for this test" in refused.text


def test_agreements_with_overlapping_days_are_refused(administrator: Administrator) -> None:
    client = administrator()
    put_in_force(client, draft_new(client))
    refused = post(client, f"{RULES}/agreements/new", **(NEW | {"id": "another"}))
    assert refused.status_code == 422
    assert "overlap those of potholes-in-ashfield" in refused.text


def test_two_drafts_that_overlap_cannot_both_be_put_in_force(administrator: Administrator, app: Flask) -> None:
    client = administrator()
    first, second = draft_new(client), draft_new(client, id="Another")
    assert put_in_force(client, first).status_code == 302
    refused = put_in_force(client, second)
    assert refused.status_code == 422
    assert "overlap" in refused.text


def test_an_agreement_is_ended_on_a_day_and_the_rehearsal_looks_at_that_day(
    app: Flask, administrator: Administrator
) -> None:
    client = administrator()
    reference = open_case(app, "residents-parking-permit", ASHFIELD, **{"permit-where": "street"})
    path = f"{RULES}/agreements/on-street-parking-fines"
    ended = post(client, f"{path}/end", path, **{"ends-day": "1", "ends-month": "4", "ends-year": "2027"})
    put_in_force(client, ended.location)
    page = client.get(path).text
    assert "1 April 2027 (the first day it no longer holds)" in page
    assert reference not in client.get(ended.location).text


def test_the_second_of_two_administrators_at_once_is_told_and_loses_nothing(
    app: Flask, administrator: Administrator
) -> None:
    one, two = administrator(), administrator(name="Bea Admin")
    put_in_force(one, draft_new(one))
    path = f"{RULES}/agreements/potholes-in-ashfield/end"
    page = path.removesuffix("/end")
    days = {"ends-day": "1", "ends-month": "6", "ends-year": "2028"}
    first, second = (post(client, path, page, **days).location for client in (one, two))
    assert put_in_force(one, first).status_code == 302
    conflict = put_in_force(two, second)
    assert conflict.status_code == 409
    assert "Somebody else has put a change of this in force" in conflict.text
    assert "Draft" in two.get(second).text


def test_a_form_opened_on_an_older_version_is_refused_once_and_keeps_what_was_typed(
    app: Flask, administrator: Administrator
) -> None:
    one, two = administrator(), administrator(name="Bea Admin")
    put_in_force(one, draft_new(one))
    path = f"{RULES}/agreements/potholes-in-ashfield/change"
    put_in_force(one, post(one, path, **(NEW | {"source": "By one"})).location)
    refused = post(two, path, **(NEW | {"source": "By two", "opened_on": "1"}))
    assert refused.status_code == 422
    assert "Somebody else has changed this" in refused.text and "By two" in refused.text
    assert 'name="opened_on" value="2"' in refused.text


def test_a_draft_sent_twice_is_put_in_force_once(administrator: Administrator) -> None:
    client = administrator()
    draft = draft_new(client)
    page = client.get(draft)
    data = {"csrf_token": token(page), "version": version(page), "reason": "Agreed"}
    assert client.post(f"{draft}/put-in-force", data=data).status_code == 302
    assert client.post(f"{draft}/put-in-force", data=data).status_code == 409


def test_a_draft_is_changed_by_another_that_takes_its_place(app: Flask, administrator: Administrator) -> None:
    client = administrator()
    draft = draft_new(client)
    number = draft.rpartition("/")[2]
    page = client.get(f"{RULES}/agreements/new?draft={number}").text
    assert "Made up for this test" in page and 'value="potholes-in-ashfield"' in page
    better = draft_new(client, source="Better", draft=number)
    assert "thrown away" in client.get(draft).text
    assert put_in_force(client, better).status_code == 302
    form = service_form(client, "pothole") | {"tier": "district", "starts-year": "2029"}
    first = post(client, f"{RULES}/services/pothole/change", **form).location
    page = client.get(f"{RULES}/services/pothole/change?draft={first.rpartition('/')[2]}").text
    assert 'value="2029"' in page and re.search(r'value="district"[^>]*checked', page)


def test_going_back_to_an_earlier_version_is_a_draft_too(app: Flask, administrator: Administrator) -> None:
    client = administrator()
    first = draft_new(client)
    put_in_force(client, first)
    path = f"{RULES}/agreements/potholes-in-ashfield"
    ended = post(client, f"{path}/end", path, **{"ends-day": "1", "ends-month": "2", "ends-year": "2027"})
    put_in_force(client, ended.location)
    assert pothole(app)[0] == COUNTY
    back = post(client, f"{first}/go-back", first, to="this")
    put_in_force(client, back.location, "It goes on after all")
    assert pothole(app)[0] == ASHFIELD
    assert client.get(path).text.count(">r") == 3


def test_going_back_to_before_an_agreement_was_there_ends_it(app: Flask, administrator: Administrator) -> None:
    client = administrator()
    first = draft_new(client)
    put_in_force(client, first)
    back = post(client, f"{first}/go-back", first, to="before")
    put_in_force(client, back.location, "Never meant")
    assert pothole(app)[0] == COUNTY


def service_form(client: FlaskClient, slug: str) -> dict[str, str]:
    """What the form holds when it is opened."""
    page = client.get(f"{RULES}/services/{slug}/change").text
    fields = dict(re.findall(r'<input[^>]*name="((?:goes_to|starts|ends)-[^"]+)"[^>]*?value="([^"]*)"', page))
    fields |= {n: v.strip() for n, v in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', page)}
    chosen = re.search(r'name="tier"[^>]*value="(\w+)"[^>]*checked', page)
    assert chosen
    split = re.search(r'<option value="([^"]+)" selected>', page)
    return fields | {"tier": chosen[1], "split": split[1] if split else ""}


def test_a_services_answer_can_lead_elsewhere(app: Flask, administrator: Administrator) -> None:
    client = administrator()
    path = f"{RULES}/services/tree-problem/change"
    reference = open_case(app, "tree-problem", ASHFIELD, **{"tree-where": "park"})
    form = service_form(client, "tree-problem") | {"goes_to-tree-where-park": "county"}
    made = post(client, path, **form)
    assert made.status_code == 302
    page = client.get(made.location).text
    assert reference in page and "1 would have gone elsewhere" in page
    assert put_in_force(client, made.location).status_code == 302
    with app.app_context():
        enquiry = Enquiry(on=TODAY, service="tree-problem", district=ASHFIELD, answers={"tree-where": "park"})
        decision = the_kit().triage.best(enquiry)
        assert decision.authority and decision.authority.gss == COUNTY


def test_a_form_sent_as_it_was_opened_changes_nothing(administrator: Administrator) -> None:
    client = administrator()
    made = post(client, f"{RULES}/services/tree-problem/change", **service_form(client, "tree-problem"))
    assert "Nothing differs" in client.get(made.location).text


def test_words_can_be_taught_by_hand(app: Flask, administrator: Administrator) -> None:
    client = administrator()
    form = service_form(client, "pothole") | {"words": "wibbly jitty\nknackered tarmac bit"}
    put_in_force(client, post(client, f"{RULES}/services/pothole/change", **form).location)
    with app.app_context():
        found = the_kit().triage.best(Enquiry(on=TODAY, text="wibbly jitty")).service
        assert found and found.slug == "pothole"
    assert "wibbly jitty; knackered tarmac bit" in client.get(f"{RULES}/services/pothole").text


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"goes_to-tree-where-park": "service:no-such"}, "goes_to-tree-where-park", "No service is called no-such"),
        ({"could_be": "pothole\nagency:no-such"}, "could_be", "No agency is called no-such"),
        ({"goes_to-tree-where-park": "moon"}, "goes_to-tree-where-park", ""),
        ({"tier": "neither"}, "tier", ""),
    ],
)
def test_a_bad_change_of_a_service_is_refused_beside_its_field(
    administrator: Administrator, changed: dict[str, str], field: str, says: str
) -> None:
    client = administrator()
    form = service_form(client, "tree-problem") | changed
    refused = post(client, f"{RULES}/services/tree-problem/change", **form)
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert says in refused.text


def test_a_councils_administrator_sees_all_and_changes_only_what_concerns_it_alone(
    app: Flask, administrator: Administrator
) -> None:
    ashfield = administrator(ASHFIELD)
    assert "only the front desk’s administrators" in ashfield.get(f"{RULES}/agreements/on-street-parking-fines").text
    assert "only the front desk’s administrators" in ashfield.get(f"{RULES}/services/pothole").text
    assert post(ashfield, f"{RULES}/agreements/new", **(NEW | {"area": [MANSFIELD]})).status_code == 403
    form = service_form(ashfield, "pothole")
    assert post(ashfield, f"{RULES}/services/pothole/change", **form).status_code == 403
    assert put_in_force(ashfield, draft_new(ashfield)).status_code == 302
    county = administrator(COUNTY, name="Cor County")
    assert "Change this agreement" in county.get(f"{RULES}/agreements/on-street-parking-fines").text
    city = administrator(CITY, name="Cit City")
    draft = draft_new(administrator(name="Fay Front"), id="In Mansfield", area=[MANSFIELD], authority=MANSFIELD)
    assert "Put in force" not in city.get(draft).text
    data = {"csrf_token": token(city.get(draft)), "version": "1", "reason": "No business of ours"}
    assert city.post(f"{draft}/put-in-force", data=data).status_code == 403


def test_a_case_names_the_version_of_the_rules_that_decided_it(app: Flask, administrator: Administrator) -> None:
    client = administrator()
    draft = draft_new(client, **{"starts-year": "2026"})
    put_in_force(client, draft)
    reference = open_case(app).replace("-", "")
    officer = administrator(ASHFIELD, name="Olu Officer", role=Role.OFFICER)
    page = officer.get(f"/staff/cases/{reference}").text
    assert "rules as of version r1" in page
    assert "/staff/rules/versions/1" not in page
    with app.app_context(), write_transaction() as session:
        staff = session.scalars(select(StaffUser).where(StaffUser.name == "Olu Officer")).one()
        staff.appointments.append(Appointment(role=Role.ADMINISTRATOR, authority_gss=ASHFIELD, starts_on=TODAY))
    assert 'href="/staff/rules/versions/1"' in officer.get(f"/staff/cases/{reference}").text
