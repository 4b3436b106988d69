"""Refusing a case that was handed over, and the arbiter's word where two refused or nobody answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from cases.actions.handover_answers import (
    MOST_REFUSALS,
    Passing,
    count_refusals,
    open_arbitration,
    open_for_arbiter,
    waiting_answer,
)
from cases.actions.kit import Kit
from cases.actions.move_case import give
from cases.actions.timeline import add_event, keep_words
from cases.errors import ConflictError, RuleError
from cases.models.authority import Queue
from cases.models.case import Case, EventKind
from cases.models.handover import AnswerState, Arbitration, ArbitrationCause
from cases.models.words import WordsKind

ARBITER = "arbiter"


class RefusalReason(StrEnum):
    NOT_OUR_SERVICE = "not-our-service"
    NOT_OUR_AREA = "not-our-area"
    AGREEMENT_SAYS_OTHERWISE = "agreement-says-otherwise"
    NOT_ENOUGH_KNOWN = "not-enough-known"


def refuse(
    session: Session, kit: Kit, case: Case, staff_id: int, reason: RefusalReason, words: str, now: datetime
) -> Arbitration | None:
    """Give a case back to where it came from; the second refusal in a case also puts it before the arbiter.

    Raises ConflictError when there is nothing to refuse (any more), RuleError without words.
    """
    answer = waiting_answer(session, case)
    if answer is None or not case.is_open:
        late = open_arbitration(session, case) is not None
        raise ConflictError(
            "The time to answer is over: the supervisors of the front desk decide now. You can still take it."
            if late
            else "There is nothing to refuse: your council has accepted this case, or was given it for good."
        )
    if not words.strip():
        raise RuleError("words", "Say why, so that who gets it back need not ask.")
    answer.state, answer.reason_code = AnswerState.REFUSED, reason.value
    answer.answered_at, answer.answered_by_id = now, staff_id
    session.flush()
    back = Passing(is_refusal=True)
    moved = give(session, kit, case, staff_id, answer.from_queue, reason.value, words, now, back, tell=False)
    answer.words_id = moved.words_id
    if count_refusals(session, case) < MOST_REFUSALS:
        return None
    open_for_arbiter(session, case, ArbitrationCause.REFUSED_TWICE, now)
    return open_arbitration(session, case)


def arbitrate(
    session: Session, kit: Kit, case: Case, staff_id: int, to_queue: Queue, words: str, now: datetime
) -> None:
    """Name the council that has the case. It cannot refuse. Raises ConflictError when it is settled already."""
    arbitration = open_arbitration(session, case)
    if arbitration is None or not case.is_open:
        raise ConflictError("This case has been settled already.")
    if to_queue.authority_gss is None:
        raise RuleError("queue", "Choose the council that has to deal with it.")
    if not words.strip():
        raise RuleError("words", "Say why, so that both councils understand it.")
    arbitration.ended_at, arbitration.decided_by_id = now, staff_id
    arbitration.to_authority_gss = to_queue.authority_gss
    if to_queue.id != case.queue_id:
        final = Passing(is_final=True)
        give(session, kit, case, staff_id, to_queue, ARBITER, words, now, final, tell=True)
        return
    stays = keep_words(session, words, WordsKind.REASON, case.controller_gss, now)
    data = {"answer": ARBITER, "to": case.authority_gss}
    add_event(session, case, EventKind.HANDED_OVER, now, actor_id=staff_id, words=stays, data=data)
    session.flush()
