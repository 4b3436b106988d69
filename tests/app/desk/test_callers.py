"""Finding who it is, adding to what is open, and looking at it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cases.models.audit import AuditEntry
from cases.models.case import CaseStatus, EventKind, Outcome
from cases.models.contact import MatterCase
from cases.models.person import Person
from cases.models.staff import Role
from cases.references import show_reference
from tests.app.conftest import StandingClock
from tests.app.desk.conftest import Hire
from tests.app.desk.form import HUCKNALL, JO, POTHOLE, Desk, complaints

COUNTY, ASHFIELD, MANSFIELD_GSS = "E10000024", "E07000170", "E07000174"
BIN = {"m1-service": "missed-bin", "m1-about": "Missed bin collection", "m1-place": HUCKNALL, "m1-anyway": "yes"}


def person_id(desk: Desk, council: str | None = COUNTY) -> int:
    with desk.reading() as session:
        return session.scalars(select(Person.id).where(Person.controller_gss == council)).one()


def names_found(desk: Desk, text: str) -> list[str]:
    page = desk.ask("callers", find=text)
    assert page.status_code == 200
    return re.findall(r'data-value="\d+" data-text="([^"]+)"', page.text)


@pytest.mark.parametrize(
    "text", ["07700 900123", "07700900", "07700 9", "+44 7700 900123", "jo", "JO  SAM", "sample", "sam jo"]
)
def test_caller_is_found_by_phone_or_name_or_their_beginnings(agent: Desk, text: str) -> None:
    agent.save(POTHOLE, JO)
    assert names_found(agent, text) == ["Jo Sample"]


@pytest.mark.parametrize("text", ["", "j", "0770", "07700 900124", "jon", "%", "_o", "\\", "🕳️", "x" * 5000, "00000"])
def test_what_fits_nobody_finds_nobody(agent: Desk, text: str) -> None:
    agent.save(POTHOLE, JO)
    assert names_found(agent, text) == []


def test_caller_is_found_by_the_reference_of_their_case_which_can_be_added_to(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    reference = show_reference(agent.cases()[0].reference)
    page = agent.ask("callers", find=reference)
    assert names_found(agent, reference) == ["Jo Sample"]
    assert f'data-join="{reference}"' in page.text


def test_found_records_show_hints_and_never_the_whole(agent: Desk) -> None:
    agent.save(POTHOLE, JO, email="jo.sample@example.com", address="1 Sample Street, NG15 7EF")
    page = agent.ask("callers", find="jo sample").text
    assert "number ending 123" in page
    assert "j…@example.com" in page
    assert "NG15" in page
    for whole in ("900123", "900 123", "jo.sample@", "Sample Street", "7EF"):
        assert whole not in page


def test_front_desk_sees_both_councils_records_side_by_side(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    agent.save(BIN, JO)
    page = agent.ask("callers", find="jo sample").text
    assert "Nottinghamshire County Council" in page
    assert "Ashfield District Council" in page


def test_a_councils_own_agent_sees_its_own_records_only(agent: Desk, hire: Hire) -> None:
    agent.save(POTHOLE, JO)
    own = hire(Role.AGENT, email="ash@example.org", authority_gss=ASHFIELD)
    assert names_found(own, "jo sample") == []
    assert own.ask("caller", person=str(person_id(agent))).status_code == 404
    agent.save(BIN, JO)
    assert names_found(own, "jo sample") == ["Jo Sample"]


def test_open_cases_of_the_same_human_at_other_councils_are_offered(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    agent.save(BIN, JO)
    page = agent.ask("caller", person=str(person_id(agent))).text
    for case in agent.cases():
        assert show_reference(case.reference) in page


def test_namesakes_case_is_not_offered(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    agent.save(BIN, name="Jo Sample", phone="07700 900999")
    page = agent.ask("caller", person=str(person_id(agent))).text
    bins = next(c for c in agent.cases() if c.service_slug == "missed-bin")
    assert show_reference(bins.reference) not in page


def test_looking_at_a_record_is_itself_on_record(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    agent.ask("caller", person=str(person_id(agent)))
    with agent.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person-shown-at-desk")).one()
        assert (entry.staff_user_id, entry.subject_id) == (agent.staff_id, person_id(agent))


def test_chosen_record_is_used_again_and_not_doubled(agent: Desk) -> None:
    agent.save(POTHOLE, JO, safe="text")
    agent.save(POTHOLE, person=str(person_id(agent)), safe="text")
    assert agent.count(Person) == 1
    first, second = agent.cases()
    assert first.roles[0].person_id == second.roles[0].person_id
    assert second.roles[0].contact_point_id is not None
    assert agent.messages == 2


def test_record_that_may_not_be_chosen_is_refused_and_nothing_typed_is_lost(agent: Desk, hire: Hire) -> None:
    agent.save(POTHOLE, JO)
    own = hire(Role.AGENT, email="man@example.org", authority_gss=MANSFIELD_GSS)
    page = own.save(POTHOLE, person=str(person_id(agent)))
    assert complaints(page)[0].startswith("That person’s record is not there")
    assert "Large pothole by the Co-op" in page.text
    assert "Jo Sample" not in page.text


# --- without a script -----------------------------------------------------------------------------------------------


def test_find_button_lists_people_and_keeps_what_was_typed(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    page = agent.press("find", {"find": "jo", "m1-text": "half a sentence", "matters": "1"})
    assert page.status_code == 200
    assert f'value="person-{person_id(agent)}"' in page.text
    assert "half a sentence" in page.text


def test_choosing_a_person_shows_their_cases_and_what_they_said_was_safe(agent: Desk) -> None:
    agent.save(POTHOLE, JO, safe=["text", "call"], hours="after six")
    page = agent.press(f"person-{person_id(agent)}", {"m1-text": "half a sentence"})
    assert "Open cases" in page.text
    assert len(re.findall(r'name="safe"[^>]* checked', page.text)) == 2
    assert "after six" in page.text
    assert "half a sentence" in page.text
    back = agent.press("nobody", {"person": str(person_id(agent)), "m1-text": "half a sentence"})
    assert "Open cases" not in back.text
    assert "half a sentence" in back.text


def test_questions_are_added_and_taken_away_without_a_script(agent: Desk) -> None:
    two = agent.press("add-matter", {"m1-text": "first words"})
    assert 'name="m2-about"' in two.text
    assert "first words" in two.text
    one = agent.press("remove-1", {"matters": "2", "m1-text": "first words", "m2-text": "second words"})
    assert 'name="m2-about"' not in one.text
    assert "first words" not in one.text
    assert "second words" in one.text


@pytest.mark.parametrize("button", ["", "nonsense", "remove-99", "remove-x", "join-9-1", "pick-1-nothing", "person-x"])
def test_unknown_buttons_only_show_the_form_again(agent: Desk, button: str) -> None:
    page = agent.press(button, {"m1-text": "half a sentence"})
    assert page.status_code == 200
    assert "half a sentence" in page.text
    assert agent.contacts == 0


def test_page_of_a_pressed_button_opened_again_leads_to_the_form(agent: Desk) -> None:
    assert agent.client.get("/staff/telephone/form").location == "/staff/telephone"


# --- chasers --------------------------------------------------------------------------------------------------------


def test_chaser_is_added_to_the_case_instead_of_a_new_one(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    [case] = agent.cases()
    page = agent.save({"m1-join": show_reference(case.reference), "m1-text": "When will the pothole be mended"}, JO)
    assert complaints(page) == []
    [same] = agent.cases()
    assert same.events[-1].kind is EventKind.CONTACT
    assert same.events[-1].data == {"chaser": True}
    assert agent.count(MatterCase) == 2
    assert "Added to" in page.text


def test_chaser_and_a_new_question_go_in_one_call(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    reference = agent.cases()[0].reference
    bins = {name.replace("m1-", "m2-"): value for name, value in BIN.items()}
    assert complaints(agent.save({"m1-join": reference, "m1-text": "Still there", "matters": "2"}, bins)) == []
    assert len(agent.cases()) == 2


def test_closed_case_is_not_added_to(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    close(agent)
    page = agent.save({"m1-join": agent.cases()[0].reference, "m1-text": "Still there"})
    assert complaints(page) == ["That case is closed. Empty this box to open a new case"]


def close(desk: Desk) -> None:
    from cases.models.case import Case
    from tests.app.doors import NOON

    with desk.writing() as session:
        case = session.scalars(select(Case)).one()
        case.status, case.outcome, case.closed_at = CaseStatus.CLOSED, Outcome.DONE, NOON


# --- a case at the desk ---------------------------------------------------------------------------------------------


def test_case_at_the_desk_says_how_it_stands_and_nothing_of_who_or_what_was_said(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    [case] = agent.cases()
    page = agent.client.get(f"/staff/desk/cases/{show_reference(case.reference)}")
    assert page.status_code == 200
    for there in ("Nottinghamshire County Council", "New", "Reported", show_reference(case.reference)):
        assert there in page.text
    for hidden in ("Jo Sample", "900123", "Large pothole", "Watnall"):
        assert hidden not in page.text
    with agent.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "case-shown-at-desk")).one()
        assert (entry.staff_user_id, entry.subject_id) == (agent.staff_id, case.id)


def add(desk: Desk, reference: str, **fields: str) -> object:
    path = f"/staff/desk/cases/{reference}"
    page = desk.client.get(path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert token
    assert key
    return desk.client.post(
        f"{path}/add", data={"csrf_token": token[1], "key": key[1], **fields}, follow_redirects=True
    )


def test_note_from_the_desk_joins_the_case(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    reference = agent.cases()[0].reference
    page = add(agent, reference, note="Rang again", channel="counter")
    assert "Added to the case" in page.text  # type: ignore[attr-defined]
    assert agent.cases()[0].events[-1].kind is EventKind.CONTACT
    assert agent.contacts == 2


def test_empty_note_is_asked_for_again(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    page = add(agent, agent.cases()[0].reference, note="  ")
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert agent.contacts == 1


def test_case_of_another_council_is_not_there_for_a_councils_own_agent(agent: Desk, hire: Hire) -> None:
    agent.save(POTHOLE, JO)
    own = hire(Role.AGENT, email="ash@example.org", authority_gss=ASHFIELD)
    assert own.client.get(f"/staff/desk/cases/{agent.cases()[0].reference}").status_code == 404


def test_new_pin_works_and_the_old_one_no_longer(agent: Desk, clock: StandingClock) -> None:
    agent.save(POTHOLE, JO)
    [case] = agent.cases()
    path = f"/staff/desk/cases/{case.reference}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', agent.client.get(path).text)
    assert token
    refused = agent.client.post(f"{path}/new-pin", data={"csrf_token": token[1]})
    assert refused.status_code == 422
    assert agent.cases()[0].pin_hash == case.pin_hash
    page = agent.client.post(f"{path}/new-pin", data={"csrf_token": token[1], "verified": "yes"})
    found = re.search(r'slip__pin">(\d{3}) (\d{3})<', page.text)
    assert found
    with agent.app.app_context():
        from app.wiring import the_kit

        now_kept = agent.cases()[0].pin_hash
        assert the_kit().sealer.matches(now_kept, "pin", case.reference, found[1] + found[2])
    assert now_kept != case.pin_hash
    assert found[1] + " " + found[2] not in agent.client.get(path).text
    with agent.reading() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "new-pin-given")).one()


def test_record_shown_by_a_form_that_came_back_is_on_record_too_once_a_call(agent: Desk) -> None:
    agent.save(POTHOLE, JO)
    known = str(person_id(agent))
    agent.press("find", {"person": known})
    agent.save(POTHOLE, {"person": known, "phone": "12"})
    with agent.reading() as session:
        shown = session.scalars(select(AuditEntry).where(AuditEntry.action == "person-shown-at-desk")).all()
        assert len(shown) == 2  # each form is a call of its own


def test_person_who_is_not_there_loses_nothing_typed(agent: Desk) -> None:
    page = agent.press("person-99999", {"m1-text": "half a sentence"})
    assert page.status_code == 200
    assert "half a sentence" in page.text
