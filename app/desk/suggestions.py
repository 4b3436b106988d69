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
    """What the words could mean, best first: everyday words, then titles that begin as typed."""
    folded = " ".join(words.casefold().split())
    if len(folded) < 2:
        return []
    found: dict[str, Suggestion] = {}
    every: tuple[Service | Agency, ...] = (*kit.catalogue.services.values(), *kit.catalogue.agencies.values())
    begun = [entry for entry in every if _begins(entry, folded)]
    for candidate in kit.triage.matcher.match(words):
        entry = entry_of(kit, candidate.slug)
        if entry:
            found[candidate.slug] = _suggestion(entry)
    for entry in begun:
        found.setdefault(entry.slug, _suggestion(entry))
    return list(found.values())[:MOST_SUGGESTIONS]


def entry_of(kit: Kit, slug: str) -> Service | Agency | None:
    return kit.catalogue.services.get(slug) or kit.catalogue.agencies.get(slug)


def title_of(entry: Service | Agency) -> str:
    return entry.title if isinstance(entry, Service) else entry.name


def _begins(entry: Service | Agency, folded: str) -> bool:
    title = title_of(entry).casefold()
    return all(any(word.startswith(part) for word in title.split()) for part in folded.split())


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
