"""The words of the messages that go by themselves: short, plain, each naming the council."""

from __future__ import annotations

from datetime import datetime

from cases.local_day import LONDON
from cases.references import show_reference


def local_date(at: datetime) -> str:
    """ "Tuesday 24 November"; London time."""
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B}"


def case_opened(council: str, title: str | None, reference: str, due_at: datetime, track_url: str) -> str:
    about = f"about: {title}" if title else "from you"
    return (
        f"{council}: we have your report {about}. Reference {show_reference(reference)}. "
        f"We aim to deal with it by {local_date(due_at)}. Text STATUS for news, or see {track_url}"
    )


def question_asked(council: str, reference: str, question: str, how: str = "") -> str:
    tail = f" {how}" if how else ""
    return f"{council}: we have your message, reference {show_reference(reference)}. One question: {question}{tail}"


def place_settled(council: str, reason: str, reference: str, due_at: datetime) -> str:
    by = f"{council} aims to deal with it by {local_date(due_at)}."
    return f"Thank you. {reason} Reference {show_reference(reference)}. {by}"


def added(council: str, reference: str) -> str:
    return f"{council}: thank you, we have added that to {show_reference(reference)}."


def handed_over(sender: str, receiver: str, reference: str) -> str:
    return (
        f"{sender}: your case {show_reference(reference)} is {receiver}'s job, so we have passed it to them. "
        "You need do nothing, and the reference stays the same."
    )


def closed(council: str, reference: str, outcome_words: str) -> str:
    return (
        f"{council}: {show_reference(reference)} is closed. {outcome_words} Reply to this message if that is not right."
    )


def signposted(name: str, how: str, reason: str) -> str:
    return f"{reason} {how}".strip()


def tracking_code(council: str, code: str, expires_at: datetime) -> str:
    until = expires_at.astimezone(LONDON)
    return f"{council}: your code is {code}. It works once, until {until:%H:%M}. Never tell it to anybody who asks."


def urgent_waits(address: str, since: datetime) -> str:
    """To staff on duty. What it is about is read after signing in, never on the phone's screen."""
    at = f"{since.astimezone(LONDON):%H:%M}"
    return f"Shirehall: something urgent has waited for a person to take it since {at}. {address}"
