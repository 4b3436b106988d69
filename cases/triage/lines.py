"""Triage by lines of JSON: the shape that other programs rely on. It touches no case."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service
from cases.register.register import Register
from cases.text_cleaning import clean
from cases.triage.decision import Answer, Decision, Enquiry
from cases.triage.engine import Triage

LONGEST_LINE = 1_000_000
LEAST_GUESS = 0.15
LONGEST_NUMBER = 100  # digits; Python itself refuses thousands


class LineError(ValueError):
    """A line that cannot be read as an enquiry; ``str()`` says why."""


def answer_line(triage: Triage, line: str, today: date) -> dict[str, Any] | None:
    """The answer to one line; None for a blank one; ``{"id", "error"}`` for one that cannot be read."""
    if not line.strip():
        return None
    asked: object = None
    try:
        if len(line) > LONGEST_LINE:
            raise LineError("the line is longer than a million characters")
        try:
            asked = _READER.decode(line.removeprefix("\ufeff").strip())
        except (ValueError, RecursionError) as error:
            raise LineError(f"not JSON: {error}") from None
        if not isinstance(asked, dict):
            raise LineError("a line is one JSON object")
        decisions = triage.decide(_enquiry(asked, triage.register, today))
    except LineError as error:
        return {"id": asked.get("id") if isinstance(asked, dict) else None, "error": str(error)}
    first = next((d for d in decisions if d.urgent), decisions[0])
    catalogue = triage.catalogue
    answer = {"id": asked.get("id"), **_as_json(first, catalogue)}
    answer["also"] = [_as_json(d, catalogue) for d in decisions if d is not first]
    return answer


def _enquiry(asked: Mapping[str, Any], register: Register, today: date) -> Enquiry:
    service = asked.get("service")
    if isinstance(service, bool) or not isinstance(service, str | int | None):
        raise LineError("service is an LGSL number or a slug")
    council = _text(asked, "council")
    if council and register.find(council.strip()) is None:
        raise LineError(f"no council is known as {council[:60]}")
    return Enquiry(
        on=_day(asked, today),
        text=clean(_text(asked, "text") or ""),
        service=(clean(service).strip() or None) if isinstance(service, str) else service,
        postcode=clean(_text(asked, "postcode") or "") or None,
        council=council.strip() if council else None,
        answers=_answers(asked),
        channel=_text(asked, "channel"),
    )


def _text(asked: Mapping[str, Any], name: str) -> str | None:
    value = asked.get(name)
    if value is not None and not isinstance(value, str):
        raise LineError(f"{name} is a string")
    return value


def _number(text: str) -> float:
    """Python reads NaN, Infinity and 1e999; JSON has no way to write them back."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is no number")
    return value


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} digits is too long")
    return int(text)


_READER = json.JSONDecoder(parse_constant=_number, parse_float=_number, parse_int=_whole)


def _day(asked: Mapping[str, Any], today: date) -> date:
    said = _text(asked, "on")
    try:
        return date.fromisoformat(said) if said else today
    except ValueError:
        raise LineError("on is a date such as 2026-11-21") from None


def _answers(asked: Mapping[str, Any]) -> dict[str, Answer]:
    given = asked.get("answers")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise LineError("answers is an object of question ids and values")
    return {str(k): _answer(v) for k, v in given.items() if v is not None}


def _answer(value: Any) -> Answer:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return tuple(clean(str(v)) for v in value)
    return clean(str(value))


def _likeliest(decision: Decision, catalogue: Catalogue) -> Service | None:
    """What the words would most likely be about, where it still has to be asked: a guess that says that it is one."""
    best = decision.candidates[0] if decision.candidates else None
    if decision.rule != "service:unclear" or best is None or best.is_agency or best.score < LEAST_GUESS:
        return None
    return catalogue.services.get(best.slug)


def _as_json(decision: Decision, catalogue: Catalogue) -> dict[str, Any]:
    service, authority, place = decision.service or _likeliest(decision, catalogue), decision.authority, decision.place
    return {
        "service": {"lgsl": service.lgsl, "slug": service.slug, "name": service.title} if service else None,
        "candidates": [{"lgsl": c.lgsl, "slug": c.slug, "score": c.score} for c in decision.candidates[:5]],
        "authority": {"gss": authority.gss, "name": authority.name} if authority else None,
        "queue": decision.queue,
        "outside": {"agency": decision.outside.agency, "how": decision.outside.how} if decision.outside else None,
        "place": {"postcode": place.postcode, "district": place.district} if place else None,
        "confidence": round(decision.confidence, 3),
        "urgent": decision.urgent,
        "needs": list(decision.needs),
        "reasons": list(decision.reasons),
    }
