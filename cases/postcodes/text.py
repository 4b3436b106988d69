"""Postcodes in what people type, text and say: tidied when the field asks for one, found and mended in prose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from uk_postcodes_parsing.fix import FIXABLE_REGEX, fix_with_options

from cases.postcodes.entry import KnowsPostcodes

# Of the library only the mending is used. Its `parse` logs what people wrote and imports a module per outward code,
# its look-ups download a database.

LONGEST_PROSE = 100_000
MOST_CANDIDATES = 2_000
LONGEST_FIELD = 64

OUTWARD = r"(?:[A-Z]{1,2}\d{1,2}|[A-Z]{1,2}\d[A-Z]|GIR|NPT)"
_SHAPE = re.compile(rf"({OUTWARD})(\d[A-Z]{{2}})", re.ASCII)
_UNUSED_DISTRICT = re.compile(r"[A-Z]{1,2}0\d \d")

_SPACES = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63"
_DOTS = "\u00b7\u2022\u2024\u2027\u22c5\u30fb"
_UNSEEN = "\u00ad\ufeff" + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]))
# One character for one, so that a place in the flattened text is the same place in what was said.
_FLATTEN = (
    dict.fromkeys(map(ord, _SPACES + _UNSEEN), " ")
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, _DOTS), ".")
    | {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
)
_SEPARATORS = {ord(mark): None for mark in " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85.,;:-_/'\"()[]\u2018\u2019\u201c\u201d"}

_CANDIDATE = re.compile(
    r"""(?<![^\W_])                                   # not inside a longer word or number
        (?: (?P<spaced>[A-Za-z]{2})[ ](?P<district>\d[A-Za-z0-9]?)
          | (?P<outward>[A-Za-z01]{1,2}[0-9OoIi][A-Za-z0-9]?) )
        (?P<gap>[ \t\r\n]{0,3}|[ ]?[.,\-][ ]?)
        (?P<inward>[0-9OoIi][A-Za-z01]{2})
        (?![^\W_])""",
    re.VERBOSE,
)
# "so 14 2nd Street": words that are also postcode areas, believed with a space after them only in capitals.
_WORDS_LIKE_AREAS = frozenset({"so", "me", "st", "ha", "pa", "la", "ex", "po", "ox"})
# "the M1 off ramp": words that would be mended into the second half of a postcode.
_WORDS_LIKE_INWARD = re.compile(
    "off|old|one|our|out|own|odd|oar|oat|ode|owe|owl|ore|oft|opt|ohs|orb|ill|its|inn|ins|ids|ifs|ire", re.IGNORECASE
)
_ORDINAL = re.compile(r"1st|2nd|3rd|[04-9]th", re.IGNORECASE)
_LIKE_A_ROAD = re.compile(r"[BM]\d{1,2}", re.IGNORECASE)


class FoundPostcode(NamedTuple):
    """``words`` is what was said at ``text[start:end]``; ``is_mended`` when characters had to be changed."""

    postcode: str
    words: str
    start: int
    end: int
    is_mended: bool


def normalise(text: str) -> str | None:
    """``ng157xx``, ``NG15.7XX``, ``NGI5 7xx`` → ``NG15 7XX``; ``None`` when it isn't shaped like a postcode.

    The shape says nothing of whether there is such a postcode: ask an index.
    """
    typed = _squeezed(text)
    if typed is None:
        return None
    return _as_typed(typed) or next(iter(_readings_of(typed)), None)


def _as_typed(typed: str) -> str | None:
    """The reading with nothing mended, if it is one: no other can be likelier."""
    shape = _SHAPE.fullmatch(typed)
    if shape is None:
        return None
    postcode = f"{shape[1]} {shape[2]}"
    return None if _UNUSED_DISTRICT.match(postcode) else postcode


def read_postcode(text: str, index: KnowsPostcodes) -> str | None:
    """As ``normalise``, but among several readings (``S014 0YN``, ``EC1O``) prefers one that the index knows."""
    every = readings(text)
    known = (reading for reading in every if index.lookup(reading) is not None)
    return next(known, next(iter(every), None))


def readings(text: str) -> tuple[str, ...]:
    """Every postcode that the characters may stand for, the likeliest (fewest characters changed) first."""
    typed = _squeezed(text)
    return () if typed is None else _readings_of(typed)


def _squeezed(text: str) -> str | None:
    """Letters and digits only, in capitals; ``None`` when they are too few, too many or of another alphabet."""
    text = text.strip()
    if len(text) > LONGEST_FIELD:
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_FLATTEN))
    typed = text.translate(_SEPARATORS)
    return typed.upper() if 5 <= len(typed) <= 7 and typed.isascii() else None


def _readings_of(typed: str) -> tuple[str, ...]:
    forms = {typed}
    if FIXABLE_REGEX.match(typed):
        forms.update(mended.replace(" ", "") for mended in fix_with_options(typed))
    shaped = {f"{shape[1]} {shape[2]}": form for form in forms if (shape := _SHAPE.fullmatch(form))}

    def unlikeliness(postcode: str) -> tuple[bool, int, str]:
        changes = sum(was != now for was, now in zip(typed, shaped[postcode], strict=True))
        return _UNUSED_DISTRICT.match(postcode) is not None, changes, postcode

    return tuple(sorted(shaped, key=unlikeliness))


def find_postcodes(text: str, index: KnowsPostcodes) -> list[FoundPostcode]:
    """The postcodes in prose that the index knows, in order, each as often as it was said.

    Looks at the first 100,000 characters and at most 2,000 candidates, so that no text takes long.
    """
    flat = text[:LONGEST_PROSE]
    if not flat.isascii():
        flat = flat.translate(_FLATTEN)
    found: list[FoundPostcode] = []
    at = 0
    for _ in range(MOST_CANDIDATES):
        candidate = _CANDIDATE.search(flat, at)
        if candidate is None:
            break
        known = _known(candidate, text, index)
        if known is None:
            at = candidate.start() + 1
        else:
            found.append(known)
            at = candidate.end()
    return found


def find_unknown(text: str, index: KnowsPostcodes) -> str | None:
    """The first in prose that is written exactly like a postcode of a sector that the index knows, and is not in it."""
    flat = text[:LONGEST_PROSE]
    for number, candidate in enumerate(_CANDIDATE.finditer(flat if flat.isascii() else flat.translate(_FLATTEN))):
        if number == MOST_CANDIDATES:
            break
        plain = None if _is_prose(candidate) else _as_typed("".join(_parts(candidate)).upper())
        if plain and index.sector_districts(plain[:-2]):
            return plain
    return None


def _known(candidate: re.Match[str], text: str, index: KnowsPostcodes) -> FoundPostcode | None:
    if _is_prose(candidate):
        return None
    typed = "".join(_parts(candidate)).upper()
    plain = _as_typed(typed)
    entry = None if plain is None else index.lookup(plain)
    if entry is None:
        entry = next(filter(None, map(index.lookup, _readings_of(typed))), None)
    if entry is None:
        return None
    start, end = candidate.span()
    return FoundPostcode(entry.postcode, text[start:end], start, end, entry.postcode.replace(" ", "") != typed)


def _parts(candidate: re.Match[str]) -> Iterator[str]:
    return (candidate[name] for name in ("spaced", "district", "outward", "inward") if candidate[name])


def _is_prose(candidate: re.Match[str]) -> bool:
    """Whether these are ordinary words and numbers that only look like a postcode."""
    spaced, outward, inward = candidate["spaced"], candidate["outward"], candidate["inward"]
    if _WORDS_LIKE_INWARD.fullmatch(inward):
        return True
    if candidate["gap"].strip() and not inward[0].isdigit():  # www.w3.org
        return True
    if spaced:
        return spaced.lower() in _WORDS_LIKE_AREAS and not spaced.isupper()
    if not any(mark.isdigit() for mark in outward):
        return True
    is_road = candidate["gap"] != "" and _LIKE_A_ROAD.fullmatch(outward) is not None
    return is_road and _ORDINAL.fullmatch(inward) is not None
