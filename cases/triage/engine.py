"""Deciding: one enquiry in, one decision for each matter out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service
from cases.postcodes.entry import KnowsPostcodes
from cases.postcodes.text import find_postcodes, read_postcode
from cases.register.register import Register
from cases.triage.agreements import Agreements
from cases.triage.decision import Candidate, Decision, Enquiry, SignpostTo
from cases.triage.learning import version_of
from cases.triage.matching import WordMatcher
from cases.triage.matters import split_matters
from cases.triage.outcomes import Outcomes
from cases.triage.place_names import PlaceNames
from cases.triage.places import Where
from cases.triage.rules import Rules
from cases.triage.signals import LONGEST_READ, Signals, fold

SURE = 0.55  # below it the words alone do not settle the service
CLEAR = 0.06  # the least distance to the runner-up


class Triage:
    """Holds what deciding needs, built once per process; ``decide`` changes nothing and asks no database.

    ``postcodes`` is called for the index in force, so that a newer one can be put in place while the site runs.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        register: Register,
        agreements: Agreements,
        postcodes: Callable[[], KnowsPostcodes],
        *,
        learned: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.catalogue, self.register, self.postcodes = catalogue, register, postcodes
        self.matcher = WordMatcher(catalogue, learned)
        self._signals = Signals.of(catalogue.urgent_signs, catalogue.noise)
        districts = frozenset(a.gss for a in register.authorities.values())
        self._names = PlaceNames(catalogue.place_names, districts)
        self.rules = Rules(catalogue, register, agreements)
        self._version = f"{catalogue.version}.{register.version}{version_of(learned or {})}"
        self.data_version = self._version
        self._outcomes = Outcomes(catalogue, register, agreements, self.data_version)

    def reading(self, postcodes: Callable[[], KnowsPostcodes]) -> Triage:
        """The same triage over other postcodes; what was compiled is shared."""
        other = copy(self)
        other.postcodes = postcodes
        return other

    def under(self, rules: Rules) -> Triage:
        """The same understanding under other rules; cheap, because no words are read or compiled again."""
        other = copy(self)
        other.rules, other.catalogue, other.register = rules, rules.catalogue, rules.register
        other.data_version = ".".join(part for part in (self._version, rules.version, rules.plans) if part)
        other._outcomes = Outcomes(rules.catalogue, rules.register, rules.agreements, other.data_version)
        return other

    def decide(self, enquiry: Enquiry) -> tuple[Decision, ...]:
        """One decision a matter, in the order they were said; never empty."""
        if enquiry.service is not None:
            service = self.catalogue.find(enquiry.service)
            if service is None:
                return (self._unknown_service(enquiry),)
            return (self._for_service(enquiry, service, 0.99, self._candidate(service)),)
        folded = fold(enquiry.text)
        danger = self._signals.danger(folded)
        kind = None if danger else self._signals.noise_kind(folded, enquiry.text[:LONGEST_READ])
        if kind and not (enquiry.postcode or enquiry.district or enquiry.council or enquiry.place_said):
            return (self._outcomes.noise(kind),)
        parts = split_matters(enquiry.text[:LONGEST_READ], self.matcher, sure=SURE)
        decided = tuple(self._for_words(enquiry, part, candidates) for part, candidates in parts)
        if danger and not any(d.urgent for d in decided):
            decided = (self._for_danger(enquiry, folded), *decided[1:])
        return decided

    def best(self, enquiry: Enquiry) -> Decision:
        """The most urgent matter, else the first."""
        decisions = self.decide(enquiry)
        return next((d for d in decisions if d.urgent), decisions[0])

    def where(self, enquiry: Enquiry, words: str = "") -> Where:
        """The deciding place as far as postcode, district, council or words settle it."""
        index = self.postcodes()
        said = enquiry.postcode or ""
        if not said.strip():
            # A place said once holds for every matter that names none of its own.
            texts = (enquiry.place_said, words, enquiry.text[:LONGEST_READ])
            found = next((f for text in texts if text and (f := find_postcodes(text, index))), None)
            said = found[0].postcode if found else ""
        row = index.lookup(said) if said else None  # in its usual form it is found without trying other readings
        postcode = row.postcode if row else (read_postcode(said, index) if said else None)
        row = row or (index.lookup(postcode) if postcode else None)
        named = None
        if not (row or enquiry.district):
            texts = (enquiry.place_said, words, enquiry.text[:LONGEST_READ])
            named = next((n for text in texts if text and (n := self._names.find(text))), None)
        return Where(
            postcode=postcode,
            said=said,
            row_district=row.district_gss if row else None,
            is_known=row is not None,
            district=enquiry.district or (row.district_gss if row else None),
            named=named,
            council=self.register.find(enquiry.council) if enquiry.council else None,
        )

    def _for_service(
        self, enquiry: Enquiry, service: Service, confidence: float, candidates: tuple[Candidate, ...], words: str = ""
    ) -> Decision:
        where = self.where(enquiry, words)
        danger = self._signals.danger(fold(words or enquiry.text))
        return self._outcomes.for_service(enquiry, service, where, confidence, candidates, danger, words)

    def _for_words(self, enquiry: Enquiry, words: str, candidates: tuple[Candidate, ...]) -> Decision:
        where = self.where(enquiry, words)
        danger = self._signals.danger(fold(words))
        if danger and danger.agency and not (candidates and candidates[0].score >= 0.9):
            return self._outcomes.for_danger(enquiry, danger, where, words)
        if danger and danger.service:
            service = self.catalogue.services[danger.service]
            return self._outcomes.for_service(enquiry, service, where, 0.9, candidates, danger, words)
        first, second = (candidates[0], candidates[1] if len(candidates) > 1 else None) if candidates else (None, None)
        if first is None or first.score < SURE or (second and first.score - second.score < CLEAR and first.score < 0.9):
            return self._outcomes.which_service(enquiry, candidates, where, danger, words)
        if first.is_agency:
            signpost = SignpostTo(first.slug, self.catalogue.agencies[first.slug])
            return self._outcomes.to_agency(enquiry, signpost, where, first.score, candidates, None, danger, words)
        service = self.catalogue.services[first.slug]
        return self._outcomes.for_service(enquiry, service, where, first.score, candidates, danger, words)

    def _for_danger(self, enquiry: Enquiry, folded: str) -> Decision:
        sign = self._signals.danger(folded)
        assert sign is not None
        where = self.where(enquiry)
        if sign.service:
            service = self.catalogue.services[sign.service]
            return self._outcomes.for_service(enquiry, service, where, 0.9, (), sign, enquiry.text[:LONGEST_READ])
        return self._outcomes.for_danger(enquiry, sign, where, enquiry.text[:LONGEST_READ])

    def _unknown_service(self, enquiry: Enquiry) -> Decision:
        candidates = self.matcher.match(f"{enquiry.service} {enquiry.text[:LONGEST_READ]}")
        reason = f"No service is known as {str(enquiry.service)[:60]}."
        return self._outcomes.which_service(
            enquiry, candidates, self.where(enquiry), self._signals.danger(fold(enquiry.text)), enquiry.text, reason
        )

    def _candidate(self, service: Service) -> tuple[Candidate, ...]:
        return (Candidate(service.slug, 1.0, service.lgsl),)
