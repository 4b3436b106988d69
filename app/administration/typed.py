"""What was typed into a form whose fields follow from data, and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import ValidationError

from cases.actions.change_rules import ChangedMeanwhileError
from cases.errors import RuleError

PARTS = ("day", "month", "year")
_SHAPE_WORDS = {
    "missing": "Fill this in.",
    "too_short": "Fill this in.",
    "string_too_short": "Write a little more.",
    "string_too_long": "Write less.",
    "string_pattern_mismatch": "This is not written as it should be. Look at the example.",
    "enum": "Choose one of these.",
}


class Typed:
    """``values`` as a page shows them; ``errors`` by field, in the order in which they were found."""

    def __init__(self, values: Mapping[str, str | list[str]]) -> None:
        self.values = dict(values)
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return (value[0] if value else "") if isinstance(value, list) else value.strip()

    def chosen(self, name: str) -> list[str]:
        value = self.values.get(name, [])
        return [value] if isinstance(value, str) and value else list(value)

    def lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A date of three fields; notes an error when it is none."""
        parts = [self.text(f"{name}-{part}") for part in PARTS]
        if not any(parts):
            if required:
                self.refuse(name, "Give the day.")
            return None
        try:
            day, month, year = (int(part) for part in parts)
            return date(year, month, day)
        except (ValueError, OverflowError):
            self.refuse(name, "That is no date. Give it as in 27 3 2027.")
            return None

    def opened_on(self) -> int | None:
        """The version that the form was opened on; none: as delivered."""
        typed = self.text("opened_on")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None

    def refuse_old(self, error: ChangedMeanwhileError, name: str) -> None:
        """Somebody else was quicker: what was typed stays, and may be sent again on what there is now."""
        self.values["opened_on"] = str(error.newest or "")
        self.refuse(name, error.message)

    def first_part(self, name: str) -> str:
        """The id of the field that an error's link leads to."""
        return f"{name}-{PARTS[0]}" if f"{name}-{PARTS[0]}" in self.values else name

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    def refuse_rule(self, error: RuleError, fields: Iterable[str]) -> None:
        """What an action refuses, beside the field that it is about."""
        for message, where in getattr(error, "faults", [(error.message, (error.field,))]):
            self._place(message[:1].upper() + message[1:].rstrip(".") + ".", where, fields)

    def refuse_shape(self, error: ValidationError, fields: Iterable[str]) -> None:
        for detail in error.errors(include_url=False, include_context=False):
            message = _SHAPE_WORDS.get(detail["type"], "Look at this again: it is not as it should be.")
            self._place(message, detail["loc"], fields)

    def _place(self, message: str, where: Sequence[str | int], fields: Iterable[str]) -> None:
        known = tuple(fields)
        # The deepest of its keys that has a field of its own.
        names = ("-".join(map(str, where[:length])) for length in range(len(where), 0, -1))
        self.refuse(next((name for name in names if name in known), known[0]), message)


def day_values(name: str, day: date | None) -> dict[str, str]:
    texts = (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")
    return {f"{name}-{part}": text for part, text in zip(PARTS, texts, strict=True)}
