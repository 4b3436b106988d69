"""How a case's states and dates are said to the public."""

from __future__ import annotations

from app.wiring import the_kit
from cases.actions.casework import OUTCOME_WORDS
from cases.models.case import CaseStatus, EventKind
from cases.queries.tracking import Step, TrackedCase

_STATUS = {
    CaseStatus.NEW: ("Received", "It is waiting for somebody to start on it."),
    CaseStatus.IN_PROGRESS: ("Being dealt with", "Somebody has taken it on."),
    CaseStatus.WAITING: ("Waiting for you", "We need something from you before we can go on."),
    CaseStatus.SCHEDULED: ("Work is planned", "It has been looked at, and the work has been put into the plan."),
}
_STEPS = {
    EventKind.OPENED: "We received it",
    EventKind.CONTACT: "Somebody got in touch again",
    EventKind.TAKEN: "Somebody took it on",
    EventKind.REPLY: "We received an answer",
    EventKind.MESSAGE: "We sent you a message",
    EventKind.REOPENED: "It was opened again",
}


def status_of(case: TrackedCase) -> tuple[str, str]:
    """A short name for how it stands, and a sentence."""
    if case.outcome:
        return "Closed", OUTCOME_WORDS[case.outcome]
    if case.authority_gss is None and case.status is not CaseStatus.WAITING:
        return "Received", "We are finding out which council looks after this."
    return _STATUS[case.status]


def title_of(step: Step) -> str:
    if step.is_reorganisation and not step.is_same_council:
        return f"Councils changed: {the_kit().authority_name(step.to_gss)} has it now"
    if step.kind is EventKind.HANDED_OVER:
        return (
            "Passed to another team" if step.is_same_council else f"Passed to {the_kit().authority_name(step.to_gss)}"
        )
    if step.kind is EventKind.CLOSED:
        return "Closed"
    if step.kind is EventKind.STATUS and step.status:
        return _STATUS.get(step.status, ("Changed", ""))[0]
    return _STEPS.get(step.kind, "Something was done")


def text_of(step: Step) -> str:
    return OUTCOME_WORDS[step.outcome] if step.outcome else ""
