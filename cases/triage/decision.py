"""What goes into triage and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from cases.catalogue.schema import Agency, Service
from cases.register.register import Authority
from cases.understanding.candidate import Candidate

Need = Literal["place", "service", "address", "council", "answer"]
Answer = str | tuple[str, ...]
FRONT_DESK_QUEUE = "front-desk"


class OutcomeKind(StrEnum):
    """What a decision comes to; exactly one for each matter."""

    AUTHORITY = "authority"
    QUESTION = "question"  # one thing more would decide it
    SIGNPOST = "signpost"  # another body, or a council outside the partnership
    FRONT_DESK = "front-desk"  # a person must look
    NOISE = "noise"


@dataclass(frozen=True)
class Enquiry:
    """One enquiry as a door hands it over. ``on`` is the day whose rules apply.

    ``district`` is the deciding place's district when the door knows it from an address; it wins over ``postcode``.
    ``council`` is the one approached, chosen or concerned (GSS code or slug). ``place_said`` is the deciding place in
    words, where a door asked for it by itself: it wins over places that ``text`` happens to name.
    """

    on: date
    text: str = ""
    service: str | int | None = None
    postcode: str | None = None
    district: str | None = None
    council: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    channel: str | None = None
    place_said: str = ""


@dataclass(frozen=True)
class DecidedPlace:
    postcode: str | None
    district: str | None  # GSS; for a postcode the index's own code, wherever in the UK
    words: str | None = None


@dataclass(frozen=True)
class Outside:
    """The council or body outside the partnership, and how to reach it."""

    agency: str
    how: str


@dataclass(frozen=True)
class SignpostTo:
    """A council outside the partnership (GSS code) or an agency (slug)."""

    code: str
    agency: Agency | None = None


@dataclass(frozen=True)
class Decision:
    """One matter's outcome, with the reasons in plain words for the public and for staff."""

    outcome: OutcomeKind
    rule: str
    data_version: str
    service: Service | None = None
    candidates: tuple[Candidate, ...] = ()
    authority: Authority | None = None
    queue: str | None = None
    outside: Outside | None = None
    signpost: SignpostTo | None = None
    place: DecidedPlace | None = None
    confidence: float = 0.0
    urgent: bool = False
    advice: str | None = None  # what to do at once, when urgent
    needs: tuple[Need, ...] = ()
    question: str | None = None  # the one question whose answer would decide it
    question_id: str | None = None  # the catalogue question that it is, when it is one
    areas: tuple[str, ...] = ()  # districts (GSS) that the question about the place chooses among, the likeliest first
    public_reasons: tuple[str, ...] = ()
    staff_reasons: tuple[str, ...] = ()
    runner_up: str | None = None
    words: str = ""  # the part of the text that this matter is about

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.public_reasons + tuple(r for r in self.staff_reasons if r not in self.public_reasons)
