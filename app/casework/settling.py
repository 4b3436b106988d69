"""The front desk finds out whose job a case is."""

from __future__ import annotations

from app.casework.forms import SettleForm
from app.clock import now
from app.extensions import db
from app.wiring import the_kit
from cases.actions.settle_case import Learnt, open_question
from cases.local_day import london_day
from cases.models.case import Case
from cases.triage.decision import Decision, OutcomeKind


def ask_what_settles(case: Case, form: SettleForm | None) -> Decision | None:
    """What would settle a case that waits at the front desk; ``form`` gets the choices. None for any other case."""
    if case.authority_gss is not None or not case.is_open:
        if form is not None:
            form.offer((), (), ())
        return None
    kit, today = the_kit(), london_day(now())
    decision = open_question(db.session, kit, case, now())
    if form is not None:
        asked = decision.service.question(decision.question_id) if decision.service and decision.question_id else None
        choices = [(choice.value, choice.label) for choice in asked.choices] if asked else []
        form.offer(
            choices,
            service_choices(),
            [(council.gss, council.name) for council in kit.register.authorities.values() if council.is_open(today)],
        )
    return decision


def service_choices() -> list[tuple[str, str]]:
    """Every service by its title."""
    services = the_kit().catalogue.services.values()
    return sorted(((service.slug, service.title) for service in services), key=lambda choice: choice[1])


def learnt_from(form: SettleForm) -> Learnt:
    return Learnt(
        service=form.service.data or None,
        where=(form.where.data or "").strip() or None,
        council=form.council.data or None,
        answer=form.answer.data or None,
    )


def said_of(decision: Decision) -> str:
    """What the next page says when it has been decided again."""
    if decision.outcome is OutcomeKind.AUTHORITY and decision.authority:
        return f"{decision.authority.name} has the case now."
    if decision.outside and decision.rule.startswith("correction:"):
        return f"It is a job for {decision.outside.agency}. The case is closed."
    if decision.outside:
        return f"It is a job for {decision.outside.agency}. Tell the customer, then close the case as “Not ours”."
    if decision.question:
        return f"Not settled yet. {decision.question}"
    return "Not settled yet. Choose a council and team under “Hand over” if you know whose job it is."
