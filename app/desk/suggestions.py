"""What the words in the box could mean: services, and the other bodies that people are sent on to."""

from __future__ import annotations

from dataclasses import dataclass

from cases.actions.kit import Kit
from cases.catalogue.schema import Agency, Service
from cases.triage.decision import Decision

MOST_SUGGESTIONS = 8
MOST_BESIDE_ANSWER = 5


@dataclass(frozen=True)
class Suggestion:
    """A service or another body that the words could mean. ``value`` is its slug."""

    value: str
    title: str
    about: str
    is_agency: bool = False


def suggest(kit: Kit, words: str) -> list[Suggestion]:
    """What the words could mean, best first, also while they are being typed."""
    if len(words.strip()) < 2:
        return []
    entries = (entry_of(kit, candidate.slug) for candidate in kit.triage.suggest(words, MOST_SUGGESTIONS))
    return [_suggestion(entry) for entry in entries if entry]


def entry_of(kit: Kit, slug: str) -> Service | Agency | None:
    return kit.catalogue.services.get(slug) or kit.catalogue.agencies.get(slug)


def title_of(entry: Service | Agency) -> str:
    return entry.title if isinstance(entry, Service) else entry.name


def _suggestion(entry: Service | Agency) -> Suggestion:
    if isinstance(entry, Agency):
        return Suggestion(entry.slug, entry.name, entry.does, is_agency=True)
    return Suggestion(entry.slug, entry.title, entry.covers)


def suggestions_for(kit: Kit, decisions: tuple[Decision, ...], service: Service | None) -> tuple[Suggestion, ...]:
    slugs = dict.fromkeys(c.slug for d in decisions for c in d.candidates)
    if service:
        slugs = dict.fromkeys((service.slug, *slugs))
    entries = (entry_of(kit, slug) for slug in slugs)
    return tuple(_suggestion(entry) for entry in entries if entry)[:MOST_BESIDE_ANSWER]
