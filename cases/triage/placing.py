"""From a service and its deciding place to whose job it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import PlaceAbout, Service, Tier
from cases.register.register import Authority, Register
from cases.triage import wording
from cases.triage.agreements import Agreements, Circumstances
from cases.triage.asking import ask
from cases.triage.decision import Decision, Enquiry, OutcomeKind
from cases.triage.places import Where
from cases.triage.responsibility import Responsible, by_agreement, is_single_tier
from cases.triage.responsibility import settle as responsible
from cases.triage.signposting import to_agency, to_council_outside, to_crown_dependency


class Placing:
    """Settles a service that has been understood, by its place, its council or its one question."""

    def __init__(self, catalogue: Catalogue, register: Register, agreements: Agreements) -> None:
        self._catalogue, self._register, self._agreements = catalogue, register, agreements

    def settle(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        about = service.place.about
        if about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER) or tier is Tier.COUNCIL:
            return self._by_council(enquiry, base, service, tier, where)
        if where.said and not where.is_known and not where.districts:
            note = f"{where.postcode or where.said[:20]} is not a postcode that we know."
            return ask(base, "place", wording.needs_place(service), note)
        if not where.districts:
            return self._without_place(enquiry, base, service, tier, where)
        if where.districts[0][0] in "LM":
            return to_crown_dependency(self._register, base, where.districts[0])
        return self._by_district(enquiry, base, service, tier, where)

    def _by_council(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        """The council approached, chosen or named on the paper; a postcode alone only suggests one."""
        concerned = self._concerned(where.council, tier, enquiry.on) if where.council else None
        if concerned:
            given = _circumstances(enquiry, where)
            agreed = by_agreement(
                self._register, self._agreements, service, concerned.gss, enquiry.on, concerned, given
            )
            if agreed:
                return self._finish(base, service, agreed, None)
            return self._finish(base, service, Responsible(concerned, "council:named"), None)
        question = service.place.ask or wording.WHICH_COUNCIL
        district = where.districts[0] if len(where.districts) == 1 else None
        if district is None or district[0] in "LM":
            note = f"{where.council.name} does not do this itself." if where.council else "No council was named."
            return ask(base, "council", question, f"The council itself decides this. {note}")
        if tier in (Tier.COUNTY, Tier.DISTRICT) or is_single_tier(
            self._register, district, enquiry.on, postcode=where.postcode
        ):
            found = responsible(
                self._register,
                self._agreements,
                service,
                tier if tier is Tier.COUNTY else Tier.DISTRICT,
                district,
                enquiry.on,
                postcode=where.postcode,
                given=_circumstances(enquiry, where),
            )
            if found:
                note = "Taken as the council of that place, because no other was named."
                guess = replace(base, confidence=min(base.confidence, 0.6), needs=("council",), question=question)
                return self._finish(guess, service, found, self._register.by_gss(district), note)
        return ask(base, "council", question, "Two councils serve that place, and the one concerned was not named.")

    def _concerned(self, council: Authority, tier: Tier, on: date) -> Authority | None:
        """The council named, or the one of the service's tier above it, or what took its place; None: it cannot be."""
        wanted = tier if tier in (Tier.COUNTY, Tier.DISTRICT) else council.tier
        level: Literal["county", "district"] = "county" if wanted == "county" else "district"
        return self._register.responsible_for(level, council.gss, on, as_council=True)

    def _without_place(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        """No place known; a council named in its stead is enough when it settles the tier."""
        council = where.council
        if council and tier is Tier.BOTH and council.tier == "district":
            return self._split(enquiry, base, service, council)
        if council and (tier is not Tier.BOTH or council.tier == "unitary"):
            tier = Tier.DISTRICT if tier is Tier.BOTH else tier
            given = _circumstances(enquiry, where)
            found = responsible(
                self._register, self._agreements, service, tier, council.gss, enquiry.on, given=given
            )
            if found:
                return self._finish(base, service, found, council if council.tier == "district" else None)
        if where.is_known:
            note = f"It is not on record which council {where.postcode} lies in."
            return ask(base, "address", wording.needs_place(service), note)
        return ask(base, "place", wording.needs_place(service), "The place decides whose job it is.")

    def _by_district(self, enquiry: Enquiry, base: Decision, service: Service, tier: Tier, where: Where) -> Decision:
        on = enquiry.on
        if tier is Tier.BOTH:
            if all(is_single_tier(self._register, d, on, postcode=where.postcode) for d in where.districts):
                tier = Tier.DISTRICT
            else:
                local = self._register.by_gss(where.districts[0])
                return self._split(enquiry, base, service, local)
        given = _circumstances(enquiry, where)
        found = [
            responsible(
                self._register, self._agreements, service, tier, d, on, postcode=where.postcode, given=given
            )
            for d in where.districts
        ]
        authorities = {f.authority.gss if f else None for f in found}
        if len(authorities) > 1:
            name = where.named.name if where.named else "That place"
            return ask(base, "place", wording.needs_place(service), f"{name} lies in more than one council's area.")
        if found[0] is None:
            note = "The register cannot say which council serves that place on that day."
            return ask(base, "address", wording.needs_place(service), note)
        district = self._register.by_gss(where.districts[0]) if len(where.districts) == 1 else None
        return self._finish(base, service, found[0], district)

    def _split(self, enquiry: Enquiry, base: Decision, service: Service, local: Authority | None) -> Decision:
        """Both tiers have a part: one question of the catalogue settles it."""
        question = service.question(service.split) if service.split else None
        if question is None:
            return ask(base, "council", wording.WHICH_COUNCIL, "Both councils there provide it.")
        if question.id in enquiry.answers:
            note = "The answer given does not say which council's part it is."
            return replace(base, rule="split:undecided", queue=None, staff_reasons=(*base.staff_reasons, note))
        area = local.name if local else "that area"
        asked = ask(base, "answer", question.ask, f"Both councils for {area} have a part in it.")
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
            return to_council_outside(decided, authority, public)
        if service.needs_council_homes and authority.council_homes is False:
            reason = f"{authority.name} owns no homes; the landlord named in the tenancy agreement does repairs."
            landlord = next((c.removeprefix("agency:") for c in service.could_be if c.startswith("agency:")), None)
            if landlord:
                sent = to_agency(self._catalogue, replace(decided, authority=None), landlord, None, "no-council-homes")
                return replace(sent, public_reasons=(reason, *sent.public_reasons))
        return replace(decided, queue=f"{(found.area_team or authority).slug}-{service.team}")


def _circumstances(enquiry: Enquiry, where: Where) -> Circumstances:
    council = where.council.gss if where.council else None
    return Circumstances(where.postcode if where.is_known else None, enquiry.answers, council)
