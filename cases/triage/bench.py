"""How well free text is understood, on the labelled enquiries; nothing learns from the held-out fifth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.catalogue.loader import Catalogue
from cases.triage.decision import Decision, Enquiry, OutcomeKind
from cases.triage.engine import Triage
from cases.triage.signposting import concrete_agency
from cases.understanding.examples import AGENCY, NOISE
from cases.understanding.labelled import Labelled, PlaceMeant, meaning_in

AT_1, AT_3, AGENCIES, NOISE_REFUSED = "service at 1", "service at 3", "other bodies recognised", "noise refused"
URGENT, FALSE_ALARMS, SEVERAL, PLACES = "urgent recall", "false alarms", "several matters found", "places found"
MEASURES = (AT_1, AT_3, AGENCIES, NOISE_REFUSED, URGENT, FALSE_ALARMS, SEVERAL, PLACES)

Counts = Mapping[str, tuple[int, int]]  # (right, asked) by measure; for false alarms (raised, could have been)


@dataclass(frozen=True)
class Miss:
    said: str
    measure: str
    wanted: str
    understood: str
    is_held_out: bool

    def __str__(self) -> str:
        mark = " [held out]" if self.is_held_out else ""
        return f"{self.measure}: {self.said!r}: wanted {self.wanted}, understood {self.understood}{mark}"


@dataclass(frozen=True)
class Score:
    all: Counts
    held_out: Counts
    misses: tuple[Miss, ...]

    def lines(self) -> Iterator[str]:
        yield f"{'':<24} {'all':>19}   {'held out':>19}"
        for measure in MEASURES:
            yield f"{measure:<24} {_shown(self.all[measure])}   {_shown(self.held_out[measure])}"


def score(triage: Triage, labelled: Iterable[Labelled], on: date) -> Score:
    counts = {measure: [[0, 0], [0, 0]] for measure in MEASURES}
    misses: list[Miss] = []
    for item in labelled:
        decisions = triage.decide(Enquiry(on=on, text=item.say))
        for measure, happened in _judged(triage, item, decisions):
            for right_asked in counts[measure][: 2 if item.is_held_out else 1]:
                right_asked[0] += happened
                right_asked[1] += 1
            if happened is (measure == FALSE_ALARMS):
                misses.append(_miss(item, measure, decisions))
    everything, held_out = ({m: (c[i][0], c[i][1]) for m, c in counts.items()} for i in (0, 1))
    return Score(everything, held_out, tuple(misses))


def _judged(triage: Triage, item: Labelled, decisions: Sequence[Decision]) -> Iterator[tuple[str, bool]]:
    """What the enquiry is asked about, and whether it came out so. Places elsewhere are not asked about."""
    catalogue = triage.catalogue
    best = next((d for d in decisions if d.urgent), decisions[0])
    yield (URGENT if item.urgent else FALSE_ALARMS), best.urgent
    if item.place and (item.place.postcode or triage.register.in_partnership(item.place.gss or "")):
        yield PLACES, any(_is_at(item.place, d) for d in decisions)
    if len(item.meanings) > 1:
        found = {m for d in decisions for m in _understood(d)[:1]}
        yield SEVERAL, all(found & _right(catalogue, (m,), decisions) for m in item.meanings)
        return
    right = _right(catalogue, (*item.meanings, *item.also_right), decisions)
    named, *others = item.meanings[0].split(":")
    first, ranked = _understood(best), [_named(c.slug, c.is_agency) for c in best.candidates[:3]]
    if named == NOISE:
        yield NOISE_REFUSED, best.outcome is OutcomeKind.NOISE
    elif others:
        yield AGENCIES, bool(right & {*first, *ranked[:1]})
    else:
        yield AT_1, bool(right & {*first, *ranked[:1]})
        yield AT_3, bool(right & {*first, *ranked})


def _right(catalogue: Catalogue, meanings: Iterable[str], decisions: Sequence[Decision]) -> set[str]:
    """The meanings as the catalogue names them; where a place is known, also its own police, water company …"""
    right = {known for m in meanings if (known := meaning_in(catalogue, m))}
    districts = {d.place.district for d in decisions if d.place}
    bodies = {m.removeprefix(AGENCY) for m in right if m.startswith(AGENCY)}
    return right | {AGENCY + concrete_agency(catalogue, body, where).slug for body in bodies for where in districts}


def _understood(decision: Decision) -> tuple[str, ...]:
    """What it was taken for: nothing, when it was asked or left to a person."""
    if decision.signpost and decision.signpost.agency:
        return (_named(decision.signpost.code, is_agency=True),)
    return (decision.service.slug,) if decision.service else ()


def _named(slug: str, is_agency: bool) -> str:
    return AGENCY + slug if is_agency else slug


def _is_at(meant: PlaceMeant, decision: Decision) -> bool:
    if meant.council:
        is_decided = decision.outcome is OutcomeKind.AUTHORITY
        return is_decided and decision.authority is not None and decision.authority.gss == meant.council
    place = decision.place
    if place is None:
        return False
    return place.district == meant.district if meant.district else place.postcode == meant.postcode


def _miss(item: Labelled, measure: str, decisions: Sequence[Decision]) -> Miss:
    wanted, understood = " + ".join(item.meanings), " + ".join(" ".join(_understood(d)) or d.outcome for d in decisions)
    if measure in (URGENT, FALSE_ALARMS):
        wanted = "danger" if item.urgent else "no alarm"
    if measure == PLACES and item.place:
        wanted = item.place.postcode or item.place.gss or ""
        understood += "".join(f" at {d.place.postcode or d.place.district}" for d in decisions if d.place)
    return Miss(item.say, measure, wanted, understood, item.is_held_out)


def _shown(counted: tuple[int, int]) -> str:
    right, asked = counted
    return f"{right:>4} of {asked:<4} {right / asked if asked else 0:6.1%}"
