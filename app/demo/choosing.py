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
OPEN, OVERDUE = 0.355, 0.068
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
    planned: list[Planned] = []
    undecided = [e for e in chosen if e.vague != "no"][:FRESH_AT_FRONT_DESK]
    overdue = round(len(chosen) * OVERDUE)
    still_open = round(len(chosen) * OPEN) - len(undecided)
    for enquiry in chosen:
        service = services[enquiry.service]
        target = service.target.working_days or 1
        if enquiry in undecided:
            fate, day = Fate.OPEN, working_days_before(today, random.randrange(2))
        elif overdue and enquiry.vague == "no" and 2 <= target <= _LONGEST_OVERDUE and not service.sensitive:
            overdue -= 1
            fate, day = Fate.OVERDUE, working_days_before(today, target + random.randrange(2, 8))
        elif still_open and enquiry.vague == "no":
            still_open -= 1
            fate, day = Fate.OPEN, _recent(today, target, random)
        else:
            fate, day = Fate.CLOSED, today - timedelta(days=random.randrange(4, days))
        planned.append(Planned(enquiry, fate, day))
    return planned


def _recent(today: date, target: int, random: Random) -> date:
    """Within the time that is promised, the newest days the most."""
    most = max(1, round(min(target, 25) * 0.85))
    return working_days_before(today, min(random.randrange(most + 1), random.randrange(most + 1)))
