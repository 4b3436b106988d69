"""How the answers to a hand-over, the arbiter's cases and the law's clocks are said."""

from __future__ import annotations

from cases.actions.handover_answers import CustomerView
from cases.actions.move_case import SETTLED
from cases.actions.refuse_case import ARBITER, RefusalReason
from cases.actions.settle_by_key import NOTHING_ASKED
from cases.models.handover import AnswerState, ArbitrationCause, ClockEnd
from cases.statutory import ClockKind

REFUSAL_WORDS = {
    RefusalReason.NOT_OUR_SERVICE: "We do not provide this service",
    RefusalReason.NOT_OUR_AREA: "The place is not in our area",
    RefusalReason.AGREEMENT_SAYS_OTHERWISE: "An agreement between councils says otherwise",
    RefusalReason.NOT_ENOUGH_KNOWN: "Too little is known to tell whose job it is",
}
VIEW_WORDS = {
    CustomerView.AGREES: "They agree",
    CustomerView.TOLD: "They have been told, and that they may object",
    CustomerView.NOT_HELD: "They have been told that we do not hold it",
}
CAUSE_WORDS = {
    ArbitrationCause.REFUSED_TWICE: "Refused twice",
    ArbitrationCause.NO_ANSWER: "Not answered in time",
}
CLOCK_WORDS = {
    ClockKind.FOI: "Freedom of information: answer",
    ClockKind.EIR: "Environmental information: answer",
    ClockKind.SAR: "Own personal data: answer",
    ClockKind.COMPLAINT_ACK: "Complaint: acknowledge",
    ClockKind.COMPLAINT_STAGE_1: "Complaint: first answer",
}
CLOCK_ENDS = {
    ClockEnd.ANSWERED: "answered",
    ClockEnd.PASSED_ON: "passed on",
    ClockEnd.CAME_BACK: "given back",
    ClockEnd.DONE: "done",
    ClockEnd.OTHER_KIND: "it is something else",
}
ANSWER_TITLES = {
    AnswerState.ACCEPTED.value: "Accepted",
    AnswerState.REFUSED.value: "Refused, and back with {council}",
    AnswerState.OUT_OF_TIME.value: "Not accepted in time: the front desk’s supervisors decide",
    ARBITER: "Decided by the front desk’s supervisors: {council} deals with it",
}
FURTHER_CORRECTIONS = {
    **{reason.value: words for reason, words in REFUSAL_WORDS.items()},
    ARBITER: "The front desk’s supervisors decided",
    SETTLED: "The front desk found out what it is about",
    NOTHING_ASKED: "Nothing was asked for",
}
