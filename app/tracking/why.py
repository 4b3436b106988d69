"""Why a case is with the council that has it, in words for whoever asked: what we went by, how sure, what changed."""

from __future__ import annotations

import re

from app.formats import as_date
from app.wiring import the_kit
from cases.actions.move_case import SETTLED, HandoverReason
from cases.actions.refuse_case import ARBITER, RefusalReason
from cases.actions.settle_by_key import NOTHING_ASKED
from cases.queries.tracking import TrackedCase, Why

_SURE = ((0.9, "We were very sure"), (0.7, "We were fairly sure"), (0.4, "We were not quite sure"), (0.0, "We guessed"))
# A postcode, or what was written for one.
_REPEATS = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|is not a postcode", re.IGNORECASE)
_CHANGED = {
    SETTLED: "Somebody read it and said what it is about",
    NOTHING_ASKED: "Somebody read it and found nothing asked for",
    HandoverReason.WRONG_SERVICE: "We had taken it for something else",
    HandoverReason.WRONG_PLACE: "We had put it in the wrong place",
    HandoverReason.OTHER_COUNCILS_JOB: "It is another council’s job",
    HandoverReason.OTHER_TEAMS_JOB: "It is another team’s job",
    HandoverReason.AGREEMENT: "The councils have agreed who does it",
    RefusalReason.NOT_OUR_SERVICE: "The council it was passed to does not do this",
    RefusalReason.NOT_OUR_AREA: "The place is not in the area of the council it was passed to",
    RefusalReason.AGREEMENT_SAYS_OTHERWISE: "The councils have agreed who does it",
    RefusalReason.NOT_ENOUGH_KNOWN: "The council it was passed to needs to know more",
    ARBITER: "The councils did not agree, so we decided",
}


def why_of(case: TrackedCase) -> list[str]:
    """Sentences, in the order of what happened. None names an address or repeats what was written."""
    said = []
    first = next((why for why in case.why if why.correction_code is None), None)
    if first:
        said.append(_went_by(case, first))
        said += [reason for reason in first.reasons if not _REPEATS.search(reason)]
        said.append(_how_sure(first))
    return said + [_changed(why) for why in case.why if why.correction_code]


def _went_by(case: TrackedCase, why: Why) -> str:
    inputs = ["what you told us", "the place" if case.has_place else "", "your answers" if case.has_answers else ""]
    given = [text for text in inputs if text]
    listed = given[0] if len(given) == 1 else f"{', '.join(given[:-1])} and {given[-1]}"
    service = the_kit().service(why.service_slug)
    return f"We went by {listed}." + (f" We understood it as: {service.title}." if service else "")


def _how_sure(why: Why) -> str:
    sure = next(words for least, words in _SURE if why.confidence >= least)
    kit = the_kit()
    other = kit.service(why.runner_up)
    agency = kit.catalogue.agencies.get(why.runner_up or "")
    name = other.title if other else agency.name if agency else None
    return f"{sure}. It could also have been about: {name}." if name else f"{sure}."


def _changed(why: Why) -> str:
    text = _CHANGED.get(why.correction_code or "", "Somebody put it right")
    council = the_kit().authority_name(why.authority_gss)
    return f"{as_date(why.at)}: {text}. It went to {council}."
