"""Places named in free text: towns and villages of the partnership, told apart from streets, people and directions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cases.catalogue.schema import PlaceName
from cases.register.register import Register

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# "Carlton Road", "Newark Avenue": the street may be anywhere.
_STREETS = frozenset(
    re.findall(
        r"\w+",
        "road rd street st lane ln avenue ave av close cl drive dr way crescent cres court ct grove gardens gdns "
        "place pl terrace terr square sq mews walk rise view hill gate row boulevard blvd parade path bridge "
        "roundabout bypass",
    )
)
# "Mansfield District Council said": who was spoken to, not where it is.
_COUNCIL_AFTER = re.compile(
    r"\s+(?:(?:and|&)\s+\w+\s+)?(?:(?:district|borough|city|county|town|parish)\s+)?council\b", re.IGNORECASE
)
_PERSON_BEFORE = re.compile(r"\b(?:mr|mrs|miss|ms|mx|dr|sir|lady|cllr|councillor|name is|called)\.?\s+$", re.IGNORECASE)
# The place is on the way there, or beyond it.
_DIRECTION_BEFORE = re.compile(
    r"\b(?:toward|towards|heading (?:for|to|into)"
    r"|(?:way|road|turn|turning|turn ?off|exit|sliproad|slip road) (?:to|for|into)"
    r"|(?:road|way) (?:from|out of)|direction of|bound for|out of|leaving|on from|past|just before|just after"
    r"|from [^,.;]{2,30} to)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_DIRECTION_AFTER = re.compile(r"[\s-]*(?:bound\b|direction\b|turn ?off\b|to [A-Z])", re.IGNORECASE)
_FROM_BEFORE = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:,|\bin\b|\bnear\b|\bnr\b|\()?\s*", re.IGNORECASE)
_REACH = 60  # characters before a name that are looked at


@dataclass(frozen=True)
class NamedPlace:
    """``is_direction``: the districts are the whole county that the named town is in, not the town's own."""

    name: str
    districts: tuple[str, ...]
    is_direction: bool = False


@dataclass(frozen=True)
class _Hit:
    place: NamedPlace
    start: int
    end: int


class PlaceNames:
    """Finds the places named in a text, among those of the register's own partnership."""

    def __init__(self, names: Iterable[PlaceName], register: Register) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], NamedPlace, bool]]] = {}
        own = {a.gss: a.parent for a in register.authorities.values() if a.tier != "county"}
        self._around = {gss: _county_of(gss, own) for gss in own}
        for name in names:
            districts = tuple(gss for gss in name.districts if gss in own)
            if districts:
                place = NamedPlace(name.name, name.districts)
                for spelling in (name.name, *name.also):
                    words = _words_of(spelling)
                    self._by_first.setdefault(words[0], []).append((words, place, name.is_word))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: str) -> NamedPlace | None:
        """The place that the names amount to: one town, the districts that several may be in, or a whole county."""
        hits = [hit for hit in self._hits(text) if not _is_something_else(text, hit)]
        ways = [hit.place for hit in hits if _is_direction(text, hit)]
        spots = _beside(text, [hit for hit in hits if hit.place not in ways or not _is_direction(text, hit)])
        if spots:
            return _together(spots)
        if not ways:
            return None
        districts = tuple(d for way in ways for gss in way.districts for d in self._around.get(gss, (gss,)))
        return NamedPlace(ways[0].name, tuple(dict.fromkeys(districts)), is_direction=True)

    def _hits(self, text: str) -> list[_Hit]:
        found: list[_Hit] = []
        words = [(_plain(m.group()), m) for m in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            hit = self._longest_at(words, at)
            if hit is None:
                at += 1
                continue
            place, count = hit
            found.append(_Hit(place, words[at][1].start(), words[at + count - 1][1].end()))
            at += count
        return found

    def _longest_at(self, words: list[tuple[str, re.Match[str]]], at: int) -> tuple[NamedPlace, int] | None:
        for name, place, is_word in self._by_first.get(words[at][0], ()):
            if is_word and not words[at][1].group()[0].isupper():
                continue
            if tuple(plain for plain, _ in words[at : at + len(name)]) == name:
                return place, len(name)
        return None


def _county_of(gss: str, own: dict[str, str | None]) -> tuple[str, ...]:
    """All districts of its county; for a council that does everything, the partnership: it lies amid the others."""
    parent = own[gss]
    return tuple(other for other, theirs in own.items() if parent is None or theirs == parent)


def _plain(word: str) -> str:
    return word.lower().replace("'", "").replace("’", "")


def _words_of(name: str) -> tuple[str, ...]:
    return tuple(_plain(m.group()) for m in _WORD.finditer(name))


def _is_something_else(text: str, hit: _Hit) -> bool:
    """A street, a council or a person of that name."""
    after = text[hit.end : hit.end + _REACH]
    following = _WORD.search(after)
    if following and _plain(following.group()) in _STREETS and not after[: following.start()].strip(" \t"):
        return True
    before = text[max(0, hit.start - _REACH) : hit.start]
    return bool(_COUNCIL_AFTER.match(after) or _PERSON_BEFORE.search(before))


def _is_direction(text: str, hit: _Hit) -> bool:
    before, after = text[max(0, hit.start - _REACH) : hit.start], text[hit.end : hit.end + _REACH]
    if _DIRECTION_BEFORE.search(before):
        return True
    aims = _DIRECTION_AFTER.match(after)
    return bool(aims and (not aims.group().strip().lower().startswith("to ") or _FROM_BEFORE.search(before)))


def _beside(text: str, hits: list[_Hit]) -> list[NamedPlace]:
    """ "Clifton, Nottingham": the second tells which Clifton. "Arnold, Nottingham": it is only the post town."""
    found: list[NamedPlace] = []
    before: _Hit | None = None
    for hit in hits:
        if before is not None and _BESIDE.fullmatch(text, before.end, hit.start):
            both = tuple(d for d in found[-1].districts if d in hit.place.districts)
            if both:
                found[-1] = NamedPlace(found[-1].name, both)
        else:
            found.append(hit.place)
        before = hit
    return found


def _together(places: list[NamedPlace]) -> NamedPlace:
    """One place said several ways narrows itself; places that have nothing in common may each be meant."""
    common = set(places[0].districts).intersection(*(p.districts for p in places[1:]))
    wanted = [d for place in places for d in place.districts if not common or d in common]
    return NamedPlace(places[0].name, tuple(dict.fromkeys(wanted)))
