"""Text as people type it, brought nearer to how the catalogue is written. Nothing that names anybody survives it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST_READ = 4_000  # characters of a message that are read for meaning; the rest is kept, not parsed
_PLAIN_WORD = re.compile(r"[a-z0-9']+")
_APART = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b|\+?\d[\d\s()-]{8,}\d")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+[a-z]+|[a-z]+\d+[a-z]*|\d+")
_PLANNING = re.compile(r"\b\d{2,4}/\d{2,6}/[a-z]{2,6}\b")
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|[a-z])?")
_MANY = re.compile(r"(.)\1{2,}")  # "heeeelp"
_ROAD = re.compile(r"[amb]\d{1,4}m?")


def fold(text: str) -> str:
    """Lower case words with single spaces and no punctuation, for comparing phrases."""
    return " ".join(_PLAIN_WORD.findall(text[:LONGEST_READ].lower().replace("’", "'")))


def normalise(text: str, shortened: Mapping[str, str]) -> str:
    """Lower case words with single spaces. Addresses, numbers and e-mail addresses are left out; what people shorten
    ("pls", "ctax") is written out as ``shortened`` says, a word for a word or for several."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_READ].lower().replace("’", "'"))
    plain = _PLANNING.sub(" planning application reference ", plain)
    plain = _APART.sub(" ", "".join(c for c in plain if not unicodedata.combining(c)))
    words: list[str] = []
    for found in _WORD.findall(plain):
        word = _MANY.sub(r"\1\1", found)
        written = shortened.get(word)
        if written is not None:
            words.append(written)
        elif _ROAD.fullmatch(word):
            words.append("road")
        elif word in _MEANING or not _NUMBER.fullmatch(word):
            words.append(word.replace("'", ""))
    return " ".join(w for w in words if w)


_MEANING = frozenset({"999", "101", "111", "105", "16", "18", "20", "30", "5g", "4g"})
