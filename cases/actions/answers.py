"""Answers to the catalogue's questions: choices are kept as codes, free text in rows that can be blanked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases.actions.timeline import keep_words
from cases.catalogue.schema import QuestionType, Service
from cases.models.words import Words, WordsKind
from cases.triage.decision import Answer

_CODED = {QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.YES_NO, QuestionType.DATE, QuestionType.TIME}


def keep_answers(
    session: Session, service: Service | None, answers: Mapping[str, Answer], controller_gss: str | None, now: datetime
) -> dict[str, Any]:
    """``{question id: code | [codes] | {"words": id}}``; what is no coded question is treated as free text."""
    kept: dict[str, Any] = {}
    for question_id, answer in answers.items():
        question = service.question(question_id) if service else None
        asked_first = service and any(c.rule == "ask" and c.id == question_id for c in service.check_first)
        if asked_first or (question and question.type in _CODED):
            kept[question_id] = list(answer) if not isinstance(answer, str) else answer
            continue
        text = answer if isinstance(answer, str) else ", ".join(answer)
        words = keep_words(session, text, WordsKind.ANSWER, controller_gss, now)
        if words:
            kept[question_id] = {"words": words.id}
    return kept


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
