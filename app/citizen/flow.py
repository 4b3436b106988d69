"""The order of a form's pages. It is worked out afresh from what is known each time, so that a changed answer adds or
takes away just the pages that it must, and nothing that was answered is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.citizen.answers import asked_first, is_asked
from app.citizen.filling import Filling
from app.citizen.place import UNKNOWN, wants_property
from app.clock import now
from app.extensions import db
from app.wiring import the_kit
from cases.catalogue.schema import AlreadyReported, Choice, Question, QuestionType, Reporter
from cases.queries.already_reported import OpenReport, find_open_reports
from cases.triage.decision import Answer, Decision, Enquiry, OutcomeKind

FRONT_DESK = "front-desk"  # told that a person will find out whose job it is


@dataclass(frozen=True)
class Step:
    path: str
    is_done: bool


def next_step(filling: Filling) -> str:
    return next(step.path for step in steps(filling) if not step.is_done)


def step_before(filling: Filling, path: str) -> str | None:
    before = None
    for step in steps(filling):
        if step.path == path:
            return before
        if not step.path.startswith(("elsewhere", "other-service")):
            before = step.path
    return before


def steps(filling: Filling) -> Iterator[Step]:
    """In order, as far as they can be known; the last is never done."""
    if filling.service is None:
        yield Step("words", "text" in filling.data)
        yield from _danger(filling, danger_in(filling, str(filling.data.get("text", ""))) is not None)
        yield from _place_steps(filling)
        yield from _contact_steps(filling)
        yield Step("check", False)
        return
    for question in asked_first(filling.service):
        given = filling.answers.get(question.id)
        yield Step(f"before/{question.id}", given is not None)
        if given in question.stop_on:
            yield Step(f"advice/{question.id}", False)
            return
    if filling.asks_council:
        yield Step("council", "council" in filling.data)
    if not filling.asks_council or filling.data.get("council", {}).get("choice") == UNKNOWN:
        yield from _place_steps(filling)
    yield from _decided_steps(filling)


def _place_steps(filling: Filling) -> Iterator[Step]:
    place = filling.place
    yield Step("place", bool(place))
    way = place.get("way")
    if way == "no-address":
        yield Step("place/no-address", True)
        return
    if way == "described":
        yield Step("place/described", bool(place.get("street") or place.get("town")))
    if way == "postcode" and wants_property(filling.service):
        if place.get("listed"):
            yield Step("place/address", bool(place.get("uprn") or place.get("not_listed")))
        if not place.get("listed") or place.get("not_listed"):
            yield Step("place/number", bool(place.get("street")))
    if filling.needs_area:
        yield Step("area", "area" in place)


def _decided_steps(filling: Filling) -> Iterator[Step]:
    """Who does it, then the questions; an answer that means somebody else's job turns off at once."""
    service = filling.service
    assert service is not None
    answers = filling.answers
    so_far: dict[str, Answer] = {q.id: answers[q.id] for q in asked_first(service) if q.id in answers}
    decision = filling.decide(so_far)
    asked: set[str] = set()
    while decision.needs == ("answer",) and decision.question_id and decision.question_id not in asked:
        split = decision.question_id
        asked.add(split)
        yield Step(f"questions/{split}", split in answers)
        if split not in answers:
            return
        so_far[split] = answers[split]
        decision = filling.decide(so_far)
    turned = _turn(filling, decision)
    if turned:
        yield turned
        return
    who = who_has_it(decision)
    told = filling.data.get("told", [])
    yield Step("responsible", who in told)
    joined = False
    if filling.data.get("already") != "none" and open_reports(filling):
        yield Step("already-reported", "already" in filling.data)
        joined = isinstance(filling.data.get("already"), int)
    if not joined:
        for question in service.questions:
            if question.id in asked or not is_asked(question, answers):
                continue
            yield Step(f"questions/{question.id}", question.id in answers)
            if question.id not in answers:
                continue
            so_far[question.id] = answers[question.id]
            yield from _danger(filling, means_danger(filling, question, answers[question.id]))
            if any(c.goes_to for c in chosen(question, answers[question.id])):
                decision = filling.decide(so_far)
                turned = _turn(filling, decision)
                if turned:
                    yield turned
                    return
                if who_has_it(decision) != who:
                    who = who_has_it(decision)
                    yield Step("responsible", who in told)
    yield from _contact_steps(filling)
    yield Step("check", False)


def _turn(filling: Filling, decision: Decision) -> Step | None:
    """Off this form: to another body or council, or to another service's form."""
    if decision.outcome is OutcomeKind.SIGNPOST:
        return Step("elsewhere", False)
    if decision.service and filling.service and decision.service.slug != filling.service.slug:
        return Step("other-service", False)
    return None


def _danger(filling: Filling, is_urgent: bool) -> Iterator[Step]:
    if is_urgent:
        yield Step("danger", bool(filling.data.get("warned")))


def _contact_steps(filling: Filling) -> Iterator[Step]:
    service, data = filling.service, filling.data
    joined = isinstance(data.get("already"), int)
    if service is not None and not joined:
        if service.contact == "none":
            return
        if len(service.reporters) > 1:
            yield Step("how-to-report", "openness" in data)
        elif service.reporters == (Reporter.ANONYMOUS,):
            return
    if data.get("openness") == "anonymous" and not joined:
        return
    yield Step("details", "contact" in data)
    contact = data.get("contact") or {}
    if any(contact.get(way) for way in ("phone", "email", "address")):
        yield Step("safe-ways", "safe" in data)


def who_has_it(decision: Decision) -> str:
    return decision.authority.gss if decision.authority and decision.queue else FRONT_DESK


def means_danger(filling: Filling, question: Question, answer: Answer) -> bool:
    """By the choice made, or by what was written."""
    if any(c.urgent for c in chosen(question, answer)):
        return True
    if question.type not in (QuestionType.TEXT, QuestionType.LONG_TEXT) or not isinstance(answer, str) or not answer:
        return False
    return danger_in(filling, answer) is not None


def danger_in(filling: Filling, text: str) -> str | None:
    """What to do at once, if the words mean danger."""
    slug = filling.service.slug if filling.service else None
    decision = the_kit().triage.best(Enquiry(on=filling.today, text=text, service=slug))
    return (decision.advice or "If anybody is in danger, call 999.") if decision.urgent else None


def chosen(question: Question, answer: Answer) -> list[Choice]:
    values = (answer,) if isinstance(answer, str) else answer
    return [c for c in question.choices if c.value in values]


def open_reports(filling: Filling) -> list[OpenReport]:
    """What somebody else has reported already at this place, when the service looks for that."""
    service, place = filling.service, filling.place
    rule = next((c for c in service.check_first if isinstance(c, AlreadyReported)), None) if service else None
    if rule is None or service is None or service.sensitive or not place:
        return []
    district = place.get("district")
    if not district and (decided := filling.decide().place):
        district = decided.district
    return find_open_reports(
        db.session,
        service.slug,
        rule.within_days,
        now(),
        postcode=place.get("postcode"),
        street=place.get("street"),
        district_gss=district,
    )
