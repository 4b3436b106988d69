"""Deciding: one enquiry in, one decision for each matter out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service, UrgentSign
from cases.postcodes.entry import KnowsPostcodes
from cases.register.register import Register
from cases.triage.agreements import Agreements
from cases.triage.decision import Decision, Enquiry, SignpostTo
from cases.triage.matters import Part, pieces_of, split_matters
from cases.triage.outcomes import Outcomes
from cases.triage.place_reading import PlaceReader
from cases.triage.place_roads import first_by_road
from cases.triage.places import Where
from cases.triage.rules import Rules
from cases.triage.signals import LONGEST_READ, Signals, fold
from cases.understanding.candidate import Candidate
from cases.understanding.completing import Completer
from cases.understanding.reading import Reading, Understanding

SURE = 0.5  # below it the words alone do not settle the service
DANGER = -0.9  # log odds from which on words are taken for danger; recall before precision
CHATTER = "chatter"
FEWEST_WORDS_OF_DANGER = 3
SURE_TOGETHER, MOST_ALIKE = 0.7, 3  # how likely a few services must be together to be treated as one
SURE_IN_DANGER = 0.4  # below it the sign of danger says where the matter goes
LISTED = 2.85  # what a listed sign adds to them
NOISE = 0.5  # from here on nothing is asked for
OFFERED = 0.04  # below it a meaning misleads whoever still types more than it helps


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
        understanding: Understanding,
    ) -> None:
        self.catalogue, self.register, self.postcodes = catalogue, register, postcodes
        self.understanding = understanding
        self._completer = Completer(catalogue)
        self._signals = Signals.of(catalogue.urgent_signs, catalogue.noise)
        self._places = PlaceReader(catalogue, register)
        self.rules = Rules(catalogue, register, agreements)
        self._version = f"{catalogue.version}.{register.version}{understanding.version}"
        self.data_version = self._version
        self._outcomes = Outcomes(catalogue, register, agreements, self.data_version)

    def reading(self, postcodes: Callable[[], KnowsPostcodes]) -> Triage:
        """The same triage over other postcodes; what was compiled is shared."""
        other = copy(self)
        other.postcodes = postcodes
        return other

    def understood_by(self, understanding: Understanding) -> Triage:
        """The same rules over another understanding of words."""
        other = Triage(
            self.catalogue, self.register, self.rules.agreements, self.postcodes, understanding=understanding
        )
        return other.under(self.rules)

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
        text = enquiry.text[:LONGEST_READ]
        parts = self._with_hidden_danger(text, split_matters(text, self.understanding.read_all))
        danger = self._danger(text, parts[0][1]) if len(parts) == 1 else self._danger(text)
        kind = None if danger else self._noise_kind(text, parts)
        if kind == CHATTER and self.where(enquiry, text).districts:
            kind = None  # somebody who says where says something
        if kind and not (enquiry.postcode or enquiry.district or enquiry.council or enquiry.place_said):
            return (self._outcomes.noise(kind),)
        decided = tuple(self._for_words(enquiry, part, reading) for part, reading in parts)
        if danger and not any(d.urgent for d in decided):
            decided = (self._for_danger(enquiry, danger, text, self.understanding.read(text)), *decided[1:])
        return decided

    def suggest(self, typed: str, most: int = 8) -> tuple[Candidate, ...]:
        """What the words could mean while they are still being typed, best first: the last may be half a word."""
        read = tuple(c for c in self.understanding.read(typed).candidates if c.score >= OFFERED)
        begun = self._completer.complete(typed, most)
        sure = read[:1] if read and read[0].score >= SURE else ()
        return tuple({c.slug: c for c in (*sure, *begun, *read)}.values())[:most]

    def _danger(self, text: str, reading: Reading | None = None) -> UrgentSign | None:
        """A sign whose words occur, or the nearest one when the words as a whole tell of danger."""
        sign = self._signals.danger(fold(text)) or self._signals.danger(self.understanding.normalised(text))
        reading = reading or self.understanding.read(text)
        if sign and self._signals.is_mostly(sign, fold(text)):
            return sign
        if reading.danger + (LISTED if sign else 0) < DANGER:
            return None
        if sign is None and len(self.understanding.normalised(text).split()) < FEWEST_WORDS_OF_DANGER:
            return None  # a bare word is near to everything that has it
        return sign or self._sign_for(reading)

    def _sign_for(self, reading: Reading) -> UrgentSign | None:
        """The nearest danger that leads to where the words do; else the nearest."""
        near = [self._signals.by_id[each] for each in reading.signs if each in self._signals.by_id]
        best = reading.candidates[0].slug if reading.candidates else None
        return next((s for s in near if best in (s.service, s.agency)), near[0] if near else None)

    def _with_hidden_danger(self, text: str, parts: list[Part]) -> list[Part]:
        """A sign that is most of one half of the message is a matter of its own, however calm the whole sounds."""
        if len(parts) > 1 or self._danger(text, parts[0][1]):
            return parts
        for piece in pieces_of(text):
            reading = self.understanding.read(piece)
            if piece != text and self._signals.danger(fold(piece)) and self._danger(piece, reading):
                return [*parts, (piece, reading)]
        return parts

    def _noise_kind(self, text: str, parts: Sequence[Part]) -> str | None:
        listed = self._signals.noise_kind(fold(text), text)
        return listed or (CHATTER if len(parts) == 1 and parts[0][1].noise >= NOISE else None)

    def best(self, enquiry: Enquiry) -> Decision:
        """The most urgent matter, else the first."""
        decisions = self.decide(enquiry)
        return next((d for d in decisions if d.urgent), decisions[0])

    def where(self, enquiry: Enquiry, words: str = "") -> Where:
        """The deciding place as far as postcode, district, council or words settle it."""
        return self._places.read(enquiry, words, self.postcodes(), self.register)

    def _for_service(
        self, enquiry: Enquiry, service: Service, confidence: float, candidates: tuple[Candidate, ...], words: str = ""
    ) -> Decision:
        where = self.where(enquiry, words)
        said = (words or enquiry.text)[:LONGEST_READ]
        danger = self._danger(said) if said.strip() else None
        return self._outcomes.for_service(enquiry, service, where, confidence, candidates, danger, words)

    def _for_words(self, enquiry: Enquiry, words: str, reading: Reading) -> Decision:
        where, candidates = self.where(enquiry, words), reading.candidates
        danger = self._danger(words, reading)
        first = first_by_road(self.catalogue, candidates, where.road, words)
        if danger and (first is None or first.score < SURE_IN_DANGER):
            return self._for_danger(enquiry, danger, words, reading)
        if first is None or first.score < SURE:
            alike = self._whichever(enquiry, reading, where, danger, words)
            return alike or self._outcomes.which_service(enquiry, candidates, where, danger, words)
        if first.is_agency:
            signpost = SignpostTo(first.slug, self.catalogue.agencies[first.slug])
            return self._outcomes.to_agency(enquiry, signpost, where, first.score, candidates, None, danger, words)
        service = self.catalogue.services[first.slug]
        return self._outcomes.for_service(enquiry, service, where, first.score, candidates, danger, words)

    def _whichever(
        self, enquiry: Enquiry, reading: Reading, where: Where, danger: UrgentSign | None, words: str
    ) -> Decision | None:
        """The likeliest service, when all that are likely lead to one queue: asking which would change nothing."""
        likely: list[Candidate] = []
        for candidate in reading.candidates[:MOST_ALIKE]:
            likely.append(candidate)
            if sum(c.score for c in likely) >= SURE_TOGETHER:
                break
        else:
            return None
        if any(c.is_agency for c in likely):
            return None
        together = min(0.99, sum(c.score for c in likely))
        decided = [
            self._outcomes.for_service(
                enquiry, self.catalogue.services[c.slug], where, together, reading.candidates, danger, words
            )
            for c in likely
        ]
        if decided[0].queue is None or any(d.queue != decided[0].queue for d in decided):
            return None
        titles = " or ".join(f"“{d.service.title}”" for d in decided if d.service)
        note = f"It is {titles}; one team deals with either, so nothing was asked."
        return replace(decided[0], staff_reasons=(*decided[0].staff_reasons, note))

    def _for_danger(self, enquiry: Enquiry, sign: UrgentSign, text: str, reading: Reading) -> Decision:
        """Where the sign leads: danger is not asked what it is about."""
        where = self.where(enquiry, text)
        if sign.service:
            service = self.catalogue.services[sign.service]
            return self._outcomes.for_service(enquiry, service, where, 0.9, reading.candidates, sign, text)
        return self._outcomes.for_danger(enquiry, sign, where, text, reading.candidates)

    def _unknown_service(self, enquiry: Enquiry) -> Decision:
        text = enquiry.text[:LONGEST_READ]
        candidates = self.understanding.read(f"{enquiry.service} {text}").candidates
        reason = f"No service is known as {str(enquiry.service)[:60]}."
        danger = self._danger(text) if text.strip() else None
        return self._outcomes.which_service(enquiry, candidates, self.where(enquiry), danger, enquiry.text, reason)

    def _candidate(self, service: Service) -> tuple[Candidate, ...]:
        return (Candidate(service.slug, 1.0, service.lgsl),)
