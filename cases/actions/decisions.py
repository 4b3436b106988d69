"""Keeping what triage said, for ever, beside what it was said about."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from cases.models.case import TriageDecision
from cases.triage.decision import Decision


def keep_decision(
    session: Session,
    decision: Decision,
    now: datetime,
    on: date,
    *,
    matter_id: int | None,
    case_id: int | None,
    decided_by_id: int | None = None,
    correction_code: str | None = None,
) -> TriageDecision:
    row = TriageDecision(
        matter_id=matter_id,
        case_id=case_id,
        decided_at=now,
        decided_on=on,
        decided_by_id=decided_by_id,
        correction_code=correction_code,
        rule=decision.rule[:80],
        data_version=decision.data_version,
        service_slug=decision.service.slug if decision.service else None,
        authority_gss=decision.authority.gss if decision.authority else None,
        queue_slug=decision.queue,
        outside=decision.outside.agency[:200] if decision.outside else None,
        confidence=decision.confidence,
        urgent=decision.urgent,
        runner_up=decision.runner_up,
        reasons={"public": list(decision.public_reasons), "staff": list(decision.staff_reasons)},
        needs=decision.needs[0] if decision.needs else None,
    )
    session.add(row)
    session.flush()
    return row
