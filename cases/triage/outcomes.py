"""From a service and a place to an outcome, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Agency, AskFirst, Choice, PlaceAbout, Question, Service, Tier, UrgentSign
from cases.register.register import Authority, Register
from cases.triage import wording
from cases.triage.agreements import Agreements
from cases.triage.decision import (
    Answer,
    Candidate,
    Decision,
    Enquiry,
    Need,
    OutcomeKind,
    Outside,
    SignpostTo,
)
from cases.triage.places import Where
from cases.triage.responsibility import Responsible, is_single_tier, settle

_HOPS = 3  # how many redirects between services are followed before a person must look


@dataclass(frozen=True)
class _Led:
    """Where the answers given so far lead. ``urgent``: the service on the way one of whose answers means danger."""

    service: Service
    tier: Tier
    agency: str | None
    urgent: Service | None
    notes: tuple[str, ...]


class Outcomes:
    """Turns what was understood into a :class:`Decision`; every path gives at least one reason."""

    def __init__(self, catalogue: Catalogue, register: Register, agreements: Agreements, data_version: str) -> None:
        self._catalogue, self._register = catalogue, register
        self._agreements, self._version = agreements, data_version

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
        led = self._follow_answers(enquiry, service)
        service = led.service
        base = self._base(service, where, confidence, candidates, danger, words, led.urgent)
        base = replace(base, staff_reasons=(*base.staff_reasons, *led.notes))
        if not service.is_provided(enquiry.on):
            return self._no_longer_provided(base, service)
        if led.agency:
            return self._signposted(base, led.agency, f"answer:{led.agency}", where)
        return self._by_place(enquiry, base, service, led.tier, where)

    def _follow_answers(self, enquiry: Enquiry, service: Service) -> _Led:
        notes: list[str] = []
        urgent: Service | None = None
        for _ in range(_HOPS):
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
                return _Led(service, tier, None, urgent, tuple(notes))
            kind, _, slug = target.partition(":")
            if kind == "agency":
                return _Led(service, tier, slug, urgent, tuple(notes))
            service = self._catalogue.services[slug]
        return _Led(service, service.tier, None, urgent, tuple(notes))

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
            advice=danger.tell if danger else (answered_urgent.danger if answered_urgent else None),
            runner_up=second,
            words=words,
            staff_reasons=(f"Understood as “{service.title}”.",)
            + (("Words or answers that mean danger.",) if urgent else ()),
        )

    def _by_place(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        about = service.place.about
        if about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER) or tier is Tier.COUNCIL:
            return self._by_council(enquiry, base, service, tier, where)
        if where.said and not where.is_known and not where.districts:
            note = f"{where.postcode or where.said[:20]} is not a postcode that we know."
            return self._ask(base, "place", wording.needs_place(service), note)
        if not where.districts:
            return self._without_place(enquiry, base, service, tier, where)
        if where.districts[0][0] in "LM":
            return self._crown_dependency(base, where)
        return self._by_district(enquiry, base, service, tier, where)

    def _by_council(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        """The council approached, chosen or named on the paper; a postcode alone only suggests one."""
        concerned = self._concerned(where.council, tier, enquiry.on) if where.council else None
        if concerned:
            moved = self._agreements.find(service.slug, concerned.gss, enquiry.on)
            by_agreement = self._register.by_gss(moved.authority) if moved else None
            if moved and by_agreement:
                return self._finish(base, service, Responsible(by_agreement, f"agreement:{moved.id}", moved), None)
            return self._finish(base, service, Responsible(concerned, "council:named"), None)
        question = service.place.ask or wording.WHICH_COUNCIL
        district = where.districts[0] if len(where.districts) == 1 else None
        if district is None or district[0] in "LM":
            note = f"{where.council.name} does not do this itself." if where.council else "No council was named."
            return self._ask(base, "council", question, f"The council itself decides this. {note}")
        if tier in (Tier.COUNTY, Tier.DISTRICT) or is_single_tier(self._register, district, enquiry.on):
            found = settle(
                self._register,
                self._agreements,
                service,
                tier if tier is Tier.COUNTY else Tier.DISTRICT,
                district,
                enquiry.on,
            )
            if found:
                note = "Taken as the council of that place, because no other was named."
                guess = replace(base, confidence=min(base.confidence, 0.6), needs=("council",), question=question)
                return self._finish(guess, service, found, self._register.by_gss(district), note)
        return self._ask(
            base, "council", question, "Two councils serve that place, and the one concerned was not named."
        )

    def _concerned(self, council: Authority, tier: Tier, on: date) -> Authority | None:
        """The council named, or the one of the service's tier above it, or what took its place; None: it cannot be."""
        wanted = tier if tier in (Tier.COUNTY, Tier.DISTRICT) else council.tier
        return self._register.responsible_for("county" if wanted == "county" else "district", council.gss, on)

    def _without_place(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        """No place known; a council named in its stead is enough when it settles the tier."""
        council = where.council
        if council and tier is Tier.BOTH and council.tier == "district":
            return self._split(enquiry, base, service, council)
        if council and (tier is not Tier.BOTH or council.tier == "unitary"):
            tier = Tier.DISTRICT if tier is Tier.BOTH else tier
            found = settle(self._register, self._agreements, service, tier, council.gss, enquiry.on)
            if found:
                return self._finish(base, service, found, council if council.tier == "district" else None)
        if where.is_known:
            note = f"It is not on record which council {where.postcode} lies in."
            return self._ask(base, "address", wording.needs_place(service), note)
        return self._ask(base, "place", wording.needs_place(service), "The place decides whose job it is.")

    def _by_district(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        on = enquiry.on
        if tier is Tier.BOTH:
            if all(is_single_tier(self._register, d, on) for d in where.districts):
                tier = Tier.DISTRICT
            else:
                local = self._register.by_gss(where.districts[0])
                return self._split(enquiry, base, service, local)
        found = [settle(self._register, self._agreements, service, tier, d, on) for d in where.districts]
        authorities = {f.authority.gss if f else None for f in found}
        if len(authorities) > 1:
            name = where.named.name if where.named else "That place"
            return self._ask(
                base, "place", wording.needs_place(service), f"{name} lies in more than one council's area."
            )
        if found[0] is None:
            note = "The register cannot say which council serves that place on that day."
            return self._ask(base, "address", wording.needs_place(service), note)
        district = self._register.by_gss(where.districts[0]) if len(where.districts) == 1 else None
        return self._finish(base, service, found[0], district)

    def _split(self, enquiry: Enquiry, base: Decision, service: Service, local: Authority | None) -> Decision:
        """Both tiers have a part: one question of the catalogue settles it."""
        question = service.question(service.split) if service.split else None
        if question is None:
            return self._ask(base, "council", wording.WHICH_COUNCIL, "Both councils there provide it.")
        if question.id in enquiry.answers:
            note = "The answer given does not say which council's part it is."
            return replace(base, rule="split:undecided", queue=None, staff_reasons=(*base.staff_reasons, note))
        area = local.name if local else "that area"
        asked = self._ask(base, "answer", question.ask, f"Both councils for {area} have a part in it.")
        return replace(asked, question_id=question.id)

    def _finish(
        self, base: Decision, service: Service, found: Responsible, district: Authority | None, note: str | None = None
    ) -> Decision:
        authority = found.authority
        public = wording.looked_after(self._catalogue, service, district.short_name if district else None, authority)
        if found.agreement:
            public = f"{public} {found.agreement.reason}"
        staff = (*base.staff_reasons, wording.tier_reason(service, district, found), *((note,) if note else ()))
        decided = replace(
            base,
            authority=authority,
            rule=found.rule,
            public_reasons=(public,),
            staff_reasons=staff,
            outcome=OutcomeKind.AUTHORITY,
        )
        if not self._register.in_partnership(authority.gss):
            how = f"{authority.name}: {authority.web}" if authority.web else f"{authority.name}, on its own website"
            public = f"{public} It is not one of the councils we work for."
            return replace(
                decided,
                outcome=OutcomeKind.SIGNPOST,
                outside=Outside(authority.name, how),
                signpost=SignpostTo(authority.gss),
                public_reasons=(public,),
            )
        if service.needs_council_homes and authority.council_homes is False:
            reason = f"{authority.name} owns no homes; the landlord named in the tenancy agreement does repairs."
            landlord = next((c.removeprefix("agency:") for c in service.could_be if c.startswith("agency:")), None)
            if landlord:
                sent = self._signpost_fields(replace(decided, authority=None), landlord, None, "no-council-homes")
                return replace(sent, public_reasons=(reason, *sent.public_reasons))
        return replace(decided, queue=f"{authority.slug}-{service.team}")

    def _signposted(self, base: Decision, agency: str, rule: str, where: Where) -> Decision:
        return self._signpost_fields(base, agency, where.districts[0] if len(where.districts) == 1 else None, rule)

    def _signpost_fields(self, base: Decision, slug: str, district: str | None, rule: str) -> Decision:
        agency = self.concrete_agency(slug, district)
        return replace(
            base,
            outcome=OutcomeKind.SIGNPOST,
            rule=rule,
            outside=Outside(agency.name, agency.how),
            signpost=SignpostTo(agency.slug, agency),
            public_reasons=(f"{agency.name} deals with this, not a council. {agency.does}",),
            queue=None,
        )

    def concrete_agency(self, slug: str, district: str | None) -> Agency:
        """The body itself for a generic one: "water-company" is the one ``water-…`` that has the whole district."""
        stem = slug.removesuffix("-company")
        if district and slug.endswith("-company"):
            whole = [
                a for a in self._catalogue.agencies.values() if a.slug.startswith(f"{stem}-") and district in a.area
            ]
            if len(whole) == 1:
                return whole[0]
        if district and slug in ("police", "fire-and-rescue", "national-park"):
            near = [a for a in self._catalogue.agencies.values() if a.slug != slug and district in a.area]
            start = {"police": "police-", "fire-and-rescue": "fire-", "national-park": ""}[slug]
            own = [a for a in near if (a.slug.startswith(start) if start else a.slug.endswith("national-park"))]
            if len(own) == 1:
                return own[0]
        return self._catalogue.agencies[slug]

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
        return self._signposted(base, signpost.code, "agency", where)

    def for_danger(self, enquiry: Enquiry, sign: UrgentSign, where: Where, words: str) -> Decision:
        """Danger that another body must deal with at once."""
        assert sign.agency is not None
        signpost = SignpostTo(sign.agency, self._catalogue.agencies[sign.agency])
        decided = self.to_agency(enquiry, signpost, where, 0.9, (), None, sign, words)
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
        return self._ask(base, "service", wording.WHICH_SERVICE, reason)

    def noise(self, kind: str) -> Decision:
        return Decision(
            outcome=OutcomeKind.NOISE,
            rule=f"noise:{kind}",
            data_version=self._version,
            confidence=0.9,
            staff_reasons=(f"Nothing is asked for ({kind.replace('-', ' ')}).",),
        )

    def _ask(self, base: Decision, need: Need, question: str, note: str) -> Decision:
        return replace(
            base,
            outcome=OutcomeKind.QUESTION,
            rule=base.rule if base.rule != "none" else f"needs:{need}",
            needs=(need,),
            question=question,
            staff_reasons=(*base.staff_reasons, note),
        )

    def _no_longer_provided(self, base: Decision, service: Service) -> Decision:
        note = f"“{service.title}” has not been provided since {service.closed_on:%-d %B %Y}."
        instead = self._catalogue.services.get(service.instead or "")
        if instead:
            note += f" “{instead.title}” took its place."
            base = replace(base, candidates=(Candidate(instead.slug, 0.5, instead.lgsl), *base.candidates))
        asked = self._ask(base, "service", wording.WHICH_SERVICE, "The service is no longer provided.")
        return replace(asked, rule="service:closed", confidence=0.0, public_reasons=(note,))

    def _crown_dependency(self, base: Decision, where: Where) -> Decision:
        island = self._register.by_gss(where.districts[0])
        name = island.name if island else "the island's own government"
        how = f"{name}: {island.web}" if island and island.web else name
        return replace(
            base,
            outcome=OutcomeKind.SIGNPOST,
            rule="outside:crown-dependency",
            authority=None,
            outside=Outside(name, how),
            signpost=SignpostTo(where.districts[0]),
            public_reasons=(wording.CROWN_DEPENDENCY,),
        )


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
