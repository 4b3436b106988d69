"""The call form as it was sent: everything typed, kept as typed, so that it can always be shown again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from werkzeug.datastructures import MultiDict

from cases.row_ids import read_row_id

MOST_MATTERS = 8
SAFE_WAYS = ("text", "call", "voicemail", "email", "letter")
NONE_SAFE = "none"

Ends = Literal["case", "information-given", "signposted"]


@dataclass(frozen=True)
class CallerFields:
    """``person_id`` is the record that was chosen; what is typed beside it is added to it."""

    find: str = ""
    person_id: int | None = None
    name: str = ""
    phone: str = ""
    is_shared: bool = False
    email: str = ""
    address: str = ""
    language: str = ""
    needs: str = ""
    role: str = "reporter"
    acting_for: str = ""
    openness: str = "open"
    safe: frozenset[str] = frozenset()
    hours: str = ""

    @property
    def has_way(self) -> bool:
        return bool(self.person_id or self.phone.strip() or self.email.strip() or self.address.strip())

    @property
    def is_blank(self) -> bool:
        return not (self.has_way or self.name.strip())


@dataclass(frozen=True)
class MatterFields:
    """One question on the form. ``about`` is the service's title once chosen, else words."""

    about: str = ""
    service: str = ""  # what the type-ahead put there
    understood: str = ""  # the service whose questions are shown although nobody chose it
    place: str = ""
    no_fixed_address: bool = False
    uprn: str = ""
    area: str = ""
    council: str = ""
    text: str = ""
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    join: str = ""
    ends: str = "case"
    queue: str = ""
    why: str = ""
    anyway: bool = False

    @property
    def is_blank(self) -> bool:
        return not any(part.strip() for part in (self.about, self.place, self.text, self.join))


@dataclass(frozen=True)
class CallForm:
    key: str
    caller: CallerFields = field(default_factory=CallerFields)
    matters: tuple[MatterFields, ...] = (MatterFields(),)
    office: str = ""

    @property
    def numbered(self) -> Iterator[tuple[int, MatterFields]]:
        return enumerate(self.matters, start=1)

    def with_matter(self, number: int, **changes: object) -> CallForm:
        matters = list(self.matters)
        matters[number - 1] = replace(matters[number - 1], **changes)  # type: ignore[arg-type]
        return replace(self, matters=tuple(matters))

    def with_another(self) -> CallForm:
        if len(self.matters) >= MOST_MATTERS:
            return self
        return replace(self, matters=(*self.matters, MatterFields()))

    def without(self, number: int) -> CallForm:
        left = tuple(m for n, m in self.numbered if n != number)
        return replace(self, matters=left or (MatterFields(),))


def read_call_form(form: MultiDict[str, str]) -> CallForm:
    """Never raises: what cannot be understood is kept for the page, and refused when it is checked."""
    count = min(max(read_row_id(form.get("matters", "")) or 1, 1), MOST_MATTERS)
    return CallForm(
        key=form.get("key", "")[:80],
        caller=_read_caller(form),
        matters=tuple(_read_matter(form, f"m{n}-") for n in range(1, count + 1)),
        office=form.get("office", ""),
    )


def _read_caller(form: MultiDict[str, str]) -> CallerFields:
    safe = set(form.getlist("safe"))
    return CallerFields(
        find=form.get("find", ""),
        person_id=read_row_id(form.get("person", "")),
        name=form.get("name", ""),
        phone=form.get("phone", ""),
        is_shared="shared" in form,
        email=form.get("email", ""),
        address=form.get("address", ""),
        language=form.get("language", ""),
        needs=form.get("needs", ""),
        role=form.get("role", "reporter"),
        acting_for=form.get("acting-for", ""),
        openness=form.get("openness", "open"),
        safe=frozenset(safe & {*SAFE_WAYS, NONE_SAFE}),
        hours=form.get("hours", ""),
    )


def _read_matter(form: MultiDict[str, str], prefix: str) -> MatterFields:
    def text(name: str) -> str:
        return form.get(prefix + name, "")

    asked = prefix + "q-"
    answers = {
        name.removeprefix(asked): tuple(form.getlist(name)) for name in dict.fromkeys(form) if name.startswith(asked)
    }
    return MatterFields(
        about=text("about"),
        service=text("service"),
        understood=text("understood"),
        place=text("place"),
        no_fixed_address=prefix + "no-fixed-address" in form,
        uprn=text("uprn"),
        area=text("area"),
        council=text("council"),
        text=text("text"),
        answers=answers,
        join=text("join"),
        ends=text("ends") or "case",
        queue=text("queue"),
        why=text("why"),
        anyway=prefix + "anyway" in form,
    )
