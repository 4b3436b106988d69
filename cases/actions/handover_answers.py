"""A hand-over to another authority is offered: accepted by working on the case, or refused, inside a time limit.

The case is with the receiver meanwhile, so that nothing waits for the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.kit import Kit
from cases.actions.outgoing import queue_message
from cases.actions.timeline import add_event
from cases.catalogue.schema import CaseKind, Target
from cases.errors import ConflictError, RuleError
from cases.models.authority import Authority, Queue
from cases.models.case import Case, EventKind, Handover
from cases.models.handover import AnswerState, Arbitration, ArbitrationCause, HandoverAnswer
from cases.statutory import ClockKind, clocks_at_receipt

TO_ANSWER = Target(working_days=1)
TO_ANSWER_URGENT = Target(hours=2)  # round the clock: what is urgent does not wait for an office to open
MOST_REFUSALS = 2
MOST_AT_ONCE = 100


class CustomerView(StrEnum):
    """What whoever asked for information said to its being passed on, or was told of it."""

    AGREES = "agrees"
    TOLD = "told-may-object"
    NOT_HELD = "not-held"  # told that the sender does not hold it


@dataclass(frozen=True)
class Passing:
    """How a case is passed on. ``service``: what it is about after all.

    ``is_final``: the receiver is not asked, as by the arbiter's word. ``is_refusal``: it goes back.
    """

    service: str | None = None
    customer_view: CustomerView | None = None
    is_final: bool = False
    is_refusal: bool = False

    def check(self, case: Case, to_queue: Queue) -> None:
        """Raises RuleError where the law wants the person to be asked or told first."""
        goes = (case.authority_gss, to_queue.authority_gss)
        if case.kind is not CaseKind.INFORMATION_REQUEST or None in goes or goes[0] == goes[1]:
            return
        if self.customer_view is None:
            raise RuleError("customer_view", "Say what the customer said to it, or was told.")
        is_own_data = ClockKind.SAR in clocks_at_receipt(case.kind, case.service_slug)
        if is_own_data and self.customer_view is not CustomerView.AGREES:
            raise RuleError(
                "customer_view", "A request for somebody’s own data is passed on only when they agree. Ask them first."
            )


def offer(
    session: Session, kit: Kit, case: Case, handover: Handover, from_queue: Queue, passing: Passing, now: datetime
) -> bool:
    """Ask the receiver for its answer; whether it has to give one. What the front desk gives it may be refused only."""
    to_gss = handover.to_authority_gss
    if passing.is_final or passing.is_refusal or to_gss is None or to_gss == handover.from_authority_gss:
        return False
    limit = TO_ANSWER_URGENT if case.is_urgent else TO_ANSWER
    due_at = kit.calendar(to_gss).due(limit, now) if handover.from_authority_gss else None
    session.flush()
    session.add(
        HandoverAnswer(
            handover_id=handover.id,
            case_id=case.id,
            from_queue_id=from_queue.id,
            state=AnswerState.WAITING,
            due_at=due_at,
            customer_view=passing.customer_view.value if passing.customer_view else None,
        )
    )
    return due_at is not None


def waiting_answer(session: Session, case: Case) -> HandoverAnswer | None:
    """The hand-over of this case that its authority has not answered yet."""
    query = select(HandoverAnswer).where(HandoverAnswer.case_id == case.id)
    return session.scalar(query.where(HandoverAnswer.state == AnswerState.WAITING))


def open_arbitration(session: Session, case: Case) -> Arbitration | None:
    return session.scalar(select(Arbitration).where(Arbitration.case_id == case.id, Arbitration.ended_at.is_(None)))


def count_refusals(session: Session, case: Case) -> int:
    query = select(func.count(HandoverAnswer.id)).where(HandoverAnswer.case_id == case.id)
    return session.scalar(query.where(HandoverAnswer.state == AnswerState.REFUSED)) or 0


def accept(session: Session, case: Case, staff_id: int, now: datetime, *, tell: bool = True) -> bool:
    """The authority that has the case keeps it, also when it is late; whether there was anything to accept."""
    late = open_arbitration(session, case)
    answer = waiting_answer(session, case) or (_unanswered(session, case) if late else None)
    if answer is None:
        return False
    answer.state, answer.answered_at, answer.answered_by_id = AnswerState.ACCEPTED, now, staff_id
    if late:
        late.ended_at, late.to_authority_gss = now, case.authority_gss
    if answer.due_at is None:
        session.flush()  # nobody was waiting to hear it
        return True
    add_event(session, case, EventKind.HANDED_OVER, now, actor_id=staff_id, data={"answer": answer.state.value})
    if tell:
        _tell(session, case, answer, now)
    session.flush()
    return True


def settle_by_closing(session: Session, case: Case, staff_id: int | None, now: datetime) -> None:
    """Whoever closes a case has dealt with it: there is nothing left to refuse or to decide."""
    if staff_id is not None:
        accept(session, case, staff_id, now, tell=False)
    arbitration = open_arbitration(session, case)
    if arbitration:
        arbitration.ended_at = now


def answer_by_passing_on(
    session: Session, case: Case, staff_id: int, to_queue: Queue, code: str, now: datetime
) -> None:
    """Handing on a case that one has not accepted is refusing it. Raises ConflictError where others decide."""
    if to_queue.authority_gss == case.authority_gss:
        return
    if open_arbitration(session, case):
        raise ConflictError("The supervisors of the front desk are deciding which council has this case.")
    answer = waiting_answer(session, case)
    if answer is None:
        return
    if count_refusals(session, case) + 1 >= MOST_REFUSALS:
        raise ConflictError("It has been refused once already. Refuse it and say why: then the front desk decides.")
    answer.state, answer.reason_code = AnswerState.REFUSED, code
    answer.answered_at, answer.answered_by_id = now, staff_id
    session.flush()


def open_for_arbiter(session: Session, case: Case, cause: ArbitrationCause, now: datetime) -> None:
    session.add(Arbitration(case_id=case.id, cause=cause, opened_at=now))
    session.flush()


def flag_unanswered(session: Session, now: datetime) -> int:
    """Each hand-over whose time is over becomes the arbiter's, once; how many.

    Silence is no acceptance: the case would belong to a council of which nobody has looked at it.
    """
    late = (HandoverAnswer.state == AnswerState.WAITING, HandoverAnswer.due_at < now, Case.closed_at.is_(None))
    query = select(Case.id).join(HandoverAnswer, HandoverAnswer.case_id == Case.id).where(*late).order_by(Case.id)
    flagged = 0
    for case_id in session.scalars(query.limit(MOST_AT_ONCE)).all():
        # The lock that everybody takes who changes a case; one that is being worked on has its turn at the next round.
        locked = select(Case).where(Case.id == case_id).with_for_update(skip_locked=True, of=Case)
        case = session.scalar(locked.execution_options(populate_existing=True))
        answer = waiting_answer(session, case) if case else None
        if case is None or answer is None or not case.is_open:
            continue
        answer.state, answer.answered_at = AnswerState.OUT_OF_TIME, now
        open_for_arbiter(session, case, ArbitrationCause.NO_ANSWER, now)
        add_event(session, case, EventKind.HANDED_OVER, now, data={"answer": answer.state.value})
        flagged += 1
    session.flush()
    return flagged


def _unanswered(session: Session, case: Case) -> HandoverAnswer | None:
    query = select(HandoverAnswer).where(HandoverAnswer.case_id == case.id).order_by(HandoverAnswer.id.desc()).limit(1)
    newest = session.scalar(query)
    return newest if newest and newest.state is AnswerState.OUT_OF_TIME else None


def _tell(session: Session, case: Case, answer: HandoverAnswer, now: datetime) -> None:
    sender = session.get(Authority, answer.handover.from_authority_gss or "")
    receiver = session.get(Authority, case.authority_gss or "")
    if sender and receiver:
        text = message_texts.handed_over(sender.name, receiver.name, case.reference)
        queue_message(session, case, "handed-over", text, f"handed-over:{case.id}:{case.last_event_seq}", now)
