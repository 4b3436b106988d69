"""A place that may be in one of several districts: the likeliest council, and the question that would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cases.register.register import Register
from cases.triage.asking import ask
from cases.triage.decision import Decision

LIKELY = 0.7  # as sure as a decision can be whose place may lie across a boundary


def is_near(register: Register, decided: Decision, areas: Sequence[str], postcode: str) -> Decision:
    """The council of the postcode's own district, which comes first, as the likeliest."""
    question = _across(register, areas)
    edge = f"{postcode} lies close to the edge of {_name(register, areas[0])}"
    note = f"{edge}: some of it may be {_in(register, areas[1:])}."
    public = "The postcode lies close to another council’s area. If the place turns out to be there, we pass it on."
    return _in_doubt(decided, areas, question, note, public)


def may_be_ours(register: Register, base: Decision, areas: Sequence[str], postcode: str) -> Decision:
    """A postcode of a council outside the partnership: nobody is sent away who may be on our side of the boundary."""
    note = f"{postcode} lies just outside {_name(register, areas[1])}: some of it may be inside."
    return replace(ask(base, "address", _across(register, areas), note), areas=tuple(areas))


def is_unknown(register: Register, decided: Decision, areas: Sequence[str], postcode: str) -> Decision:
    """The council of all postcodes around one that we do not know."""
    note = f"{postcode} is not a postcode that we know; all around it are the same council's."
    public = "We do not know that postcode, and went by those around it."
    return _in_doubt(decided, areas, which_around(register, postcode, areas), note, public)


def which_around(register: Register, postcode: str, areas: Sequence[str]) -> str:
    asked = "Which is it?" if len(areas) > 1 else "Is the place there?"
    return f"We do not know the postcode {postcode}. Those around it are {_in(register, areas, 'and')}. {asked}"


def which(register: Register, name: str, areas: Sequence[str]) -> str:
    """The question about a name that lies in several districts."""
    return f"{name} could be {_in(register, areas)}. Which is it?"


def _across(register: Register, areas: Sequence[str]) -> str:
    return f"This postcode lies close to the edge of {_name(register, areas[0])}. Is the place {_in(register, areas)}?"


def _in_doubt(decided: Decision, areas: Sequence[str], question: str, note: str, public: str) -> Decision:
    """It stands unless the question is answered otherwise."""
    return replace(
        decided,
        confidence=min(decided.confidence, LIKELY),
        needs=("address",),
        question=question,
        areas=tuple(areas),
        staff_reasons=(*decided.staff_reasons, note),
        public_reasons=(*decided.public_reasons, public),
    )


def _name(register: Register, gss: str) -> str:
    found = register.by_gss(gss)
    return found.short_name if found else "another council’s area"


def _in(register: Register, areas: Sequence[str], last_word: str = "or") -> str:
    *most, last = (f"in {name}" for name in dict.fromkeys(_name(register, gss) for gss in areas))
    return f"{', '.join(most)} {last_word} {last}" if most else last
