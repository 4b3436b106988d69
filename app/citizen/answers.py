"""Reading what was typed in answer to one of the catalogue's questions, and showing it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from email_validator import EmailNotValidError, validate_email
from werkzeug.datastructures import MultiDict

from app.citizen.place import not_a_postcode
from app.formats import as_date
from app.wiring import the_kit
from cases.catalogue.schema import AskFirst, Choice, Question, QuestionType, Service
from cases.phones import PhoneError, read_phone, show_phone
from cases.postcodes.text import read_postcode
from cases.triage.decision import Answer

LONGEST_LINE = 1_000
LONGEST_TEXT = 10_000
YES_NO = (Choice(value="yes", label="Yes"), Choice(value="no", label="No"))
_NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)


class AnswerError(ValueError):
    """What was typed cannot be used; ``str()`` says why, fit to show beside the field."""


@dataclass(frozen=True)
class Asked:
    """A question as a page needs it: one of the form's, or one asked before it."""

    id: str
    ask: str
    hint: str | None
    type: QuestionType
    required: bool
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, question: Question | AskFirst) -> Asked:
        if isinstance(question, AskFirst):
            choices = question.choices or YES_NO
            return cls(question.id, question.ask, question.hint, QuestionType.CHOICE, True, choices)
        choices = question.choices or (YES_NO if question.type is QuestionType.YES_NO else ())
        return cls(question.id, question.ask, question.hint, question.type, question.required, choices)

    @property
    def is_choice(self) -> bool:
        return self.type in (QuestionType.CHOICE, QuestionType.YES_NO)


def asked_first(service: Service) -> list[AskFirst]:
    return [c for c in service.check_first if isinstance(c, AskFirst)]


def is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether the answers given before make this question one to ask."""
    for earlier, wanted in question.when.items():
        given = answers.get(earlier, ())
        if not set(wanted).intersection((given,) if isinstance(given, str) else given):
            return False
    return True


def read_answer(asked: Asked, form: MultiDict[str, str]) -> Answer:
    """The answer in the form's ``answer`` field; an empty text for one that was left out. Raises AnswerError."""
    if asked.type is QuestionType.CHOICES:
        known = {c.value for c in asked.choices}
        ticked = tuple(v for v in dict.fromkeys(form.getlist("answer")) if v in known)
        if asked.required and not ticked:
            raise AnswerError("Choose at least one answer")
        return ticked
    if asked.type is QuestionType.DATE:
        return _read_date(asked, form)
    text = form.get("answer", "").strip()
    if asked.is_choice:
        if text not in {c.value for c in asked.choices}:
            if asked.required:
                raise AnswerError("Choose an answer")
            return ""
        return text
    if not text:
        if asked.required:
            raise AnswerError(_missing(asked))
        return ""
    return _READERS.get(asked.type, _read_line)(text)


def show_answer(asked: Asked, answer: Answer) -> str:
    """As the person gave it, in words; empty when it was left out."""
    if isinstance(answer, tuple | list):
        return "\n".join(c.label for c in asked.choices if c.value in answer)
    if asked.choices:
        return next((c.label for c in asked.choices if c.value == answer), "")
    if asked.type is QuestionType.DATE and answer:
        return as_date(date.fromisoformat(answer))
    if asked.type is QuestionType.PHONE and answer:
        return show_phone(answer)
    return answer


def too_long(text: str, most: int = LONGEST_TEXT) -> str | None:
    if len(text) <= most:
        return None
    written = f"You have written {len(text):,} characters. The most we can take here is {most:,}."
    return f"{written} Nothing is lost: make it shorter and send it again"


def _missing(asked: Asked) -> str:
    if asked.type is QuestionType.LONG_TEXT:
        return "Tell us a little, in your own words"
    if asked.type is QuestionType.NUMBER:
        return "Enter a number"
    return "Enter an answer"


def _read_line(text: str) -> str:
    if problem := too_long(text, LONGEST_LINE):
        raise AnswerError(problem)
    return text


def _read_long(text: str) -> str:
    if problem := too_long(text):
        raise AnswerError(problem)
    return text


def _read_number(text: str) -> str:
    text = text.replace(" ", "").lstrip("£")
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise AnswerError("Enter a number in digits, like 3")
    return text.replace(",", ".")


def _read_time(text: str) -> str:
    found = _TIME.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    half = (found[3] or "").lower() if found else ""
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise AnswerError("Enter a time, like 9:30am or 17:45")
    return time(hour, minute).strftime("%H:%M")


def _read_phone(text: str) -> str:
    try:
        return read_phone(text).e164
    except PhoneError as error:
        raise AnswerError(str(error)) from error


def read_email(text: str) -> str:
    """Raises AnswerError."""
    try:
        return str(validate_email(text, check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError:
        raise AnswerError("Enter an email address, like name@example.com") from None


def _read_postcode(text: str) -> str:
    found = read_postcode(text, the_kit().triage.postcodes())
    if found is None:
        raise AnswerError(not_a_postcode())
    return found


def _read_date(asked: Asked, form: MultiDict[str, str]) -> str:
    parts = [form.get(f"answer-{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        if asked.required:
            raise AnswerError("Enter a date")
        return ""
    try:
        day, month, year = (_month(p) if n == 1 else int(p) for n, p in enumerate(parts))
        year += 2000 if year < 100 else 0
        found = date(year, month, day)
    except (ValueError, OverflowError):  # the second for numbers that no machine counts days in
        raise AnswerError("Enter a real date, like 27 3 2026") from None
    if not 1900 <= found.year <= 2100:
        raise AnswerError("Check the year")
    return found.isoformat()


def _month(text: str) -> int:
    names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    if text[:3].lower() in names:
        return names.index(text[:3].lower()) + 1
    return int(text)


_READERS = {
    QuestionType.TEXT: _read_line,
    QuestionType.LONG_TEXT: _read_long,
    QuestionType.NUMBER: _read_number,
    QuestionType.TIME: _read_time,
    QuestionType.PHONE: _read_phone,
    QuestionType.EMAIL: read_email,
    QuestionType.POSTCODE: _read_postcode,
}
