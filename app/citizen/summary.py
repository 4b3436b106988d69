"""What was given, as rows to check and as lines of text."""

from __future__ import annotations

from dataclasses import dataclass

from app.citizen.answers import Asked, asked_first, show_answer
from app.citizen.filling import Filling
from app.citizen.flow import steps
from app.citizen.place import UNKNOWN, show_place
from app.wiring import the_kit
from cases.catalogue.schema import AskFirst, Question
from cases.phones import show_phone

OPENNESS = {"open": "Yes", "confidential": "Yes, but keep it to yourselves", "anonymous": "No"}
WAYS = {
    "text": "Text messages",
    "call": "Phone calls",
    "voicemail": "A message left on the phone",
    "email": "Emails",
    "letter": "Letters",
}


@dataclass(frozen=True)
class Row:
    """One line of the check page; ``step`` is the page that changes it."""

    label: str
    value: str
    step: str


def check_rows(filling: Filling) -> list[tuple[str, list[Row]]]:
    """The sections of the check page, each with its rows, in the order they were asked."""
    before, where, asked, you = [], [], [], []
    for step in steps(filling):
        head, _, rest = step.path.partition("/")
        if head == "before":
            before.append(_answer_row(filling, rest, step.path))
        elif head == "questions":
            asked.append(_answer_row(filling, rest, step.path))
        elif step.path == "words":
            asked.append(Row("What you need", filling.data.get("text", ""), "words"))
        elif step.path == "place":
            where.append(Row(place_label(filling), show_place(filling.place), "place"))
        elif step.path == "council":
            where.append(
                Row(
                    filling.service.place.ask or "Council" if filling.service else "Council",
                    _council(filling),
                    "council",
                )
            )
        elif head in ("how-to-report", "details", "safe-ways"):
            you += _person_rows(filling, head)
    sections = [("Before you start", before), ("Where", where), ("What you told us", asked), ("About you", you)]
    return [(title, rows) for title, rows in sections if rows]


def place_label(filling: Filling) -> str:
    if filling.service is None:
        return "Which place it is about"
    if filling.asks_council:
        return "Your postcode"
    return filling.service.place.ask or "Where"


def answer_lines(filling: Filling, ids: set[str]) -> list[str]:
    """ "Question: answer" for some of the answers."""
    lines = []
    for question in _all_questions(filling):
        if question.id in ids and (shown := show_answer(Asked.of(question), filling.answers[question.id])):
            lines.append(f"{question.ask} {shown}")
    return lines


def _all_questions(filling: Filling) -> list[Question | AskFirst]:
    return [*asked_first(filling.service), *filling.service.questions] if filling.service else []


def _answer_row(filling: Filling, question_id: str, step: str) -> Row:
    question = next(q for q in _all_questions(filling) if q.id == question_id)
    shown = show_answer(Asked.of(question), filling.answers.get(question_id, ""))
    return Row(question.ask, shown or "Not answered", step)


def _council_label(filling: Filling) -> str:
    return (filling.service.place.ask if filling.service else None) or "Council"


def _council(filling: Filling) -> str:
    chosen = filling.data.get("council", {})
    if chosen.get("choice") == UNKNOWN:
        return "I do not know"
    found = the_kit().register.by_gss(chosen.get("gss", ""))
    return found.name if found else chosen.get("name", "")


def _person_rows(filling: Filling, step: str) -> list[Row]:
    data, contact = filling.data, filling.data.get("contact") or {}
    if step == "how-to-report":
        return [Row("Do you give your name?", OPENNESS[data.get("openness", "open")], step)]
    if step == "details":
        phone = show_phone(contact["phone"]) if contact.get("phone") else ""
        given = [
            ("Name", contact.get("name")),
            ("Phone", phone),
            ("Email", contact.get("email")),
            ("Address", contact.get("address")),
        ]
        return [Row(label, value, step) for label, value in given if value] or [
            Row("How to reach you", "Not given", step)
        ]
    safe = data.get("safe") or {}
    ways = "\n".join(WAYS[way] for way in safe.get("ways", [])) or "None: do not contact me"
    rows = [Row("Safe ways to reach you", ways, step)]
    return [*rows, Row("Times", safe["hours"], step)] if safe.get("hours") else rows
