"""From what was typed about one question to what triage and ``record_contact`` take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.citizen.answers import AnswerError, Asked, asked_first, is_asked, read_answer
from app.desk.call_form import Ends, MatterFields
from cases.actions.given import NewMatter, PlaceGiven
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason
from cases.catalogue.schema import Agency, QuestionType, Service
from cases.models.place import Address, PlaceKind
from cases.postcodes.text import find_postcodes, read_postcode
from cases.queries.addresses import find_address
from cases.triage.decision import Answer, Decision

LONGEST_PLACE = 2_000
LIKELY = 0.33  # asking once too often costs a tick; once too seldom may put somebody in danger

_REASON_CODES = frozenset(reason.value for reason in HandoverReason)
_UPRN = re.compile(r"[0-9]{1,12}")
_HOUSE = re.compile(r"(?P<number>\d{1,5}[A-Za-z]?)[\s,]+(?P<street>[^\d,][^,]{2,80})")
_STREET = re.compile(
    r"[^,]{0,60}\b(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|way|crescent|court|place|terrace|grove|hill|"
    r"gardens|row|square|mews|walk|rise|view|gate)\b\.?",
    re.IGNORECASE,
)


def service_of(kit: Kit, fields: MatterFields) -> Service | None:
    """The service that was chosen; the box's words count only while they are still its title."""
    chosen = kit.service(fields.service)
    if chosen and _same(fields.about, chosen.title):
        return chosen
    return next((s for s in kit.catalogue.services.values() if _same(fields.about, s.title)), None)


def agency_of(kit: Kit, fields: MatterFields) -> Agency | None:
    """The other body that was chosen in the same box."""
    return next((a for a in kit.catalogue.agencies.values() if fields.about and _same(fields.about, a.name)), None)


def words_of(kit: Kit, fields: MatterFields) -> str:
    """The customer's words: with a service chosen the notes alone, else what was typed in its box as well."""
    parts = [fields.text] if service_of(kit, fields) else [fields.about, fields.text]
    return "\n".join(part.strip() for part in parts if part.strip())


def matter_given(
    session: Session, kit: Kit, fields: MatterFields, *, join_case_id: int | None = None, queue: str | None = None
) -> NewMatter:
    """What can be understood of it so far; what cannot is left out."""
    service, agency = service_of(kit, fields), agency_of(kit, fields)
    text = words_of(kit, fields)
    if service is None and agency is None and any(any(v) for v in fields.answers.values()):
        service = kit.service(fields.understood)
    ends = cast(Ends, fields.ends if fields.ends in ("information-given", "signposted") else "case")
    if agency and not service and not queue:
        ends = "signposted"
    return NewMatter(
        text=text,
        service=service.slug if service else None,
        place=place_given(kit, fields, find_address(session, fields.uprn) if fields.uprn else None),
        council=fields.council or None,
        answers=read_answers(service, fields.answers)[0] if service else {},
        join_case_id=join_case_id,
        ends=ends,
        signpost=agency.slug if agency and ends == "signposted" else None,
        queue=queue,
        correction_code=fields.why if queue and fields.why in _REASON_CODES else None,
    )


def place_given(kit: Kit, fields: MatterFields, address: Address | None) -> PlaceGiven | None:
    """The place in its words, beside the property chosen from a council's list when there is one."""
    said = fields.place.strip()
    area = kit.register.by_gss(fields.area)
    if not (said or fields.no_fixed_address or area or address):
        return None
    house = _HOUSE.match(address.line if address else said)
    road = _STREET.match(said)
    street = house["street"].strip() if house else (road[0].strip() if road else None)
    postcode = address.postcode if address else postcode_in(kit, said)
    return PlaceGiven(
        kind=_kind_of_place(fields, bool(house or address), street, postcode),
        said=(address.line if address else said[:LONGEST_PLACE]) or None,
        postcode=postcode,
        uprn=address.uprn if address else None,
        number=house["number"] if house else None,
        street=street[:200] if street else None,
        district=area.gss if area else (address.district_gss if address else None),
    )


def _kind_of_place(fields: MatterFields, is_property: bool, street: str | None, postcode: str | None) -> PlaceKind:
    if fields.no_fixed_address:
        return PlaceKind.NO_FIXED_ADDRESS
    if is_property:
        return PlaceKind.PROPERTY
    if street:
        return PlaceKind.STREET
    return PlaceKind.POSTCODE if postcode else PlaceKind.NAME


def postcode_in(kit: Kit, said: str) -> str | None:
    """The postcode in what was said, when there is one that we know."""
    index = kit.triage.postcodes()
    found = find_postcodes(said, index)
    return found[0].postcode if found else None


def unknown_postcode(kit: Kit, said: str) -> str | None:
    """What is shaped like a postcode but is none that we know."""
    index = kit.triage.postcodes()
    for part in (said, *said.split(",")):
        reading = read_postcode(part.strip(), index)
        if reading and index.lookup(reading) is None and not find_postcodes(said, index):
            return reading
    return None


def read_answers(
    service: Service, typed: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Answer], dict[str, tuple[Asked, str]]]:
    """The answers, and what is wrong with the others: question id → the question and why."""
    answers: dict[str, Answer] = {}
    faults: dict[str, tuple[Asked, str]] = {}
    first = [Asked.of(rule) for rule in asked_first(service)]
    for asked in first:
        _read(asked, typed, answers, None)
    for question in service.questions:
        if is_asked(question, answers):
            _read(Asked.of(question), typed, answers, faults)
    return answers, faults


def may_be_sensitive(kit: Kit, decisions: tuple[Decision, ...]) -> bool:
    """Whether it is, or could well be, something that nothing may be sent about."""
    likely = {c.slug for d in decisions for c in d.candidates if c.score >= LIKELY}
    likely |= {d.service.slug for d in decisions if d.service}
    return any(service.sensitive for slug in likely if (service := kit.service(slug)))


def _read(
    asked: Asked,
    typed: Mapping[str, tuple[str, ...]],
    answers: dict[str, Answer],
    faults: dict[str, tuple[Asked, str]] | None,
) -> None:
    try:
        answer = read_answer(asked, _as_form(asked, typed.get(asked.id, ())))
    except AnswerError as error:
        if faults is not None:
            faults[asked.id] = (asked, str(error))
        return
    if answer:
        answers[asked.id] = answer


def _as_form(asked: Asked, values: tuple[str, ...]) -> MultiDict[str, str]:
    if asked.type is QuestionType.DATE and values and (m := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", values[0].strip())):
        return MultiDict({"answer-year": m[1], "answer-month": m[2], "answer-day": m[3]})
    if asked.type is QuestionType.DATE and values:
        parts = [p for p in re.split(r"[^\w]+", values[0].strip()) if p]
        return MultiDict(dict(zip(("answer-day", "answer-month", "answer-year"), parts, strict=False)))
    return MultiDict([("answer", value) for value in values])


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
