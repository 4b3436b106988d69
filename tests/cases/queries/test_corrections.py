"""What there is to learn from: people's words and the service that staff put them under in the end."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.handover_answers import Passing
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.settle_by_key import settle_by_key
from cases.actions.settle_case import Learnt, settle_case
from cases.models import Case, Channel, Matter, Words
from cases.queries.corrections import corrections
from cases.triage.learning import Correction
from tests.cases.actions.test_moving import queue
from tests.cases.contacts import matter, open_one
from tests.cases.places import AGENT, COUNTY_OFFICER, NOON

UNCLEAR = "xyzzy frobnitz quux"
LEARNED = Correction(UNCLEAR, "fly-tipping")


def unclear(session: Session, kit: Kit) -> Case:
    return open_one(session, kit, matter(None, text=UNCLEAR), channel=Channel.WEB)


def pass_on(session: Session, kit: Kit, case: Case, reason: HandoverReason, service: str | None) -> None:
    to = queue(session, "ashfield-streets")
    hand_over(session, kit, case, COUNTY_OFFICER, to, reason, "Rubbish", NOON, passing=Passing(service=service))


def test_what_the_front_desk_settled_by_a_key_is_learned_from(session: Session, kit: Kit) -> None:
    case = unclear(session, kit)
    assert corrections(session) == []
    settle_by_key(session, kit, case, AGENT, "fly-tipping", NOON)
    assert corrections(session) == [LEARNED]


def test_so_is_what_it_settled_on_the_case_page(session: Session, kit: Kit) -> None:
    settle_case(session, kit, unclear(session, kit), AGENT, Learnt(service="fly-tipping", where="NG15 7AA"), NOON)
    assert corrections(session) == [LEARNED]


def test_a_place_alone_teaches_nothing(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(text=UNCLEAR, place=None), channel=Channel.WEB)
    settle_case(session, kit, case, AGENT, Learnt(where="NG15 7AA"), NOON)
    assert corrections(session) == []


def test_a_hand_over_of_what_was_taken_for_another_service_is_learned_from(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(text=UNCLEAR), channel=Channel.WEB)
    pass_on(session, kit, case, HandoverReason.WRONG_SERVICE, "fly-tipping")
    assert corrections(session) == [LEARNED]


@pytest.mark.parametrize(
    ("reason", "service"),
    [(HandoverReason.WRONG_SERVICE, None), (HandoverReason.OTHER_COUNCILS_JOB, "fly-tipping")],
    ids=["nobody-said-which", "another-reason"],
)
def test_other_hand_overs_teach_nothing(
    session: Session, kit: Kit, reason: HandoverReason, service: str | None
) -> None:
    pass_on(session, kit, open_one(session, kit, matter(text=UNCLEAR), channel=Channel.WEB), reason, service)
    assert corrections(session) == []


def test_what_was_taken_down_under_a_service_that_was_wrong_is_not_learned(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(text=UNCLEAR), channel=Channel.PHONE, staff_user_id=AGENT)
    assert corrections(session) == [Correction(UNCLEAR, "pothole")]
    pass_on(session, kit, case, HandoverReason.WRONG_SERVICE, "fly-tipping")
    assert corrections(session) == [LEARNED]


def test_nothing_sensitive_and_nothing_removed_is_ever_learned_from(session: Session, kit: Kit) -> None:
    case = unclear(session, kit)
    settle_by_key(session, kit, case, AGENT, "fly-tipping", NOON)
    case.is_sensitive = True
    assert corrections(session) == []
    case.is_sensitive = False
    words_id = session.scalar(select(Matter.words_id).limit(1))
    session.get_one(Words, words_id).blank(NOON)
    assert corrections(session) == []
