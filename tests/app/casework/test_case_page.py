from __future__ import annotations

from dataclasses import replace

from cases.actions.given import PlaceGiven
from cases.models.place import PlaceKind
from tests.app.casework.conftest import ASHFIELD, NewCase, SignedIn, person_given
from tests.app.casework.pages import fields_of, send
from tests.cases.places import GEDLING


def test_the_page_says_what_where_when_and_whose(officer: SignedIn, new_case: NewCase) -> None:
    case = new_case(answers={"pothole-depth": "deep"})
    page = officer().get(case.path)
    assert page.status_code == 200
    shown = ("Pothole or broken road surface", "High Street", "Mary Example", "07700 900123", "Large pothole outside")
    asked = ("How deep is it?", "A golf ball would sit below", "Nottinghamshire County Council", "Nobody yet")
    for words in shown + asked:
        assert words in page.text, words


def test_a_place_near_a_boundary_is_flagged_to_the_council_that_has_the_case(
    officer: SignedIn, new_case: NewCase
) -> None:
    on_edge = PlaceGiven(PlaceKind.STREET, said="Main Street", postcode="NG15 8JL", street="Main Street")
    case = new_case(service="missed-bin", text="Not emptied", place=on_edge, council=None)
    page = " ".join(officer(GEDLING, name="Gill Officer").get(case.path).text.split())
    assert "Check where it is first." in page
    assert "NG15 8JL lies close to the edge of Gedling: some of it may be in Ashfield." in page
    settled = new_case(service="missed-bin", text="Not emptied", place=replace(on_edge, district=GEDLING), council=None)
    assert "Check where it is first." not in officer(GEDLING, name="Gus Officer").get(settled.path).text


def test_taking_a_case_makes_it_yours_and_in_progress(officer: SignedIn, new_case: NewCase) -> None:
    case, client = new_case(), officer()
    assert send(client, case.path, "/take").status_code == 302
    page = client.get(case.path)
    assert "You have taken this case" in page.text
    assert "Put it back" in page.text
    assert "In progress" in page.text
    assert "Pothole" in client.get("/staff/").text


def test_a_note_is_kept_and_shown(officer: SignedIn, new_case: NewCase) -> None:
    case, client = new_case(), officer()
    send(client, case.path, "/note", note="Rang the contractor <b>twice</b>")
    assert "Rang the contractor &lt;b&gt;twice&lt;/b&gt;" in client.get(case.path).text


def test_an_empty_note_is_refused_beside_its_field(officer: SignedIn, new_case: NewCase) -> None:
    case, client = new_case(), officer()
    answer = send(client, case.path, "/note", note="  ")
    assert answer.status_code == 422
    assert 'href="#note"' in answer.text
    assert "<title>Error:" in " ".join(answer.text.split()).replace("> ", ">")


def test_handing_over_leaves_a_stub_and_moves_all_of_it(officer: SignedIn, new_case: NewCase) -> None:
    case, county, ashfield = new_case(), officer(), officer(ASHFIELD, name="Ben Officer")
    answer = send(
        county, case.path, "/hand-over", f"{case.path}/hand-over",
        queue="ashfield-streets", reason="other-councils-job", words="It is a car park of yours",
    )  # fmt: skip
    assert answer.status_code == 302
    assert county.get(case.path).status_code == 404
    stub = county.get("/staff/handed-over").text
    assert case.reference[:4] in stub
    assert "Ashfield District Council" in stub
    assert "Mary" not in stub
    received = ashfield.get(case.path).text
    assert "It is a car park of yours" in received
    assert "Mary Example" in received
    assert "Corrected" in received


def test_closing_tells_the_customer_where_that_is_safe(officer: SignedIn, new_case: NewCase) -> None:
    case, client = new_case(), officer()
    answer = send(client, case.path, "/close", f"{case.path}/close", outcome="done", reason="Filled on Monday")
    assert answer.status_code == 302
    page = client.get(case.path).text
    assert "Closed: done" in page
    assert "Filled on Monday" in page
    assert send(client, case.path, "/reopen").status_code == 302
    assert "Reopened" in client.get(case.path).text


def test_a_message_goes_once_and_shows_its_state(officer: SignedIn, new_case: NewCase) -> None:
    case, client = new_case(), officer()
    assert send(client, case.path, "/message", message="We come on Friday").status_code == 302
    page = client.get(case.path).text
    assert "We come on Friday" in page
    assert "waiting to be sent" in page


def test_a_message_that_is_not_safe_is_not_offered(officer: SignedIn, new_case: NewCase) -> None:
    from cases.actions.given import SafeWays

    case = new_case(person=person_given(safe=SafeWays()))
    page = officer().get(case.path).text
    assert "No message can be sent from here" in page
    assert "did not say that it is safe" in page


def test_what_was_typed_stays_when_somebody_else_was_first(officer: SignedIn, new_case: NewCase) -> None:
    case, ada, ben = new_case(), officer(), officer(name="Ben Officer")
    opened = ben.get(case.path)
    send(ada, case.path, "/note", note="I am on it")
    typed = fields_of(opened, "/message") | {"message": "We will come on Friday"}
    answer = ben.post(f"{case.path}/message", data=typed)
    assert answer.status_code == 409
    assert "I am on it" in answer.text
    assert "We will come on Friday" in answer.text
    again = fields_of(answer, "/message") | {"message": "We will come on Friday"}
    assert ben.post(f"{case.path}/message", data=again).status_code == 302
