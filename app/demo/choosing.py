"""Which of the enquiries are played, and how far each has got by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from app.demo.schema import DemoEnquiry
from app.demo.times import working_days_before
from cases.catalogue.schema import Service

SHARES = {"phone": 0.52, "web": 0.31, "sms": 0.11, "counter": 0.06}
OPEN, OVERDUE = 0.37, 0.042
URGENT = 8
KEPT_OPEN = {"housing-options": 4, "waste": 7}  # teams of those to sign in as that have few services
FRESH_AT_FRONT_DESK = 7
_LONGEST_OVERDUE = 15  # working days of a target beyond which nobody is made to look late


class Fate(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Planned:
    enquiry: DemoEnquiry
    fate: Fate
    day: date


def choose(enquiries: Sequence[DemoEnquiry], wanted: int, random: Random) -> list[DemoEnquiry]:
    """``wanted`` enquiries in the shares of the channels, none twice; those with a story of their own first."""
    chosen: list[DemoEnquiry] = []
    for channel, share in SHARES.items():
        of_channel = [e for e in enquiries if e.channel == channel]
        random.shuffle(of_channel)
        of_channel.sort(key=lambda e: not _has_a_story(e))
        chosen += of_channel[: round(wanted * share)]
    random.shuffle(chosen)
    return chosen


def _has_a_story(enquiry: DemoEnquiry) -> bool:
    """A hand-over, a question, a chaser, a signpost (which has no closing words and no note), a sensitive matter."""
    e = enquiry
    ends_at_once = not (e.given or e.note or e.reply)
    return bool(e.passed_on or e.chased or e.language or e.organisation or e.who != "open" or ends_at_once)


def plan(
    chosen: Sequence[DemoEnquiry], services: dict[str, Service], random: Random, today: date, days: int
) -> list[Planned]:
    """A fate and a day for each, so that what is open is mostly still in time and a few are too late."""
    undecided = [e for e in chosen if e.vague != "no"][:FRESH_AT_FRONT_DESK]
    rest = [e for e in chosen if e not in undecided]
    urgent = sorted((e for e in rest if is_urgent(e, services[e.service])), key=lambda e: e.channel != "web")[:URGENT]
    kept = [
        enquiry
        for team, most in KEPT_OPEN.items()
        for enquiry in [e for e in rest if services[e.service].team == team and e not in urgent][:most]
    ]
    passed_on = [e for e in rest if e.passed_on]
    overdue = round(len(chosen) * OVERDUE)
    still_open = round(len(chosen) * OPEN) - len(undecided) - len(urgent) - len(kept)
    planned: list[Planned] = []
    for enquiry in chosen:
        service = services[enquiry.service]
        target = service.target.working_days or 1
        if enquiry in undecided or enquiry in urgent:
            fate, day = Fate.OPEN, working_days_before(today, random.randrange(2))
        elif enquiry in kept:
            fate, day = Fate.OPEN, _recent(today, target, random, least=1)
        elif enquiry.vague != "no" or is_urgent(enquiry, service):
            fate, day = Fate.CLOSED, _past_day(today, days, random)
        elif overdue and enquiry not in passed_on and 2 <= target <= _LONGEST_OVERDUE and not service.sensitive:
            overdue -= 1
            fate, day = Fate.OVERDUE, working_days_before(today, target + random.randrange(2, 8))
        elif still_open:
            still_open -= 1
            fate, day = Fate.OPEN, _recent(today, target, random, least=3 if enquiry in passed_on else 0)
        else:
            fate, day = Fate.CLOSED, _past_day(today, days, random)
        planned.append(Planned(enquiry, fate, day))
    return planned


def is_urgent(enquiry: DemoEnquiry, service: Service) -> bool:
    """Whether an answer means danger."""
    for question in service.questions:
        given = enquiry.answers.get(question.id, ())
        values = (given,) if isinstance(given, str) else given
        if any(choice.urgent and choice.value in values for choice in question.choices):
            return True
    return False


def _past_day(today: date, days: int, random: Random) -> date:
    """Any day but the last few; Mondays more than others."""
    day = today - timedelta(days=random.randrange(4, days - 6))
    return day - timedelta(days=day.weekday()) if random.random() < 0.25 else day


def _recent(today: date, target: int, random: Random, *, least: int = 0) -> date:
    """Within the time that is promised, the newest days the most."""
    most = max(least, round(min(target, 25) * 0.85), 1)
    back = min(random.randrange(most + 1), random.randrange(most + 1))
    return working_days_before(today, max(back, least))
