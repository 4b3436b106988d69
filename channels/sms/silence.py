"""When nothing may be said: somebody else may read the phone."""

from __future__ import annotations

from collections.abc import Iterable

from cases.actions.kit import Kit
from cases.models.case import Case
from cases.triage.decision import Decision

# Bodies whose very name on a phone can put its owner in danger.
_UNSPOKEN_AGENCIES = frozenset(
    {"national-domestic-abuse-helpline", "childline", "crimestoppers", "talk-to-frank", "fraud-reporting-centre"}
)
_LIKELY, _NEARLY_AS_LIKELY = 0.5, 0.1


def is_unspoken(kit: Kit, slug: str) -> bool:
    service = kit.service(slug)
    return service.sensitive if service else slug in _UNSPOKEN_AGENCIES


def must_be_silent(kit: Kit, decisions: Iterable[Decision], cases: Iterable[Case]) -> bool:
    """Whether anything in a text is about, or may well be about, something sensitive: then nothing is sent at all."""
    return any(case.is_sensitive for case in cases) or any(_is_sensitive(kit, d) for d in decisions)


def _is_sensitive(kit: Kit, decision: Decision) -> bool:
    if decision.service is not None and decision.service.sensitive:
        return True
    if decision.signpost is not None and decision.signpost.code in _UNSPOKEN_AGENCIES:
        return True
    if decision.service is not None:
        return False
    best = max((c.score for c in decision.candidates), default=0.0)
    enough = min(_LIKELY, best - _NEARLY_AS_LIKELY)
    return any(c.score >= enough and is_unspoken(kit, c.slug) for c in decision.candidates)
