"""Where the answers given so far lead: to another tier, service or body."""

from __future__ import annotations

from dataclasses import dataclass

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import AskFirst, Choice, Question, Service, Tier
from cases.triage.decision import Answer, Enquiry

_HOPS = 3  # how many redirects between services are followed before a person must look


@dataclass(frozen=True)
class Led:
    """Where the answers given so far lead. ``urgent``: the service on the way one of whose answers means danger."""

    service: Service
    tier: Tier
    agency: str | None
    urgent: Service | None
    notes: tuple[str, ...]


def follow_answers(catalogue: Catalogue, enquiry: Enquiry, service: Service) -> Led:
    """The service, tier or other body that the answers given so far lead to."""
    notes: list[str] = []
    urgent: Service | None = None
    for _ in range(_HOPS):
        service = catalogue.on(service, enquiry.on)
        tier, target = service.tier, None
        taken = chosen(service, enquiry)
        urgent = urgent or (service if any(choice.urgent for _, choice in taken) else None)
        for question, choice in taken:
            if choice.goes_to in ("county", "district"):
                tier = Tier(choice.goes_to)
                notes.append(f"“{question.ask}” was answered “{choice.label}”, which is the {choice.goes_to} part.")
            elif choice.goes_to:
                target = choice.goes_to
                notes.append(f"“{question.ask}” was answered “{choice.label}”.")
                break
        if target is None:
            return Led(service, tier, None, urgent, tuple(notes))
        kind, _, slug = target.partition(":")
        if kind == "agency":
            return Led(service, tier, slug, urgent, tuple(notes))
        service = catalogue.services[slug]
    return Led(service, service.tier, None, urgent, tuple(notes))


def chosen(service: Service, enquiry: Enquiry) -> list[tuple[Question | AskFirst, Choice]]:
    """Each answered choice question of the service, with the choice taken, in the catalogue's order."""
    found: list[tuple[Question | AskFirst, Choice]] = []
    asked: list[Question | AskFirst] = [*service.questions]
    asked += [rule for rule in service.check_first if isinstance(rule, AskFirst)]
    for question in asked:
        answer: Answer | None = enquiry.answers.get(question.id)
        values = (answer,) if isinstance(answer, str) else (answer or ())
        found += [(question, choice) for choice in question.choices if choice.value in values]
    return found
