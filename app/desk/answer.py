"""The live answer to "whose job is it?": the same decision that saving will take, made ready to be read out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.citizen.answers import Asked, asked_first, is_asked
from app.citizen.place import area_choices
from app.desk.call_form import MatterFields
from app.desk.given import (
    agency_of,
    matter_given,
    may_be_sensitive,
    postcode_in,
    read_answers,
    service_of,
    unknown_postcode,
)
from app.desk.suggestions import Suggestion, suggestions_for
from cases.access import Actor
from cases.actions.given import PlaceGiven
from cases.actions.kit import Kit
from cases.actions.record_contact import decide_matter
from cases.actions.urgent import needs_handover
from cases.catalogue.schema import (
    Agency,
    AlreadyReported,
    AskFirst,
    PlaceAbout,
    Question,
    Service,
    TellFirst,
    Tier,
)
from cases.local_day import london_day
from cases.models.contact import Channel
from cases.models.place import Address
from cases.queries.addresses import find_addresses
from cases.queries.already_reported import find_open_reports
from cases.queries.desk import DeskCase, desk_cases_by_id, find_desk_case_for
from cases.register.register import Authority
from cases.register.schema import ContactLine
from cases.triage.decision import Decision, OutcomeKind


@dataclass(frozen=True)
class AskedOnForm:
    """A question of the chosen service. ``when`` names the earlier answers that make it one to ask."""

    asked: Asked
    values: tuple[str, ...]
    when: dict[str, tuple[str, ...]]
    is_open: bool
    is_first: bool = False


@dataclass(frozen=True)
class Answer:
    """One matter's panel. Empty while nothing has been typed about it."""

    decisions: tuple[Decision, ...] = ()
    service: Service | None = None
    is_chosen: bool = False
    is_handover: bool = False
    agency: Agency | None = None
    suggestions: tuple[Suggestion, ...] = ()
    joined: DeskCase | None = None
    join_fails: bool = False
    stops: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    questions: tuple[AskedOnForm, ...] = ()
    lines: tuple[tuple[Authority, ContactLine], ...] = ()
    nearby: tuple[DeskCase, ...] = ()
    addresses: tuple[Address, ...] = ()
    bad_postcode: str | None = None
    wants_council: bool = False
    councils: tuple[Authority, ...] = ()
    wants_area: bool = False
    areas: tuple[Authority, ...] = ()
    may_have_no_address: bool = False
    may_be_sensitive: bool = False

    @property
    def decision(self) -> Decision | None:
        return next((d for d in self.decisions if d.urgent), self.decisions[0] if self.decisions else None)

    @property
    def is_noise(self) -> bool:
        return bool(self.decisions) and all(d.outcome is OutcomeKind.NOISE for d in self.decisions)

    @property
    def danger(self) -> str | None:
        return next((d.advice for d in self.decisions if d.urgent and d.advice), None)


def answer_for(
    session: Session,
    kit: Kit,
    actor: Actor,
    fields: MatterFields,
    channel: Channel,
    now: datetime,
    *,
    approached: str | None = None,
) -> Answer:
    """Reads only. The same action that saving uses decides, so that the two can never differ."""
    councils = tuple(a for a in kit.register.authorities.values() if a.is_open(london_day(now)))
    joined = find_desk_case_for(session, actor, fields.join)
    join_fails = joined is None and bool(fields.join.strip())
    if fields.is_blank or not (fields.about + fields.place + fields.text).strip():
        return Answer(joined=joined, join_fails=join_fails, councils=councils)
    given = matter_given(session, kit, fields)
    decisions = decide_matter(session, kit, given, channel, on=london_day(now), approached=approached)
    chosen, agency = service_of(kit, fields), agency_of(kit, fields)
    service = chosen or (None if agency else _understood(decisions))
    unclear = chosen is None and agency is None
    postcode = postcode_in(kit, fields.place)
    return Answer(
        decisions=decisions,
        service=service,
        is_chosen=chosen is not None,
        is_handover=any(needs_handover(kit, decision) for decision in decisions),
        agency=agency,
        joined=joined,
        join_fails=join_fails,
        suggestions=suggestions_for(kit, decisions, service) if unclear else (),
        stops=_stops(service, fields) if service else (),
        tells=tuple(rule.say for rule in service.check_first if isinstance(rule, TellFirst)) if service else (),
        questions=questions_of(service, fields) if service else (),
        lines=_lines(kit, decisions),
        nearby=_nearby(session, kit, actor, service, decisions, given.place, now) if service else (),
        addresses=tuple(find_addresses(session, postcode)) if postcode and service else (),
        bad_postcode=unknown_postcode(kit, fields.place),
        wants_council=_wants_council(service, decisions) or bool(fields.council),
        councils=councils,
        wants_area=bool(fields.area) or _wants_area(decisions, fields, postcode),
        areas=tuple(area_choices(())),
        may_be_sensitive=may_be_sensitive(kit, decisions),
        may_have_no_address=fields.no_fixed_address
        or bool(service and service.place.about in (PlaceAbout.HOME, PlaceAbout.CHILD_HOME, PlaceAbout.COUNCIL)),
    )


def questions_of(service: Service, fields: MatterFields) -> tuple[AskedOnForm, ...]:
    """Those asked before a report first, then its own; each says when it is asked."""
    answers, _ = read_answers(service, fields.answers)
    first = [
        AskedOnForm(Asked.of(rule), fields.answers.get(rule.id, ()), {}, True, is_first=True)
        for rule in asked_first(service)
    ]
    own = [
        AskedOnForm(Asked.of(q), fields.answers.get(q.id, ()), dict(q.when), is_asked(q, answers))
        for q in service.questions
    ]
    return (*first, *own)


def stopping(service: Service, question: Question | AskFirst, values: tuple[str, ...]) -> bool:
    return isinstance(question, AskFirst) and bool(set(question.stop_on) & set(values))


def _understood(decisions: tuple[Decision, ...]) -> Service | None:
    return decisions[0].service if len(decisions) == 1 else None


def _stops(service: Service, fields: MatterFields) -> tuple[str, ...]:
    return tuple(rule.say for rule in asked_first(service) if stopping(service, rule, fields.answers.get(rule.id, ())))


def _lines(kit: Kit, decisions: tuple[Decision, ...]) -> tuple[tuple[Authority, ContactLine], ...]:
    found: dict[str, tuple[Authority, ContactLine]] = {}
    for decision in decisions:
        if decision.authority and decision.service:
            line = kit.register.contact_line(decision.authority, decision.service.team)
            if line and (line.phone or line.out_of_hours_phone):
                found[decision.authority.gss + decision.service.team] = (decision.authority, line)
    return tuple(found.values())


def _nearby(
    session: Session,
    kit: Kit,
    actor: Actor,
    service: Service,
    decisions: tuple[Decision, ...],
    place: PlaceGiven | None,
    now: datetime,
) -> tuple[DeskCase, ...]:
    """Open reports of the same thing at the same place, which this one may only repeat."""
    rule = next((r for r in service.check_first if isinstance(r, AlreadyReported)), None)
    decided = decisions[0].place
    if rule is None or decided is None or service.sensitive:
        return ()
    reports = find_open_reports(
        session,
        service.slug,
        rule.within_days,
        now,
        postcode=decided.postcode,
        street=place.street if place else None,
        district_gss=decided.district,
    )
    return tuple(desk_cases_by_id(session, actor, [report.case_id for report in reports]))


def _wants_council(service: Service | None, decisions: tuple[Decision, ...]) -> bool:
    about = service.place.about if service else None
    if about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER) or (service and service.tier is Tier.COUNCIL):
        return True
    return any("council" in decision.needs for decision in decisions)


def _wants_area(decisions: tuple[Decision, ...], fields: MatterFields, postcode: str | None) -> bool:
    """A place was described in words, and they do not say which council's area it is in."""
    described = bool(fields.place.strip()) or fields.no_fixed_address
    return described and postcode is None and any("place" in d.needs or "address" in d.needs for d in decisions)
