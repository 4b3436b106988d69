"""Ending in the one question whose answer would decide."""

from __future__ import annotations

from dataclasses import replace

from cases.triage.decision import Decision, Need, OutcomeKind

OPEN_STRETCH = "road:stretch"  # the rule of a question about a road that is another body's in part


def ask(base: Decision, need: Need, question: str, note: str) -> Decision:
    """The decision as a question: one thing more would settle it; ``note`` tells staff why."""
    return replace(
        base,
        outcome=OutcomeKind.QUESTION,
        rule=base.rule if base.rule != "none" else f"needs:{need}",
        needs=(need,),
        question=question,
        staff_reasons=(*base.staff_reasons, note),
    )
