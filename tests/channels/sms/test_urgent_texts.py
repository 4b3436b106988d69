"""Texts that tell of danger: advice first, silence where it must be, and a hand-over in any case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.case import CaseStatus
from cases.models.urgent import UrgentHandover, UrgentStage
from cases.references import show_reference
from tests.cases.places import IN_ASHFIELD
from tests.channels.conftest import Phone

MakePhone = Callable[..., Phone]


def handovers(session: Session) -> list[UrgentHandover]:
    return list(session.scalars(select(UrgentHandover).order_by(UrgentHandover.id)))


def test_danger_for_another_body_is_advised_and_handed_over(phone: MakePhone, session: Session) -> None:
    answer = phone().texts("I can smell gas")
    assert (answer or "").startswith("Go outside and ring the gas emergency line on 0800 111 999")
    [handover] = handovers(session)
    assert (handover.case_id, handover.stage) == (phone().case().id, UrgentStage.SUPERVISOR)


@pytest.mark.parametrize("body", ["my husband hits me", "a child is being hit next door", "nowhere to sleep tonight"])
def test_silence_to_the_phone_does_not_hold_up_the_hand_over(phone: MakePhone, session: Session, body: str) -> None:
    assert phone().texts(body) is None
    assert len(handovers(session)) == 1


def test_danger_texted_about_ones_own_case_gets_its_advice_first(phone: MakePhone, session: Session) -> None:
    phone().texts(f"pothole {IN_ASHFIELD}")
    case = phone().case()
    answer = phone().texts(f"{show_reference(case.reference)} cars are swerving now")
    assert (answer or "").startswith("Stay out of the road.")
    assert [handover.case_id for handover in handovers(session)] == [case.id]


def test_danger_in_the_middle_of_a_question_is_handed_over_and_stays_open(phone: MakePhone, session: Session) -> None:
    phone().texts("bin not emptied")
    answer = phone().texts("the house is on fire")
    assert (answer or "").startswith("If a life is in danger ring 999")
    [handover] = handovers(session)
    assert handover.case_id == phone().case().id
    assert phone().case().status is not CaseStatus.CLOSED
