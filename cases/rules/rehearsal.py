"""What a changed rule would have decided otherwise, on cases there have been. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from cases.triage.decision import Decision, Enquiry, OutcomeKind
from cases.triage.engine import Triage

FRONT_DESK = ""  # nobody decided: a person must look, or one thing more must be asked


@dataclass(frozen=True)
class PastCase:
    """``reference`` is empty for a sensitive case: it is counted, and not named."""

    reference: str
    enquiry: Enquiry


@dataclass
class Move:
    """Cases that would go from one body to another: GSS codes, agencies' slugs, or ``FRONT_DESK``."""

    source: str
    target: str
    count: int = 0
    references: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rehearsal:
    """``looked_at`` cases, of which ``untold`` could not be decided either way; ``is_all``: no more were left out."""

    looked_at: int
    untold: int
    moves: tuple[Move, ...]
    is_all: bool

    @property
    def moved(self) -> int:
        return sum(move.count for move in self.moves)


def rehearse(
    now: Triage, then: Triage, cases: Iterable[PastCase], days: tuple[date, ...], *, is_all: bool
) -> Rehearsal:
    """Each case decided under both; on its own day, then on the ``days`` on which something begins or ends."""
    looked_at = untold = 0
    moves: dict[tuple[str, str], Move] = {}
    for case in cases:
        looked_at += 1
        source = target = FRONT_DESK
        for day in (case.enquiry.on, *days):
            asked = replace(case.enquiry, on=day)
            source, target = _receiver(now.best(asked)), _receiver(then.best(asked))
            if source != target:
                move = moves.setdefault((source, target), Move(source, target))
                move.count += 1
                move.references += [case.reference] if case.reference else []
                break
        else:
            untold += source == FRONT_DESK
    ordered = sorted(moves.values(), key=lambda move: (-move.count, move.source, move.target))
    return Rehearsal(looked_at, untold, tuple(ordered), is_all)


def _receiver(decision: Decision) -> str:
    if decision.outcome is OutcomeKind.SIGNPOST and decision.signpost:
        return decision.signpost.code
    return decision.authority.gss if decision.authority else FRONT_DESK
