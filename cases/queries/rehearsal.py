"""Last month's cases under a draft: read only, and bounded, so that it holds nobody up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cases.actions.kit import Kit
from cases.actions.move_case import enquiry_of
from cases.local_day import london_day
from cases.models.case import Case
from cases.models.rules import RuleChange, RuleSubject
from cases.queries.rules import as_change, changes_in_force
from cases.rules.layering import lay_over
from cases.rules.rehearsal import PastCase, Rehearsal, rehearse
from cases.triage import Triage

LOOK_BACK = timedelta(days=30)
MOST_CASES = 1_000
_ABOVE_ALL = 2**31


def rehearse_draft(session: Session, kit: Kit, draft: RuleChange, now: datetime) -> Rehearsal:
    """The newest cases of the last 30 days that the draft is about, under the rules in force and under the draft."""
    query = (
        select(Case)
        .where(Case.received_at >= now - LOOK_BACK, Case.service_slug.in_(sorted(services_of(draft))))
        .order_by(Case.received_at.desc())
        .limit(MOST_CASES + 1)
        .options(joinedload(Case.place))
    )
    found = session.scalars(query).all()
    past = [
        PastCase(
            "" if case.is_sensitive else case.reference, enquiry_of(session, case, london_day(case.received_at))
        )
        for case in found[:MOST_CASES]
    ]
    then = under_draft(session, kit, draft, now)
    return rehearse(kit.triage, then, past, _days(draft), is_all=len(found) <= MOST_CASES)


def under_draft(session: Session, kit: Kit, draft: RuleChange, now: datetime) -> Triage:
    """Triage as it would be with the draft in force."""
    rules = kit.triage.rules
    changes = [*changes_in_force(session), as_change(draft, _ABOVE_ALL)]
    return kit.triage.under(lay_over(rules.base, changes, london_day(now), register=rules.register))


def services_of(draft: RuleChange) -> set[str]:
    if draft.subject is RuleSubject.SERVICE:
        return {draft.subject_slug}
    return {*draft.after["services"], *(draft.before or {}).get("services", ())}


def _days(draft: RuleChange) -> tuple[date, ...]:
    """The days on which something begins or ends, from which on it may be decided otherwise."""
    said = {draft.starts_on, draft.ends_on}
    if draft.subject is RuleSubject.AGREEMENT:
        for held in (draft.before or {}, draft.after):
            said |= {date.fromisoformat(held[name]) if held.get(name) else None for name in ("starts", "ends")}
    return tuple(sorted(day for day in said if day))
