"""How urgent hand-overs are said on a page."""

from __future__ import annotations

from typing import Any

from app.clock import now
from app.extensions import db
from app.permissions import Permission, current_actor, may
from app.urgent import blueprint
from app.wiring import the_kit
from cases.errors import NotFoundError
from cases.models.case import Case
from cases.models.urgent import StepKind, UrgentHandover, UrgentStep
from cases.queries.urgent import get_urgent_for, urgent_of_case
from cases.references import show_reference
from cases.triage.wording import advice_for_everybody
from cases.urgent.rota import Duty
from cases.urgent.schema import DutyKind

KIND_WORDS = {
    DutyKind.IN_HOURS: "In office hours",
    DutyKind.LAST_HALF_HOUR: "The last half hour before they close",
    DutyKind.OUT_OF_HOURS: "Out of hours",
    DutyKind.BANK_HOLIDAY: "Bank holiday",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def duty_of(row: UrgentHandover) -> Duty:
    """Whom to ring at this very minute: what was right when it was opened may have closed."""
    kit = the_kit()
    return kit.rota.duty_for(kit.register, row.authority_gss, kit.rota.group(row.group_slug), now())


def advice_of(row: UrgentHandover) -> str | None:
    """What the person is to be told before anybody else is rung."""
    kit = the_kit()
    sign = next((s for s in kit.catalogue.urgent_signs if s.id == row.duty.get("sign")), None)
    service = kit.service(row.case.service_slug)
    return advice_for_everybody(sign.tell if sign else (service.danger if service else None))


@blueprint.context_processor
def shared_words() -> dict[str, Any]:
    return {
        "council": the_kit().authority_name,
        "kind_words": KIND_WORDS,
        "show_reference": show_reference,
        "step_words": step_words,
        "days": DAYS,
        "now": now,
    }


@blueprint.app_template_global()
def urgent_title(row: UrgentHandover) -> str:
    """What it is about, never for a sensitive case."""
    if row.case.is_sensitive:
        return "Something confidential"
    return the_kit().rota.group(row.group_slug).title


@blueprint.app_template_global()
def urgent_handovers(case: Case) -> list[tuple[UrgentHandover, bool]]:
    """A case's hand-overs, each with whether the reader may open its own page."""
    return [(row, _is_seen(row)) for row in urgent_of_case(db.session, case)]


def step_words(step: UrgentStep) -> str:
    if step.kind is StepKind.SUPERVISORS:
        return "All supervisors were asked"
    return f"{step.staff_user.name if step.staff_user else 'The next on duty'} was asked"


def _is_seen(row: UrgentHandover) -> bool:
    if not may(Permission.SEE_URGENT):
        return False
    try:
        get_urgent_for(db.session, the_kit(), current_actor(), row.id)
    except NotFoundError:
        return False
    return True
