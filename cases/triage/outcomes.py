"""From a service and a place to an outcome, with its reasons."""

from __future__ import annotations

from dataclasses import replace

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service, UrgentSign
from cases.register.register import Register
from cases.triage import wording
from cases.triage.agreements import Agreements
from cases.triage.answers_given import follow_answers
from cases.triage.asking import OPEN_STRETCH, ask
from cases.triage.decision import Decision, Enquiry, OutcomeKind, SignpostTo
from cases.triage.place_roads import is_stretch_open, with_road_told
from cases.triage.places import Where
from cases.triage.placing import Placing
from cases.triage.signposting import to_agency
from cases.understanding.candidate import Candidate


class Outcomes:
    """Turns what was understood into a :class:`Decision`; every path gives at least one reason."""

    def __init__(self, catalogue: Catalogue, register: Register, agreements: Agreements, data_version: str) -> None:
        self._catalogue, self._version = catalogue, data_version
        self._placing = Placing(catalogue, register, agreements)

    def for_service(
        self,
        enquiry: Enquiry,
        service: Service,
        where: Where,
        confidence: float,
        candidates: tuple[Candidate, ...],
        danger: UrgentSign | None,
        words: str = "",
    ) -> Decision:
        enquiry = with_road_told(enquiry, self._catalogue.on(service, enquiry.on), where.road)
        led = follow_answers(self._catalogue, enquiry, service)
        service = led.service
        base = self._base(service, where, confidence, candidates, danger, words, led.urgent)
        base = replace(base, staff_reasons=(*base.staff_reasons, *led.notes))
        if not service.is_provided(enquiry.on):
            return self._no_longer_provided(base, service)
        if led.agency:
            return to_agency(self._catalogue, base, led.agency, _only(where), f"answer:{led.agency}")
        if where.road and is_stretch_open(enquiry, service, where.road):
            note = f"The {where.road.name} is a national road in part, and the stretch was not told."
            asked = ask(base, "place", where.road.ask or wording.needs_place(service), note)
            return replace(asked, rule=OPEN_STRETCH)
        return self._placing.settle(enquiry, base, service, led.tier, where)

    def _base(
        self,
        service: Service,
        where: Where,
        confidence: float,
        candidates: tuple[Candidate, ...],
        danger: UrgentSign | None,
        words: str,
        answered_urgent: Service | None,
    ) -> Decision:
        """``answered_urgent``: the service one of whose answers means danger."""
        urgent = danger is not None or answered_urgent is not None
        second = next((c.slug for c in candidates if c.slug != service.slug), None)
        return Decision(
            outcome=OutcomeKind.FRONT_DESK,
            rule="none",
            data_version=self._version,
            service=service,
            candidates=candidates,
            place=where.as_place(),
            confidence=confidence,
            urgent=urgent,
            advice=wording.advice_for_everybody(
                danger.tell if danger else (answered_urgent.danger if answered_urgent else None)
            ),
            runner_up=second,
            words=words,
            staff_reasons=(f"Understood as “{service.title}”.",)
            + (("Words or answers that mean danger.",) if urgent else ()),
        )

    def to_agency(
        self,
        enquiry: Enquiry,
        signpost: SignpostTo,
        where: Where,
        confidence: float,
        candidates: tuple[Candidate, ...],
        service: Service | None,
        danger: UrgentSign | None,
        words: str,
    ) -> Decision:
        base = Decision(
            outcome=OutcomeKind.SIGNPOST,
            rule="agency",
            data_version=self._version,
            service=service,
            candidates=candidates,
            place=where.as_place(),
            confidence=confidence,
            urgent=danger is not None,
            advice=danger.tell if danger else None,
            words=words,
            runner_up=candidates[1].slug if len(candidates) > 1 else None,
            staff_reasons=("The words describe another body's work.",),
        )
        return to_agency(self._catalogue, base, signpost.code, _only(where), "agency")

    def for_danger(
        self, enquiry: Enquiry, sign: UrgentSign, where: Where, words: str, candidates: tuple[Candidate, ...] = ()
    ) -> Decision:
        """Danger that another body must deal with at once."""
        assert sign.agency is not None
        signpost = SignpostTo(sign.agency, self._catalogue.agencies[sign.agency])
        decided = self.to_agency(enquiry, signpost, where, 0.9, candidates, None, sign, words)
        return replace(decided, rule=f"danger:{sign.id}")

    def which_service(
        self,
        enquiry: Enquiry,
        candidates: tuple[Candidate, ...],
        where: Where,
        danger: UrgentSign | None,
        words: str,
        reason: str = "The words alone do not settle what it is about.",
    ) -> Decision:
        base = Decision(
            outcome=OutcomeKind.QUESTION,
            rule="service:unclear",
            data_version=self._version,
            candidates=candidates,
            place=where.as_place(),
            confidence=candidates[0].score if candidates else 0.0,
            urgent=danger is not None,
            advice=danger.tell if danger else None,
            runner_up=candidates[1].slug if len(candidates) > 1 else None,
            words=words,
        )
        return ask(base, "service", wording.WHICH_SERVICE, reason)

    def noise(self, kind: str) -> Decision:
        return Decision(
            outcome=OutcomeKind.NOISE,
            rule=f"noise:{kind}",
            data_version=self._version,
            confidence=0.9,
            staff_reasons=(f"Nothing is asked for ({kind.replace('-', ' ')}).",),
        )

    def _no_longer_provided(self, base: Decision, service: Service) -> Decision:
        note = f"“{service.title}” has not been provided since {service.closed_on:%-d %B %Y}."
        instead = self._catalogue.services.get(service.instead or "")
        if instead:
            note += f" “{instead.title}” took its place."
            base = replace(base, candidates=(Candidate(instead.slug, 0.5, instead.lgsl), *base.candidates))
        asked = ask(base, "service", wording.WHICH_SERVICE, "The service is no longer provided.")
        return replace(asked, rule="service:closed", confidence=0.0, public_reasons=(note,))


def _only(where: Where) -> str | None:
    return where.districts[0] if len(where.districts) == 1 else None
