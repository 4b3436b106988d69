"""Nothing goes by itself about a sensitive case, and nothing goes a way that was not said to be safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from cases.actions.casework import close_case, message_customer, reopen_case, take_case
from cases.actions.given import NewMatter, SafeWays
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, decide_again, enquiry_of, hand_over
from cases.actions.open_case import queue_by_slug
from cases.actions.outgoing import queue_message
from cases.catalogue.loader import load_catalogue
from cases.errors import RuleError
from cases.models import Case, Channel, ContactPoint, Outcome
from tests.cases.contacts import ALL_SAFE, EMAIL, PHONE, matter, messages, open_one, person, place, record
from tests.cases.places import AGENT, ASHFIELD_OFFICER, COUNTY_OFFICER, IN_ASHFIELD, NOON, TODAY

SENSITIVE = sorted(s.slug for s in load_catalogue().services.values() if s.sensitive)
DOORS = [Channel.WEB, Channel.PHONE, Channel.SMS, Channel.COUNTER]


def test_the_catalogue_knows_what_is_sensitive() -> None:
    needed = {"domestic-abuse", "adult-safeguarding", "child-protection", "homelessness", "report-fraud"}
    assert needed | {"mental-health-support"} <= set(SENSITIVE)


@pytest.mark.parametrize("channel", DOORS, ids=str)
@pytest.mark.parametrize("service", SENSITIVE)
def test_a_sensitive_case_is_silent_has_no_pin_and_is_marked(
    session: Session, kit: Kit, service: str, channel: Channel
) -> None:
    recorded = record(session, kit, matter(service), channel=channel, person=person(email=EMAIL))
    (result,) = recorded.results
    assert result.case is not None and result.case.is_sensitive
    assert result.pin is None and result.case.pin_hash is None
    assert messages(session) == []


def hand_over_to_another(session: Session, kit: Kit, case: Case) -> None:
    queue = queue_by_slug(session, "mansfield-housing-options")
    assert queue is not None
    hand_over(session, kit, case, COUNTY_OFFICER, queue, HandoverReason.WRONG_PLACE, "It is in Mansfield", NOON)
    take_case(session, case, ASHFIELD_OFFICER, NOON)  # accepting is when the customer hears


def close(session: Session, kit: Kit, case: Case) -> None:
    close_case(session, kit, case, COUNTY_OFFICER, Outcome.DONE, "All is well", NOON)


def close_and_reopen(session: Session, kit: Kit, case: Case) -> None:
    close(session, kit, case)
    reopen_case(session, case, COUNTY_OFFICER, NOON)


def chase(session: Session, kit: Kit, case: Case) -> None:
    record(session, kit, matter(join_case_id=case.id), channel=Channel.WEB)


def decide(session: Session, kit: Kit, case: Case) -> None:
    decide_again(session, kit, case, enquiry_of(session, case, TODAY), NOON, None)


def acknowledge(session: Session, kit: Kit, case: Case) -> None:
    queue_message(session, case, "acknowledgement", "We have it", "k", NOON)


def ask_question(session: Session, kit: Kit, case: Case) -> None:
    queue_message(session, case, "question", "Where is it?", "k", NOON)


ACTS = [hand_over_to_another, close, close_and_reopen, chase, decide, acknowledge, ask_question]


@pytest.mark.parametrize("channel", DOORS, ids=str)
@pytest.mark.parametrize("act", ACTS)
def test_nothing_that_is_done_to_a_sensitive_case_sends_anything_by_itself(
    session: Session, kit: Kit, act: Callable[[Session, Kit, Case], None], channel: Channel
) -> None:
    case = open_one(session, kit, matter("adult-safeguarding"), channel=channel, person=person(email=EMAIL))
    act(session, kit, case)
    assert messages(session) == []


@pytest.mark.parametrize("act", [hand_over_to_another, close, acknowledge, ask_question])
def test_the_same_done_to_an_everyday_case_does_send(
    session: Session, kit: Kit, act: Callable[[Session, Kit, Case], None]
) -> None:
    case = open_one(session, kit, channel=Channel.SMS)
    before = len(messages(session))
    act(session, kit, case)
    assert len(messages(session)) == before + 1


def test_a_person_may_write_about_a_sensitive_case_by_a_way_that_is_safe(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter("homelessness", council="ashfield"))
    message = message_customer(session, case, ASHFIELD_OFFICER, "Come and see us", "k", NOON)
    assert (message.to_value, message.channel, message.written_by_id) == (PHONE, Channel.SMS, ASHFIELD_OFFICER)


def test_what_may_well_be_sensitive_is_not_acknowledged(session: Session, kit: Kit) -> None:
    new = NewMatter(text="I am worried about fraud, my neighbour claims benefits", place=place())
    case = open_one(session, kit, new)
    assert case.queue.slug == "front-desk"
    assert messages(session) == []


# --- safe ways ------------------------------------------------------------------------------------------------------

WAYS = [
    ("phone-safe", {"email": None}, SafeWays(text=True), (Channel.SMS, PHONE)),
    ("phone-only-for-calls", {"email": None}, SafeWays(call=True, voicemail=True), None),
    ("nothing-said", {"email": EMAIL}, SafeWays(), None),
    ("email-safe", {"email": EMAIL}, SafeWays(email=True), (Channel.EMAIL, EMAIL)),
    ("both-safe", {"email": EMAIL}, SafeWays(text=True, email=True), (Channel.SMS, PHONE)),
    ("email-only", {"phone": None, "email": EMAIL}, SafeWays(text=True, email=True), (Channel.EMAIL, EMAIL)),
    ("no-way", {"phone": None}, ALL_SAFE, None),
]


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.PHONE, Channel.COUNTER], ids=str)
@pytest.mark.parametrize(("given", "safe", "sent"), [w[1:] for w in WAYS], ids=[w[0] for w in WAYS])
def test_an_acknowledgement_goes_by_a_safe_way_or_not_at_all(
    session: Session, kit: Kit, given: dict[str, str], safe: SafeWays, sent: object, channel: Channel
) -> None:
    open_one(session, kit, channel=channel, person=person(safe=safe, **given))
    gone = [(message.channel, message.to_value) for message in messages(session)]
    assert gone == ([sent] if sent else [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"safe": SafeWays()}, "did not say that it is safe"),
        ({"safe": SafeWays(email=True)}, "did not say that it is safe"),
        ({"phone": None}, "left no phone number"),
    ],
    ids=["nothing-safe", "another-way-safe", "no-way"],
)
def test_staff_are_told_why_a_message_cannot_go(
    session: Session, kit: Kit, given: dict[str, object], words: str
) -> None:
    case = open_one(session, kit, person=person(**given))
    with pytest.raises(RuleError, match=words) as refused:
        message_customer(session, case, COUNTY_OFFICER, "Hello", "k", NOON)
    assert refused.value.field == "message"
    assert messages(session) == []


def test_who_has_told_us_to_stop_gets_nothing(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, channel=Channel.SMS)
    point = session.get_one(ContactPoint, case.roles[0].contact_point_id)
    point.opted_out_at = NOON
    close(session, kit, case)
    assert messages(session) == []
    with pytest.raises(RuleError, match="told us to stop"):
        message_customer(session, case, COUNTY_OFFICER, "Hello", "k", NOON)


def test_what_was_said_last_about_safety_holds(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, channel=Channel.SMS)
    open_one(session, kit, channel=Channel.SMS, person=person(safe=SafeWays()))
    close(session, kit, case)
    assert messages(session) == []


def test_the_same_message_is_written_once(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, channel=Channel.SMS)
    first = message_customer(session, case, COUNTY_OFFICER, "Hello", "the-same", NOON)
    again = message_customer(session, case, COUNTY_OFFICER, "Hello", "the-same", NOON)
    assert first.id == again.id
    assert len(messages(session)) == 1


def test_a_text_that_would_be_cut_off_is_refused(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, channel=Channel.SMS)
    with pytest.raises(RuleError, match="1,600 characters"):
        message_customer(session, case, COUNTY_OFFICER, "x" * 1_601, "k", NOON)


def test_an_acknowledgement_names_council_reference_and_service_and_no_person(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, staff_user_id=AGENT, channel=Channel.PHONE)
    (message,) = messages(session)
    text = message.words.text or ""
    shown = f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"
    assert "Nottinghamshire County Council" in text and shown in text and "Pothole" in text
    assert "Ann" not in text and IN_ASHFIELD not in text
    assert message.dedupe_key == f"ack:{case.id}"


def test_a_place_of_safety_is_not_needed_to_be_silent(session: Session, kit: Kit) -> None:
    new = replace(matter("domestic-abuse"), place=None)
    assert open_one(session, kit, new).is_sensitive
    assert messages(session) == []
