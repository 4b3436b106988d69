"""How casework is said on a page: states, channels, people and the lines of a timeline, in plain words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from app.casework import blueprint
from app.casework.handover_words import (
    ANSWER_TITLES,
    CAUSE_WORDS,
    CLOCK_ENDS,
    CLOCK_WORDS,
    FURTHER_CORRECTIONS,
    VIEW_WORDS,
)
from app.clock import now
from app.formats import as_date
from app.permissions import current_actor
from app.wiring import the_kit
from cases.actions.casework import OUTCOME_WORDS
from cases.actions.move_case import HandoverReason
from cases.local_day import london_day
from cases.models.case import Case, CaseStatus, EventKind, Outcome, RoleKind
from cases.models.contact import Channel, Openness
from cases.models.messages import MessageState
from cases.models.person import ContactPoint, ContactPointKind
from cases.models.staff import Role
from cases.phones import show_phone
from cases.queries.case_page import TimelineLine
from cases.queries.handovers import HandoverLine
from cases.queries.queues import CaseLine
from cases.references import show_reference
from cases.triage.decision import Decision

STATUS_WORDS = {
    CaseStatus.NEW: "New",
    CaseStatus.IN_PROGRESS: "In progress",
    CaseStatus.WAITING: "Waiting for the customer",
    CaseStatus.SCHEDULED: "Work is planned",
    CaseStatus.CLOSED: "Closed",
}
STATUS_COLOURS = {
    CaseStatus.NEW: "govuk-tag--blue",
    CaseStatus.IN_PROGRESS: "govuk-tag--teal",
    CaseStatus.WAITING: "govuk-tag--yellow",
    CaseStatus.SCHEDULED: "govuk-tag--purple",
    CaseStatus.CLOSED: "govuk-tag--grey",
}
OUTCOME_LABELS = {
    Outcome.DONE: "Done",
    Outcome.ANSWERED: "Answered",
    Outcome.NO_ACTION: "No action",
    Outcome.NOT_OURS: "Not ours",
    Outcome.DUPLICATE: "Already reported",
    Outcome.WITHDRAWN: "Withdrawn",
}
REASON_WORDS = {
    HandoverReason.OTHER_COUNCILS_JOB: "It is another council’s job",
    HandoverReason.OTHER_TEAMS_JOB: "It is another team’s job",
    HandoverReason.WRONG_SERVICE: "It was taken for another service",
    HandoverReason.WRONG_PLACE: "It was put in the wrong place",
    HandoverReason.AGREEMENT: "An agreement between councils says so",
}
CORRECTION_WORDS = {reason.value: words for reason, words in REASON_WORDS.items()} | FURTHER_CORRECTIONS
CHANNEL_WORDS = {
    Channel.WEB: "by web",
    Channel.PHONE: "by phone",
    Channel.SMS: "by text",
    Channel.COUNTER: "at a counter",
    Channel.EMAIL: "by e-mail",
    Channel.LETTER: "by letter",
}
MESSAGE_WORDS = {
    MessageState.QUEUED: "Waiting to be sent",
    MessageState.SENDING: "Being sent",
    MessageState.SENT: "Sent",
    MessageState.DELIVERED: "Delivered",
    MessageState.FAILED: "Not delivered",
    MessageState.UNCERTAIN: "It may not have arrived",
    MessageState.SUPPRESSED: "Not sent",
}
ROLE_WORDS = {
    RoleKind.REPORTER: "Reported it",
    RoleKind.ACTING_FOR: "Acting for somebody",
    RoleKind.SUBJECT: "It is about them",
    RoleKind.COMPLAINED_ABOUT: "Complained about",
    RoleKind.WITNESS: "Witness",
    RoleKind.FOLLOWER: "Asked about it too",
}
OPENNESS_WORDS = {
    Openness.CONFIDENTIAL: "Confidential: do not tell anybody who this is",
    Openness.ANONYMOUS: "Anonymous",
}
WHY_NOT = {
    "no-way-to-reach": "The customer left no phone number or e-mail address that we may use.",
    "opted-out": "The customer has told us to stop texting them.",
    "not-safe": "The customer did not say that it is safe to contact them this way.",
}
PURPOSE_WORDS = {
    "acknowledgement": "Receipt for the customer",
    "case-opened": "Receipt for the customer",
    "added": "Receipt for the customer",
    "status": "Told how it stands",
    "signpost": "Told whose job it is",
    "left-to-a-person": "Told that a person will look",
    "closed": "Closing message",
    "handed-over": "Told of the hand-over",
    "reply": "Message to the customer",
    "question": "Question to the customer",
}
_PLAIN = {
    EventKind.OPENED: "Reported",
    EventKind.CONTACT: "Got in touch again",
    EventKind.TAKEN: "Taken",
    EventKind.RELEASED: "Put back for somebody to take",
    EventKind.ASSIGNED: "Given to a colleague",
    EventKind.NOTE: "Note",
    EventKind.REPLY: "The customer answered",
    EventKind.REOPENED: "Reopened",
}
_URGENT = {
    "opened": "Urgent: somebody must take it by name",
    "asked": "Urgent: the next person on duty was asked",
    "supervisors": "Urgent: all supervisors were asked",
    "taken": "Urgent: taken",
}


class Way(NamedTuple):
    name: str
    is_safe: bool


@blueprint.app_template_global()
def authority_name(gss: str | None) -> str:
    return the_kit().authority_name(gss)


@blueprint.app_template_global()
def rule_version(data_version: str) -> int | None:
    """The number of the newest change of the rules that a decision knew; none: only the data files."""
    last = re.search(r"\.r([0-9]+)(?:\.p[0-9]+)?$", data_version)
    return int(last[1]) if last else None


@blueprint.app_template_filter()
def as_reference(reference: str) -> str:
    return show_reference(reference)


@blueprint.app_template_global()
def case_title(line: CaseLine | HandoverLine) -> str:
    """What a case is about, for a list; hidden where only the owning council's officers may see it."""
    if line.is_hidden:
        return "Sensitive enquiry"
    return service_title(line.service_slug)


@blueprint.app_template_global()
def service_title(slug: str | None) -> str:
    service = the_kit().service(slug)
    if service:
        return service.title
    return slug.replace("-", " ").capitalize() if slug else "Not known yet"


@blueprint.app_template_filter()
def due_words(due_at: datetime) -> str:
    """``today``, ``tomorrow``, ``in 3 days``, ``2 days late``: whole days in London."""
    moment = now()
    days = (london_day(due_at) - london_day(moment)).days
    if due_at < moment:
        return "late today" if days == 0 else f"{_days(-days)} late"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {_days(days)}")


@blueprint.app_template_filter()
def ago(at: datetime) -> str:
    """``just now``, ``5 minutes ago``, ``today``, ``yesterday``, ``3 days ago``."""
    moment = now()
    gone = moment - at
    if gone < timedelta(minutes=1):
        return "just now"
    if gone < timedelta(hours=1):
        minutes = int(gone.total_seconds() // 60)
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    days = (london_day(moment) - london_day(at)).days
    return {0: "today", 1: "yesterday"}.get(days, f"{_days(days)} ago" if days < 60 else as_date(at))


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


@blueprint.app_template_global()
def timeline_title(line: TimelineLine) -> str:
    """One event in plain words."""
    data = line.data
    if line.kind is EventKind.URGENT:
        return _URGENT.get(str(line.data.get("urgent")), "Urgent")
    if line.kind is EventKind.STATUS:
        return f"Changed to “{STATUS_WORDS[CaseStatus(data['to'])].lower()}”"
    if line.kind is EventKind.HANDED_OVER and data.get("answer") in ANSWER_TITLES:
        return ANSWER_TITLES[data["answer"]].format(council=authority_name(data.get("to")))
    if line.kind is EventKind.HANDED_OVER:
        same = data.get("from") == data.get("to")
        team = str(data.get("queue", "another team")).replace("-", " ")
        if str(data.get("reason", "")).startswith("reorganisation") and not same:
            return f"Councils changed: {authority_name(data.get('to'))} has it now"
        return f"Moved to {team}" if same else f"Handed over to {authority_name(data.get('to'))}"
    if line.kind is EventKind.CLOSED:
        return f"Closed: {OUTCOME_LABELS[Outcome(data['outcome'])].lower()}"
    if line.kind is EventKind.MESSAGE:
        return PURPOSE_WORDS.get(str(data.get("purpose")), "Message to the customer")
    if line.kind is EventKind.DECIDED:
        return "Whose job it is was worked out"
    title = _PLAIN[line.kind]
    if line.kind in (EventKind.OPENED, EventKind.CONTACT, EventKind.REPLY) and line.channel:
        return f"{title} {CHANNEL_WORDS[line.channel]}"
    return title


@blueprint.app_template_global()
def ways_of(point: ContactPoint) -> list[Way]:
    """Each way this contact point could be used, and whether it was said to be safe."""
    if point.kind is ContactPointKind.PHONE:
        ways = [
            Way("text", point.safe_text),
            Way("ring", point.safe_call),
            Way("leave a voicemail", point.safe_voicemail),
        ]
    elif point.kind is ContactPointKind.EMAIL:
        ways = [Way("e-mail", point.safe_email)]
    else:
        ways = [Way("write", point.safe_letter)]
    if point.opted_out_at:
        ways = [way._replace(is_safe=way.is_safe and way.name != "text") for way in ways]
    return ways


@blueprint.app_template_global()
def shown_value(point: ContactPoint) -> str:
    return show_phone(point.value_key) if point.kind is ContactPointKind.PHONE else point.value


@blueprint.app_template_global()
def choice_title(slug: str) -> str:
    """A service or another body, as it is called."""
    agency = the_kit().catalogue.agencies.get(slug)
    return agency.name if agency else service_title(slug)


@blueprint.app_template_global()
def sure_words(confidence: float) -> str:
    """How sure a decision is, in words."""
    return next(words for least, words in _SURE if confidence >= least)


_SURE = ((0.9, "very sure"), (0.7, "fairly sure"), (0.4, "not quite sure"), (0.0, "only a guess"))


@blueprint.app_template_global()
def goes_words(decision: Decision) -> str:
    """Who would get it, for somebody about to choose."""
    if decision.authority:
        return f"Goes to {decision.authority.name}."
    if decision.outside:
        return f"A job for {decision.outside.agency}: the case is closed and the customer told."
    if decision.question:
        return f"Stays here with one question: {decision.question}"
    return "Stays here for somebody to decide."


@blueprint.app_template_global()
def works(case: Case) -> bool:
    """Whether the signed-in person works this case, and does not only read it."""
    actor = current_actor()
    return case.authority_gss in actor.authorities if case.authority_gss else actor.at_front_desk


@blueprint.app_template_global()
def current_staff_id() -> int:
    return current_actor().staff_id


POST_WORDS = {
    Role.AGENT: "Contact-centre agent",
    Role.COUNTER: "Counter staff",
    Role.OFFICER: "Officer",
    Role.SUPERVISOR: "Supervisor",
    Role.ADMINISTRATOR: "Administrator",
}


@blueprint.context_processor
def page_words() -> dict[str, object]:
    """For every page of this blueprint, and for the first page, which belongs to another."""
    return {
        "now": now,
        "status_words": STATUS_WORDS,
        "status_colours": STATUS_COLOURS,
        "outcome_labels": OUTCOME_LABELS,
        "outcome_words": OUTCOME_WORDS,
        "reason_words": CORRECTION_WORDS,
        "correction_words": CORRECTION_WORDS,
        "channel_words": CHANNEL_WORDS,
        "message_words": MESSAGE_WORDS,
        "role_words": ROLE_WORDS,
        "openness_words": OPENNESS_WORDS,
        "why_not": WHY_NOT,
        "view_words": VIEW_WORDS,
        "cause_words": CAUSE_WORDS,
        "clock_words": CLOCK_WORDS,
        "clock_ends": CLOCK_ENDS,
        "today": lambda: london_day(now()),
    }
