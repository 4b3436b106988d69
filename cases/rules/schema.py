"""The shape of a change to one service: only what differs from the delivered catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cases.catalogue.schema import Choice, Service, Slug, Strict, Tier

Target = Annotated[str, StringConstraints(pattern=r"^(county|district|service:[a-z0-9-]+|agency:[a-z0-9-]+)$")]
CouldBe = Annotated[str, StringConstraints(pattern=r"^(agency:)?[a-z0-9-]+$")]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]


class ServiceChange(Strict):
    """What an administrator may change of a service; what is None or absent stays as delivered.

    ``goes_to``: by question, then by answer, where that answer leads ("" for nowhere else). ``words`` come on top of
    the delivered phrases.
    """

    tier: Tier | None = None
    split: Slug | None = None
    goes_to: Mapping[Slug, Mapping[Slug, Target | Literal[""]]] = Field(default_factory=dict)
    could_be: tuple[CouldBe, ...] | None = None
    words: tuple[Phrase, ...] = ()

    def lay_over(self, service: Service) -> Service:
        """A question or answer that the catalogue no longer has is passed over."""
        changed: dict[str, object] = {}
        if self.tier is not None:
            changed["tier"] = self.tier
        if self.split is not None and service.question(self.split):
            changed["split"] = self.split
        if self.could_be is not None:
            changed["could_be"] = self.could_be
        if self.goes_to:
            changed["questions"] = tuple(
                question.model_copy(update={"choices": _led(question.choices, self.goes_to[question.id])})
                if question.id in self.goes_to
                else question
                for question in service.questions
            )
        return service.model_copy(update=changed) if changed else service


def _led(choices: tuple[Choice, ...], leads: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(
        c.model_copy(update={"goes_to": leads[c.value] or None}) if c.value in leads else c for c in choices
    )
