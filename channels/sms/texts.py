"""The words of our answers to texts. Short: each is one to three texts long, and none names a sensitive service."""

from __future__ import annotations

from datetime import datetime

from cases.message_texts import local_date
from cases.models.case import CaseStatus
from cases.references import show_reference

NO_PICTURES = "Pictures do not reach us by text: please describe it in words."
PLACE_HOW = "Reply with a postcode, or the street and the town."
THANKS = "You're welcome."
STOPPED = "You will get no more texts from us. Text START if you want them again."
STARTED = "You will get our texts again. Text STOP to end them."
PERSON_WILL_LOOK = "Thank you. One of our staff will look at it."
NOT_UNDERSTOOD = "Sorry, we did not understand that."

STATUS_WORDS = {
    CaseStatus.NEW: "waiting to be started",
    CaseStatus.IN_PROGRESS: "being worked on",
    CaseStatus.WAITING: "waiting for an answer from you",
    CaseStatus.SCHEDULED: "work is planned",
    CaseStatus.CLOSED: "closed",
}


def help_words(partnership: str, web: str) -> str:
    return (
        f"{partnership}: text us what is wrong and where, for example: pothole, High Street, with the postcode. "
        f"Text STATUS for news of your cases, STOP to get no more texts. Or see {web} "
        "In danger ring 999, text 999 from a registered phone, or call 18000 with Relay UK."
    )


def unknown_postcode(postcode: str) -> str:
    return f"{postcode} is not a postcode that we know."


def no_case(for_reference: bool) -> str:
    which = "for that reference " if for_reference else ""
    return f"We have no case {which}with this number. To tell us about something, text what it is and where."


def one_case(reference: str, title: str | None, status: CaseStatus, council: str, due_at: datetime | None) -> str:
    about = f" ({title})" if title else ""
    tail = f" {council} aims to deal with it by {local_date(due_at)}." if due_at else ""
    return f"{show_reference(reference)}{about}: {STATUS_WORDS[status]}.{tail}"


def closed_case(reference: str, title: str | None, closed_at: datetime, outcome: str) -> str:
    about = f" ({title})" if title else ""
    return f"{show_reference(reference)}{about}: closed on {local_date(closed_at)}. {outcome}"


def listed_case(number: int, reference: str, title: str | None, status: CaseStatus, due_at: datetime | None) -> str:
    about = f" {title}:" if title else ":"
    tail = f", by {local_date(due_at)}" if due_at else ""
    return f"{number} {show_reference(reference)}{about} {STATUS_WORDS[status]}{tail}"


def choices(labels: list[str]) -> str:
    """ "Reply 1 Missed bin, 2 Street cleaning." """
    return "Reply with a number: " + ", ".join(f"{n} {label}" for n, label in enumerate(labels, 1)) + "."
