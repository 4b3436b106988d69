"""The shape of the demonstration's own data files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cases.catalogue.schema import Slug, Strict


class DemoEnquiry(Strict):
    """One thing somebody got in touch about, in their words. ``{street}`` and ``{town}`` are filled in.

    ``ends``: how it came out, when enough time has passed. ``given`` closes with these words to the customer.
    """

    service: Slug
    channel: Literal["web", "phone", "sms", "counter"]
    say: str
    answers: dict[str, str] = Field(default_factory=dict)
    tier: Literal["county", "district"]
    ends: Literal["done", "answered", "no-action", "not-ours", "duplicate", "withdrawn"] = "done"
    given: str = ""
    note: str = ""
    reply: str = ""
    chased: str = ""


class DemoNames(Strict):
    given: Annotated[tuple[str, ...], Field(min_length=20)]
    family: Annotated[tuple[str, ...], Field(min_length=20)]
    streets: Annotated[tuple[str, ...], Field(min_length=20)]
