"""One key press of the front desk settles what a case is about, or that nothing is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.actions.casework import close_case
from cases.actions.decisions import keep_decision
from cases.actions.kit import Kit
from cases.actions.move_case import SETTLED
from cases.actions.settle_case import Learnt, known_of, settle_case
from cases.actions.timeline import add_event
from cases.errors import ConflictError, RuleError
from cases.local_day import london_day
from cases.models.case import Case, EventKind, Outcome, TriageDecision
from cases.triage.decision import Decision, Enquiry, OutcomeKind
from cases.triage.signposting import to_agency

MOST_CHOICES = 5
NOTHING_ASKED = "nothing-asked"
NOTHING_ASKED_WORDS = "Nothing was asked for."


@dataclass(frozen=True)
class Choice:
    """One thing the words could mean. ``decision`` is what would come of choosing it."""

    slug: str
    is_agency: bool
    score: float
    decision: Decision


def choices_for(session: Session, kit: Kit, case: Case, now: datetime) -> tuple[Choice, ...]:
    """What the words could mean, best first, each with whose job it would be."""
    enquiry = replace(known_of(session, case, now), service=None)
    found = kit.triage.understanding.read(enquiry.text).candidates if enquiry.text.strip() else ()
    return tuple(
        Choice(c.slug, c.is_agency, c.score, _chosen(kit, enquiry, c.slug, c.is_agency)) for c in found[:MOST_CHOICES]
    )


def _chosen(kit: Kit, enquiry: Enquiry, slug: str, is_agency: bool) -> Decision:
    if is_agency:
        return _other_body(kit, enquiry, slug)
    return kit.triage.best(replace(enquiry, service=slug))


def _other_body(kit: Kit, enquiry: Enquiry, slug: str) -> Decision:
    where = kit.triage.where(enquiry)
    base = Decision(OutcomeKind.SIGNPOST, "agency", kit.triage.data_version, place=where.as_place(), confidence=1.0)
    district = where.districts[0] if len(where.districts) == 1 else None
    return to_agency(kit.catalogue, base, slug, district, f"correction:{SETTLED}")


def settle_by_key(
    session: Session, kit: Kit, case: Case, staff_id: int, slug: str | None, now: datetime
) -> Decision | None:
    """``slug`` of the service or other body chosen; None when nothing is asked for, which closes it without a word.

    Another body's work closes the case, and the person is told whose it is where that is safe. Raises ConflictError
    when somebody else has settled it or a council has it already.
    """
    if is_settled(session, case):
        raise ConflictError("Somebody else has just settled this one.")
    if slug is None:
        nothing = Decision(OutcomeKind.NOISE, f"correction:{NOTHING_ASKED}", kit.triage.data_version, confidence=1.0)
        _keep(session, case, nothing, staff_id, NOTHING_ASKED, now)
        close_case(session, kit, case, staff_id, Outcome.NO_ACTION, NOTHING_ASKED_WORDS, now, tell=False)
        return None
    if slug in kit.catalogue.services:
        return settle_case(session, kit, case, staff_id, Learnt(service=slug), now)
    if slug not in kit.catalogue.agencies:
        raise RuleError("choice", "Choose one of what is listed.")
    decision = _other_body(kit, known_of(session, case, now), slug)
    _keep(session, case, decision, staff_id, SETTLED, now)
    words = f"{decision.public_reasons[0]} {decision.outside.how if decision.outside else ''}".strip()
    close_case(session, kit, case, staff_id, Outcome.NOT_OURS, words, now)
    return decision


def _keep(session: Session, case: Case, decision: Decision, staff_id: int, code: str, now: datetime) -> None:
    row = keep_decision(
        session,
        decision,
        now,
        london_day(now),
        matter_id=None,
        case_id=case.id,
        decided_by_id=staff_id,
        correction_code=code,
    )
    add_event(session, case, EventKind.DECIDED, now, actor_id=staff_id, data={"decision": row.id})


def is_settled(session: Session, case: Case) -> bool:
    by_person = exists().where(TriageDecision.case_id == case.id, TriageDecision.decided_by_id.is_not(None))
    return not case.is_open or case.authority_gss is not None or bool(session.scalar(select(by_person)))
