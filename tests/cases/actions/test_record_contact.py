"""One action for every door: contact, matters, cases, people, words and acknowledgements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.actions.given import NewMatter, PlaceGiven
from cases.actions.kit import Kit
from cases.actions.record_contact import record_contact
from cases.errors import RuleError
from cases.models import (
    Case,
    CaseRole,
    CaseStatus,
    Channel,
    Contact,
    Event,
    EventKind,
    InboxItem,
    MatterOutcome,
    Openness,
    Person,
    PlaceKind,
    RoleKind,
    TriageDecision,
    Words,
    WordsKind,
)
from cases.references import is_reference
from tests.cases.contacts import PHONE, contact, matter, messages, open_one, person, place, record
from tests.cases.places import AGENT, ASHFIELD, COUNTY, IN_ASHFIELD, IN_JERSEY, IN_LONDON, NOON


def count(session: Session, model: type) -> int:
    session.flush()
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.PHONE, Channel.SMS, Channel.COUNTER], ids=str)
def test_each_door_makes_the_same_case_in_the_right_queue(session: Session, kit: Kit, channel: Channel) -> None:
    case = open_one(session, kit, channel=channel)
    assert case.queue.slug == "nottinghamshire-highways"
    assert (case.authority_gss, case.controller_gss) == (COUNTY, COUNTY)
    assert case.status is CaseStatus.NEW
    assert case.opened_by_channel is channel
    assert is_reference(case.reference)
    assert case.due_at > NOON
    assert case.place is not None and case.place.district_gss == ASHFIELD
    assert [event.kind for event in case.events if event.kind is not EventKind.MESSAGE] == [
        EventKind.OPENED,
        EventKind.DECIDED,
    ]


def test_the_decision_is_kept_with_the_case_and_its_reasons(session: Session, kit: Kit) -> None:
    case = open_one(session, kit)
    (decision,) = case.decisions
    assert (decision.rule, decision.authority_gss, decision.queue_slug) == ("tier:county", COUNTY, case.queue.slug)
    assert decision.data_version == kit.triage.data_version
    assert decision.reasons["public"] and decision.reasons["staff"]
    assert decision.decided_by_id is None and decision.correction_code is None


def test_the_pin_is_given_once_and_kept_only_as_a_seal(session: Session, kit: Kit) -> None:
    (result,) = record(session, kit).results
    assert result.case is not None and result.pin is not None
    assert result.pin not in (result.case.pin_hash or "")
    assert kit.sealer.matches(result.case.pin_hash, "pin", result.case.reference, result.pin)


def test_events_are_numbered_without_gaps(session: Session, kit: Kit) -> None:
    case = open_one(session, kit)
    for _ in range(3):
        record(session, kit, matter(join_case_id=case.id))
    session.expire(case, ["events"])
    assert [event.seq for event in case.events] == list(range(1, case.last_event_seq + 1))


# --- several matters ------------------------------------------------------------------------------------------------


def test_two_matters_become_two_cases_and_a_person_record_for_each_council(session: Session, kit: Kit) -> None:
    recorded = record(session, kit, matter(), matter("missed-bin", text="Bin left full"))
    assert [case.authority_gss for case in recorded.cases] == [COUNTY, ASHFIELD]
    people = [case.roles[0].person for case in recorded.cases]
    assert people[0].id != people[1].id
    assert [p.controller_gss for p in people] == [COUNTY, ASHFIELD]
    assert [p.contact_points[0].controller_gss for p in people] == [COUNTY, ASHFIELD]
    assert [m.position for m in recorded.contact.matters] == [1, 2]


def test_one_text_with_two_matters_becomes_two_cases(session: Session, kit: Kit) -> None:
    text = f"My bin was not emptied and the street light is out at {IN_ASHFIELD}"
    recorded = record(session, kit, NewMatter(text=text), channel=Channel.SMS)
    assert [case.queue.slug for case in recorded.cases] == ["ashfield-waste", "nottinghamshire-highways"]


def test_what_was_said_in_private_is_not_shown_to_those_who_empty_the_bins(session: Session, kit: Kit) -> None:
    text = f"My recycling was not picked up at {IN_ASHFIELD} and I have become homeless, my husband drinks"
    recorded = record(session, kit, NewMatter(text=text), channel=Channel.SMS)
    by_privacy = {case.is_sensitive: case for case in recorded.cases}
    assert set(by_privacy) == {True, False}
    said = {case.id: case.events[0].words.text for case in recorded.cases if case.events[0].words}
    assert "husband" in (said[by_privacy[True].id] or "")
    assert "husband" not in (said[by_privacy[False].id] or "")


# --- people ---------------------------------------------------------------------------------------------------------


def test_the_same_person_with_the_same_phone_is_one_record(session: Session, kit: Kit) -> None:
    first, second = open_one(session, kit), open_one(session, kit)
    assert first.roles[0].person_id == second.roles[0].person_id
    assert count(session, Person) == 1


@pytest.mark.parametrize("other", [{"name": "Bob Example"}, {"phone": "+447700900999"}], ids=["name", "phone"])
def test_another_name_or_phone_is_another_record(session: Session, kit: Kit, other: dict[str, str]) -> None:
    open_one(session, kit)
    open_one(session, kit, person=person(**other))
    assert count(session, Person) == 2


def test_a_bare_phone_is_not_matched_to_a_phone_that_is_shared(session: Session, kit: Kit) -> None:
    open_one(session, kit, person=person(phone_is_shared=True))
    open_one(session, kit, person=person(name=None))
    assert count(session, Person) == 2


def test_a_person_staff_chose_is_known_to_the_next_council_under_a_record_of_its_own(
    session: Session, kit: Kit
) -> None:
    known = open_one(session, kit).roles[0].person
    case = open_one(session, kit, matter("missed-bin"), person=person(person_id=known.id, name=None, phone=None))
    twin = case.roles[0].person
    assert (twin.id != known.id, twin.controller_gss, twin.name) == (True, ASHFIELD, known.name)
    assert [point.value for point in twin.contact_points] == [PHONE]


def test_an_anonymous_reporter_leaves_no_person(session: Session, kit: Kit) -> None:
    recorded = record(session, kit, openness=Openness.ANONYMOUS)
    assert recorded.contact.person_id is None
    assert recorded.cases[0].roles == []
    assert count(session, Person) == 0
    assert messages(session) == []


def test_a_confidential_reporter_is_kept_as_confidential(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, openness=Openness.CONFIDENTIAL, role=RoleKind.WITNESS)
    assert (case.roles[0].openness, case.roles[0].role) == (Openness.CONFIDENTIAL, RoleKind.WITNESS)


@pytest.mark.parametrize("nobody", [None, person(name=None, phone=None)], ids=["none", "empty"])
def test_nobody_leaves_no_person(session: Session, kit: Kit, nobody: object) -> None:
    assert open_one(session, kit, person=nobody).roles == []


# --- other ends -----------------------------------------------------------------------------------------------------


def test_a_chaser_joins_the_open_case_instead_of_opening_one(session: Session, kit: Kit) -> None:
    case = open_one(session, kit)
    later = NOON + timedelta(days=3)
    (result,) = record(session, kit, matter(join_case_id=case.id, text="Any news?"), received_at=later).results
    assert result.is_chaser and result.case is case
    assert result.matter.outcome is MatterOutcome.ADDED_TO_CASE
    assert count(session, Case) == 1
    session.expire(case, ["events"])
    last = case.events[-1]
    assert (last.kind, last.data, last.at) == (EventKind.CONTACT, {"chaser": True}, later)
    assert last.words is not None and last.words.text == "Any news?"


def test_two_matters_of_one_contact_may_join_the_same_case(session: Session, kit: Kit) -> None:
    case = open_one(session, kit)
    record(session, kit, matter(join_case_id=case.id), matter(join_case_id=case.id))
    session.expire(case, ["events"])
    assert [event.seq for event in case.events] == list(range(1, len(case.events) + 1))


def test_somebody_else_who_chases_is_a_follower(session: Session, kit: Kit) -> None:
    case = open_one(session, kit)
    record(session, kit, matter(join_case_id=case.id), person=person(name="Bob Example"))
    roles = session.scalars(select(CaseRole.role).where(CaseRole.case_id == case.id).order_by(CaseRole.id)).all()
    assert roles == [RoleKind.REPORTER, RoleKind.FOLLOWER]


def test_a_case_that_is_gone_cannot_be_joined(session: Session, kit: Kit) -> None:
    with pytest.raises(RuleError) as refused:
        record(session, kit, matter(join_case_id=999))
    assert refused.value.field == "case"


def test_information_given_is_recorded_and_opens_no_case(session: Session, kit: Kit) -> None:
    (result,) = record(session, kit, matter(ends="information-given")).results
    assert result.case is None
    assert result.matter.outcome is MatterOutcome.INFORMATION_GIVEN
    assert count(session, TriageDecision) == 1


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (matter(place=place(IN_LONDON)), "E09000033"),
        (matter(place=place(IN_JERSEY)), "L99999999"),
        (matter("flooding", answers={"flood-source": "water-main"}), "water-severn-trent"),
        (NewMatter(text="I need to renew my passport"), "hm-passport-office"),
    ],
    ids=["london", "jersey", "water", "passport"],
)
def test_what_is_another_bodys_is_signposted(session: Session, kit: Kit, new: NewMatter, code: str) -> None:
    (result,) = record(session, kit, new).results
    assert result.case is None
    assert (result.matter.outcome, result.matter.signpost) == (MatterOutcome.SIGNPOSTED, code)
    assert result.decision.outside is not None


@pytest.mark.parametrize(
    ("new", "needs"),
    [
        (matter(place=None), "place"),
        (matter("no-such-service", text="xyzzy"), "service"),
        (matter("complaint"), "council"),
        (matter("tree-problem"), "answer"),
        (matter(place=place("XX1 1XX")), "place"),
        (matter(place=place("AB11 3AG")), "address"),
        (NewMatter(text="яма на дороге"), "service"),
        (NewMatter(text="😀 " * 10 + "xyzzy " * 2_000), "service"),
    ],
    ids=["place", "service", "council", "answer", "unknown-postcode", "no-district", "cyrillic", "10000-characters"],
)
def test_what_cannot_be_decided_waits_at_the_front_desk_with_its_one_question(
    session: Session, kit: Kit, new: NewMatter, needs: str
) -> None:
    case = open_one(session, kit, new)
    assert case.queue.slug == "front-desk"
    assert (case.authority_gss, case.controller_gss, case.status) == (None, None, CaseStatus.WAITING)
    assert case.decisions[0].needs == needs
    assert case.events[0].words is not None and case.events[0].words.text == new.text


def test_noise_opens_no_case_but_is_recorded(session: Session, kit: Kit) -> None:
    (result,) = record(session, kit, NewMatter(text="thanks"), channel=Channel.SMS).results
    assert (result.case, result.matter.outcome) == (None, MatterOutcome.NO_ACTION)
    assert count(session, Contact) == 1


def test_a_place_in_words_is_kept_as_said_beside_what_was_matched(session: Session, kit: Kit) -> None:
    said = PlaceGiven(kind=PlaceKind.LANDMARK, said="by the church in Hucknall")
    case = open_one(session, kit, matter(place=said))
    assert case.queue.slug == "nottinghamshire-highways"
    assert case.place is not None
    assert (case.place.said, case.place.district_gss) == ("by the church in Hucknall", ASHFIELD)


# --- staff overrule -------------------------------------------------------------------------------------------------


def test_staff_may_overrule_triage_on_the_spot_and_it_is_kept_as_a_correction(session: Session, kit: Kit) -> None:
    new = matter(queue="ashfield-streets", correction_code="wrong-service")
    case = open_one(session, kit, new, channel=Channel.PHONE, staff_user_id=AGENT)
    assert (case.queue.slug, case.authority_gss) == ("ashfield-streets", ASHFIELD)
    (decision,) = case.decisions
    assert (decision.rule, decision.correction_code, decision.decided_by_id) == (
        "staff:overruled",
        "wrong-service",
        AGENT,
    )
    assert any("it would have been Nottinghamshire County Council" in reason for reason in decision.reasons["staff"])


def test_a_queue_that_does_not_exist_is_refused_beside_its_field(session: Session, kit: Kit) -> None:
    with pytest.raises(RuleError) as refused:
        record(session, kit, matter(queue="no-such-queue", correction_code="wrong-service"))
    assert refused.value.field == "queue"


# --- repeats and words ----------------------------------------------------------------------------------------------


def test_a_form_sent_twice_is_one_contact_and_one_case(session: Session, kit: Kit) -> None:
    first = record(session, kit, submission_key="k1")
    again = record(session, kit, submission_key="k1")
    assert again.repeated and again.contact.id == first.contact.id
    assert count(session, Case) == 1


def test_a_message_delivered_twice_is_one_contact_whatever_form_key_it_has(session: Session, kit: Kit) -> None:
    item = InboxItem(provider="twilio", provider_id="SM1", kind="sms", received_at=NOON, payload=b"")
    session.add(item)
    session.flush()
    first = record(session, kit, inbox_item_id=item.id)
    again = record(session, kit, inbox_item_id=item.id, submission_key="another")
    assert again.repeated and again.contact.id == first.contact.id


def test_a_reference_already_given_is_drawn_again(
    session: Session, kit: Kit, kit_drawing: Callable[[object], Kit]
) -> None:
    class SameTwice:
        """Draws the same numbers again, and only later others."""

        def __init__(self) -> None:
            self.drawn = 0

        def randrange(self, start: int, stop: int) -> int:
            self.drawn += 1
            return start + (7 if self.drawn <= 9 else self.drawn) % (stop - start)

    repeating = kit_drawing(SameTwice())
    references = {open_one(session, repeating).reference for _ in range(3)}
    assert len(references) == 3
    assert count(session, Case) == 3
    assert all(case.events[0].seq == 1 for case in session.scalars(select(Case)))


SECRET = "the words nobody else may keep"


def test_what_was_said_lives_in_rows_of_its_own_only(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(text=SECRET, answers={"size": SECRET, "note": SECRET}))
    kept = session.scalars(select(Words).where(Words.text == SECRET)).all()
    assert sorted(words.kind for words in kept) == [WordsKind.ANSWER, WordsKind.ANSWER, WordsKind.SAID]
    assert {words.controller_gss for words in kept} == {COUNTY}
    assert all(set(value) == {"words"} for value in case.answers.values())
    for event in session.scalars(select(Event)):
        assert SECRET not in str(event.data)
    for decision in session.scalars(select(TriageDecision)):
        assert SECRET not in str(decision.reasons)


def test_a_choice_is_kept_as_its_code(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter("tree-problem", answers={"tree-where": "roadside"}))
    assert case.answers == {"tree-where": "roadside"}


def test_received_at_counts_and_not_the_moment_of_recording(session: Session, kit: Kit) -> None:
    given = contact(received_at=NOON - timedelta(days=1))
    (case,) = record_contact(session, kit, given, now=NOON).cases
    assert case.received_at == NOON - timedelta(days=1)
    assert case.updated_at == NOON
