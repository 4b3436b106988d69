"""How well free text is understood, on a labelled set that nothing learns from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.triage.decision import Decision, Enquiry, OutcomeKind
from cases.triage.engine import Triage
from cases.understanding.labelled import Labelled


@dataclass(frozen=True)
class Score:
    """Each is (right, asked). ``misses`` holds what was said, wanted and understood."""

    at_1: tuple[int, int]
    at_3: tuple[int, int]
    agencies: tuple[int, int]
    noise: tuple[int, int]
    urgent: tuple[int, int]
    false_alarms: tuple[int, int]
    misses: tuple[tuple[str, str, str], ...]

    def lines(self) -> Iterable[str]:
        names = {
            "service at 1": self.at_1,
            "service at 3": self.at_3,
            "other bodies recognised": self.agencies,
            "noise refused": self.noise,
            "urgent recall": self.urgent,
            "false alarms": self.false_alarms,
        }
        for name, (right, asked) in names.items():
            yield f"{name:<24} {right:>4} of {asked:<4} {right / asked if asked else 0:6.1%}"


def score(triage: Triage, labelled: Iterable[Labelled], on: date) -> Score:
    counts = {name: [0, 0] for name in ("at_1", "at_3", "agencies", "noise", "urgent", "false_alarms")}
    misses: list[tuple[str, str, str]] = []

    def count(name: str, is_right: bool) -> None:
        counts[name][0] += is_right
        counts[name][1] += 1

    for item in labelled:
        decision = triage.best(Enquiry(on=on, text=item.say))
        ranked = [c.slug for c in decision.candidates]
        first = _understood(decision)
        if item.wants != "urgent":
            count("false_alarms", decision.urgent)
        if item.wants == "urgent":
            right = decision.urgent
            count("urgent", right)
        elif item.wants == "noise":
            right = decision.outcome is OutcomeKind.NOISE
            count("noise", right)
        elif item.wants.startswith("agency:"):
            slug = item.wants.removeprefix("agency:")
            right = slug in (first, ranked[0] if ranked else None)
            count("agencies", right)
        else:
            right = first == item.wants or bool(ranked[:1] == [item.wants])
            count("at_1", right)
            count("at_3", right or item.wants in ranked[:3])
        if not right:
            misses.append((item.say, item.wants, first or decision.outcome.value))
    pairs = {name: (right, asked) for name, (right, asked) in counts.items()}
    return Score(**pairs, misses=tuple(misses))


def _understood(decision: Decision) -> str | None:
    if decision.signpost and decision.signpost.agency:
        return decision.signpost.code
    return decision.service.slug if decision.service else None
