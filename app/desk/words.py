"""Words that the desk's templates share."""

from __future__ import annotations

from typing import Any

from app.desk import blueprint
from app.desk.page import LANGUAGES, REASONS
from app.wiring import the_kit
from cases.models.case import Case, CaseStatus, Event, EventKind
from cases.phones import show_phone
from cases.queries.desk import DeskCase
from cases.references import show_reference

STATUS = {
    CaseStatus.NEW: "New",
    CaseStatus.IN_PROGRESS: "Being worked on",
    CaseStatus.WAITING: "Waiting for an answer",
    CaseStatus.SCHEDULED: "Work is planned",
    CaseStatus.CLOSED: "Closed",
}
EVENT = {
    EventKind.OPENED: "Reported",
    EventKind.CONTACT: "Somebody got in touch about it again",
    EventKind.TAKEN: "An officer took it on",
    EventKind.ASSIGNED: "An officer took it on",
    EventKind.STATUS: "How it stands changed",
    EventKind.MESSAGE: "We wrote to the customer",
    EventKind.REPLY: "The customer answered",
    EventKind.HANDED_OVER: "Passed to another council or team",
    EventKind.CLOSED: "Closed",
    EventKind.REOPENED: "Opened again",
    EventKind.URGENT: "Urgent: asked for somebody to take it, or taken",
}
SAFE_LABELS = {
    "text": "Text message",
    "call": "Phone call",
    "voicemail": "Voicemail",
    "email": "E-mail",
    "letter": "Letter",
}
TO_CONFIDE = "Confidential matter"


@blueprint.context_processor
def shared_words() -> dict[str, Any]:
    return {
        "council": the_kit().authority_name,
        "about_case": about_case,
        "event_words": event_words,
        "languages": LANGUAGES,
        "queue_name": queue_name,
        "reasons": REASONS,
        "safe_labels": SAFE_LABELS,
        "show_phone": show_phone,
        "show_reference": show_reference,
        "status_words": STATUS,
        "track_address": track_address,
        "unanswered": unanswered,
    }


def about_case(case: Case | DeskCase) -> str:
    """What it is about; never for a sensitive one, which a screen may show to whoever stands by."""
    if case.is_sensitive:
        return TO_CONFIDE
    service = the_kit().service(case.service_slug)
    return service.title if service else "A question"


def event_words(event: Event) -> str:
    if event.kind is EventKind.STATUS and (status := event.data.get("to")):
        return STATUS[CaseStatus(status)]
    return EVENT.get(event.kind, "Something was noted")


def queue_name(slug: str | None) -> str:
    """ "Waste and recycling" for ``ashfield-waste``: its council is named beside it."""
    teams = the_kit().catalogue.teams
    team = next((t for name, t in teams.items() if slug and slug.endswith(f"-{name}")), None)
    return team.title if team else "the front desk"


def track_address() -> str:
    """As it is said on the telephone: without the scheme."""
    return the_kit().base_url.partition("://")[2] + "/track"


def unanswered(number: int, faults: dict[str, str]) -> bool:
    """Whether something is missing that the customer may simply not know."""
    return any(name == f"m{number}-place" or name.startswith(f"m{number}-q-") for name in faults)
