"""The shape of the demonstration's own data files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cases.catalogue.schema import Slug, Strict


class DemoPassedOn(Strict):
    """A wrong first guess: the case goes from one tier to the ``team`` of the other, with these words."""

    to: Literal["county", "district"]
    team: Slug
    words: str


class DemoEnquiry(Strict):
    """One thing somebody got in touch about, in their words.

    ``{street}``, ``{town}``, ``{number}`` and ``{postcode}`` are filled in, also in the answers; a date is given as
    days from the day of the contact ("-3", "+14"). ``council`` says which tier is meant where the council itself
    decides. ``vague``: it was said without a place, or so that no service could be told. ``ends`` is how it came out
    when enough time has passed, and ``given`` the closing words to the customer.
    """

    service: Slug
    channel: Literal["web", "phone", "sms", "counter"]
    say: str
    answers: dict[Slug, str | tuple[str, ...]] = Field(default_factory=dict)
    council: Literal["county", "district"] = "district"
    who: Literal["open", "confidential", "anonymous"] = "open"
    organisation: str | None = None
    phone: bool = True
    language: str | None = None
    needs: str | None = None
    vague: Literal["no", "place", "service"] = "no"
    passed_on: DemoPassedOn | None = None
    ends: Literal["done", "answered", "no-action", "not-ours", "duplicate", "withdrawn"] = "done"
    given: str = ""
    note: str = ""
    reply: str = ""
    chased: str = ""


class DemoNames(Strict):
    given: Annotated[tuple[str, ...], Field(min_length=20)]
    family: Annotated[tuple[str, ...], Field(min_length=20)]
    streets: Annotated[tuple[str, ...], Field(min_length=20)]
