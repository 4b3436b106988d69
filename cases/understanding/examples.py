"""What the understanding learns from: the catalogue's phrases, and labelled enquiries that are not held out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.catalogue.loader import Catalogue

MOST_OF_A_SIGN = 80
AGENCY, NOISE, URGENT = "agency:", "noise", "!"


@dataclass(frozen=True)
class Example:
    """``means``: a service's slug, ``agency:slug`` or ``noise``; none where only the danger is known.

    ``is_phrase``: it stays in memory as one of the phrases that a text is compared with; ``sign``: as one that tells
    which danger it is."""

    say: str
    means: str | None
    danger: bool = False
    is_phrase: bool = False
    sign: str | None = None

    @property
    def learned_as(self) -> str | None:
        """Danger is told apart from the everyday matters of the same service: the words differ as day and night."""
        return f"{URGENT}{self.means}" if self.means and self.danger else self.means


def catalogue_examples(catalogue: Catalogue, extra: Mapping[str, Iterable[str]] | None = None) -> list[Example]:
    """``extra``: further phrases by service, taught in this installation."""
    found: list[Example] = []
    for service in catalogue.services.values():
        phrases = (service.title, *service.words, *(extra or {}).get(service.slug, ()))
        found += [Example(say, service.slug, is_phrase=True) for say in dict.fromkeys(phrases)]
        found.append(Example(service.covers, service.slug))
    for agency in catalogue.agencies.values():
        found += [Example(say, AGENCY + agency.slug, is_phrase=True) for say in (agency.name, *agency.words)]
        found.append(Example(agency.does, AGENCY + agency.slug))
    found += [Example(say, NOISE, is_phrase=True) for phrases in catalogue.noise.values() for say in phrases]
    for sign in catalogue.urgent_signs:
        means = sign.service or (AGENCY + sign.agency if sign.agency else None)
        found += [Example(say, means, danger=True, sign=sign.id) for say in _some(sign.words)]
    return found


def _some(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """A sign lists many ways to say nearly the same: so many of one thing would outweigh all else that is learned."""
    return phrases[:: -(-len(phrases) // MOST_OF_A_SIGN)]
