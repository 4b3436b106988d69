"""Answers to the catalogue's questions: choices are kept as codes, free text in rows that can be blanked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases.actions.timeline import keep_words
from cases.catalogue.schema import QuestionType, Service
from cases.models.words import Words, WordsKind
from cases.triage.decision import Answer

_MOMENTS = {QuestionType.DATE, QuestionType.TIME}
_MOMENT = re.compile(r"[\d:.-]{1,20}")


def keep_answers(
    session: Session, service: Service | None, answers: Mapping[str, Answer], controller_gss: str | None, now: datetime
) -> dict[str, Any]:
    """``{question id: code | [codes] | {"words": id}}``; what is none of the question's codes is free text."""
    kept: dict[str, Any] = {}
    for question_id, answer in answers.items():
        values = (answer,) if isinstance(answer, str) else answer
        if service and all(_is_code(service, question_id, value) for value in values):
            kept[question_id] = list(answer) if not isinstance(answer, str) else answer
            continue
        text = answer if isinstance(answer, str) else ", ".join(answer)
        words = keep_words(session, text, WordsKind.ANSWER, controller_gss, now)
        if words:
            kept[question_id] = {"words": words.id}
    return kept


def _is_code(service: Service, question_id: str, value: str) -> bool:
    question = service.question(question_id)
    if question and question.type in _MOMENTS:
        return _MOMENT.fullmatch(value) is not None
    first = next((c for c in service.check_first if c.rule == "ask" and c.id == question_id), None)
    if first:
        return value in ({choice.value for choice in first.choices} or {"yes", "no"})
    if question is None or question.type not in (QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.YES_NO):
        return False
    return value in ({choice.value for choice in question.choices} or {"yes", "no"})


def read_answers(session: Session, kept: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers as given; a blanked one is left out."""
    found: dict[str, Answer] = {}
    for question_id, value in kept.items():
        if isinstance(value, dict):
            words = session.get(Words, value.get("words"))
            if words and words.text:
                found[question_id] = words.text
        else:
            found[question_id] = tuple(value) if isinstance(value, list) else str(value)
    return found
