"""How rules are told to an administrator: facts with a label each, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.administration import blueprint
from app.formats import as_date
from app.permissions import current_actor
from app.wiring import the_kit
from cases.access import may_change_rules_of
from cases.actions.change_rules import councils_of, find_agreement
from cases.catalogue.schema import Service, Tier
from cases.models.rules import RuleChange, RuleSubject
from cases.rules.schema import ServiceChange
from cases.triage.agreements import Agreement

TIER_WORDS = {
    Tier.COUNTY: "The county council",
    Tier.DISTRICT: "The district council",
    Tier.BOTH: "Both: a question settles which",
    Tier.COUNCIL: "The council that it is about",
}
Facts = dict[str, str]


def council_name(code: str) -> str:
    """A council's name, or the council of the place that a rule means."""
    if code in ("county", "district"):
        return f"The {code} council of the place"
    found = the_kit().register.by_gss(code)
    agency = the_kit().catalogue.agencies.get(code)
    return found.name if found else agency.name if agency else code or "Nobody yet (a person must look)"


def service_name(slug: str) -> str:
    service = the_kit().service(slug)
    return service.title if service else slug


def lead_words(target: str | None) -> str:
    """Where an answer leads."""
    if not target:
        return "Changes nothing"
    kind, _, slug = target.partition(":")
    if kind == "service":
        return f"Service: {service_name(slug)}"
    if kind == "agency":
        agency = the_kit().catalogue.agencies.get(slug)
        return f"Other body: {agency.name if agency else slug}"
    return f"The {target} council"


def neighbour_words(target: str) -> str:
    return lead_words(target if ":" in target else f"service:{target}")


def agreement_facts(agreement: Agreement | None) -> Facts:
    if agreement is None:
        return {}
    facts = {
        "Services": ", ".join(service_name(slug) for slug in agreement.services),
        "Where": ", ".join(council_name(code) for code in agreement.area),
        "Who does it": council_name(agreement.authority),
        "First day": as_date(agreement.starts),
        "Ends": f"{as_date(agreement.ends)} (the first day it no longer holds)" if agreement.ends else "Not set",
        "Only when": "; ".join(f"{question}: {', '.join(values)}" for question, values in agreement.when.items()),
        "Only at": ", ".join(agreement.postcodes),
        "Choice": "The customer may choose the place’s own council instead" if agreement.or_own_council else "",
        "Told to the public": agreement.reason,
        "Written down in": agreement.source,
        "Checked": as_date(agreement.checked) if agreement.checked else "Nobody has checked this yet",
    }
    return {label: text for label, text in facts.items() if text}


def service_facts(change: ServiceChange, service: Service) -> Facts:
    """A service as it would be under ``change``."""
    changed = change.lay_over(service)
    facts = {"Who does it": TIER_WORDS[changed.tier]}
    if changed.split and changed.tier is Tier.BOTH and (question := changed.question(changed.split)):
        facts["Settled by"] = question.ask
    for question in changed.questions:
        for choice in question.choices:
            if choice.goes_to:
                facts[f"{question.ask} {choice.label}"] = lead_words(choice.goes_to)
    facts["Could also be"] = ", ".join(neighbour_words(target) for target in changed.could_be) or "Nothing else"
    facts["Words added here"] = "; ".join(change.words) or "None"
    return facts


def facts_of(change: RuleChange) -> tuple[Facts, Facts]:
    """Before and after."""
    if change.subject is RuleSubject.AGREEMENT:
        before = Agreement.model_validate(change.before) if change.before else None
        return agreement_facts(before), agreement_facts(Agreement.model_validate(change.after))
    service = the_kit().triage.rules.base.catalogue.services.get(change.subject_slug)
    if service is None:
        return {}, {}
    kept = [ServiceChange.model_validate(each or {}) for each in (change.before, change.after)]
    return service_facts(kept[0], service), service_facts(kept[1], service)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Label, before and after of all that is not the same."""
    labels = dict.fromkeys([*after, *before])
    found = [(label, before.get(label, "–"), after.get(label, "–")) for label in labels]
    return [each for each in found if each[1] != each[2]]


def subject_name(change: RuleChange) -> str:
    return service_name(change.subject_slug) if change.subject is RuleSubject.SERVICE else change.subject_slug


def may_change(agreement: Agreement | None) -> bool:
    """Whether the signed-in administrator may change this agreement; none: a service."""
    councils = councils_of(the_kit(), agreement) if agreement else frozenset()
    return may_change_rules_of(current_actor(), councils)


def days_words(starts: date, ends: date | None) -> str:
    return f"from {as_date(starts)}" + (f" until the day before {as_date(ends)}" if ends else "")


@blueprint.context_processor
def words_for_templates() -> dict[str, Any]:
    return {
        "council_name": council_name,
        "service_name": service_name,
        "lead_words": lead_words,
        "neighbour_words": neighbour_words,
        "subject_name": subject_name,
        "may_change": may_change,
        "days_words": days_words,
        "tier_words": TIER_WORDS,
        "find_agreement": lambda slug: find_agreement(the_kit(), slug),
        "RuleSubject": RuleSubject,
    }
