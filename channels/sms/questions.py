"""The one question that would decide a matter: asking it, and reading the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cases.catalogue.schema import QuestionType, Service, Tier
from cases.models.contact import Matter, TextConversation
from cases.postcodes.text import find_postcodes
from cases.triage.decision import Decision
from cases.triage.signals import fold
from channels.sms import texts
from channels.sms.silence import is_unspoken
from channels.sms.talk import Talk

LAPSES_AFTER = timedelta(days=7)
MOST_CANDIDATES = 3
MOST_AREAS = 4
_NUMBER = re.compile(r"\W*(?:(?:option|number|no|choice)\W*)?(\d{1,2})\W*", re.IGNORECASE)
_POSTCODE_SHAPED = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Option:
    value: str
    label: str


def open_question(talk: Talk) -> TextConversation | None:
    """What we last asked this number and still wait for."""
    return talk.session.scalars(
        select(TextConversation)
        .where(TextConversation.their_number == talk.number, TextConversation.answered_at.is_(None))
        .where(TextConversation.lapses_at > talk.now)
        .order_by(TextConversation.id.desc())
        .limit(1)
    ).first()


def ask(talk: Talk, matter: Matter, decision: Decision) -> str:
    """Keep that we ask, and give the question's words with its choices. An earlier open question is let go."""
    for earlier in talk.session.scalars(
        select(TextConversation).where(
            TextConversation.their_number == talk.number, TextConversation.answered_at.is_(None)
        )
    ):
        earlier.answered_at, earlier.note = talk.now, "superseded"
    need = decision.needs[0]
    options = _options(talk, decision)
    talk.session.add(
        TextConversation(
            their_number=talk.number,
            our_number=talk.text.our_number,
            matter_id=matter.id,
            asks_for=need,
            options={
                "question": decision.question_id,
                "likeliest": decision.authority.gss if decision.authority else None,
                "choices": [{"value": o.value, "label": o.label} for o in options],
            },
            asked_at=talk.now,
            lapses_at=talk.now + LAPSES_AFTER,
        )
    )
    talk.session.flush()
    wrong = _unknown_postcode(talk) if need in ("place", "address") else ""
    return " ".join(part for part in (decision.question, wrong, how_to_answer(need, options)) if part)


def _unknown_postcode(talk: Talk) -> str:
    """What to say of a postcode in the text that is none, so that nobody thinks it was not read."""
    shaped = _POSTCODE_SHAPED.search(talk.body)
    if not shaped or find_postcodes(talk.body, talk.kit.triage.postcodes()):
        return ""
    return texts.unknown_postcode(f"{shaped[1]} {shaped[2]}".upper())


def how_to_answer(need: str, options: list[Option]) -> str:
    if options and need in ("place", "address"):
        return f"{texts.choices([o.label for o in options])} {texts.PLACE_INSTEAD}"
    if options:
        return texts.choices([o.label for o in options])
    if need in ("place", "address"):
        return texts.PLACE_HOW
    if need == "service":
        return "Say it in a few words, for example: bin not emptied."
    return ""


def likeliest(conversation: TextConversation) -> str | None:
    """The council that had the case when we asked; None while nobody could be told to have it."""
    found: str | None = conversation.options.get("likeliest")
    return found


def kept_options(conversation: TextConversation) -> list[Option]:
    kept: list[dict[str, Any]] = conversation.options.get("choices", [])
    return [Option(str(o["value"]), str(o["label"])) for o in kept]


def read_choice(options: list[Option], answer: str) -> Option | None:
    """By its number or by its words; None when it is neither, or could be two."""
    numbered = _NUMBER.fullmatch(answer.strip())
    if numbered:
        n = int(numbered[1])
        return options[n - 1] if 1 <= n <= len(options) else None
    said = fold(answer)
    if not said:
        return None
    same = [o for o in options if said in (fold(o.label), fold(o.value))]
    if same:
        return same[0]
    within = [o for o in options if f" {fold(o.label)} " in f" {said} "]
    if not within and len(said) >= 4:
        within = [o for o in options if f" {fold(o.label)} ".startswith(f" {said} ")]
    return within[0] if len(within) == 1 else None


def is_number_only(answer: str) -> bool:
    return _NUMBER.fullmatch(answer.strip()) is not None


def _options(talk: Talk, decision: Decision) -> list[Option]:
    need = decision.needs[0]
    if need in ("place", "address"):
        return _areas(talk, decision)
    if need == "service":
        return _candidates(talk, decision)
    if need == "council":
        return _councils(talk, decision.service)
    if need == "answer" and decision.service and decision.question_id:
        return _choices(decision.service, decision.question_id)
    return []


def _candidates(talk: Talk, decision: Decision) -> list[Option]:
    """Services only: a body that is not a council is found by saying what is wrong."""
    found = []
    for candidate in decision.candidates:
        service = talk.kit.service(candidate.slug)
        if service and not is_unspoken(talk.kit, candidate.slug) and service.is_provided(talk.today):
            found.append(Option(service.slug, service.title))
    return found[:MOST_CANDIDATES]


def _areas(talk: Talk, decision: Decision) -> list[Option]:
    """The districts among which the question chooses, when they are few enough to be read out."""
    found = [talk.kit.register.by_gss(gss) for gss in decision.areas[: MOST_AREAS + 1]]
    return [Option(a.gss, a.short_name) for a in found if a] if 1 < len(found) <= MOST_AREAS else []


def _councils(talk: Talk, service: Service | None) -> list[Option]:
    register = talk.kit.register
    open_ones = [a for a in register.authorities.values() if a.is_open(talk.today)]
    if service and service.tier in (Tier.COUNTY, Tier.DISTRICT):
        open_ones = [a for a in open_ones if a.tier in (service.tier.value, "unitary")]
    return [Option(a.gss, a.short_name) for a in open_ones]


def _choices(service: Service, question_id: str) -> list[Option]:
    question = service.question(question_id)
    if question is None:
        return []
    if question.type is QuestionType.YES_NO and not question.choices:
        return [Option("yes", "Yes"), Option("no", "No")]
    return [Option(choice.value, choice.label) for choice in question.choices]
