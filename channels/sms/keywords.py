"""Words that mean the same to every text service, in any case and with any spaces."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from cases.references import find_references, read_reference


class Keyword(StrEnum):
    STOP = "stop"
    START = "start"
    YES = "yes"  # opts in again, but only somebody who has opted out
    HELP = "help"
    STATUS = "status"


_STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "optout", "revoke"})
_START = frozenset({"start", "unstop", "optin", "resubscribe"})
_HELP = frozenset({"help", "info"})
_SHORT_STATUS = frozenset(
    {"status", "statusplease", "mystatus", "checkstatus", "update", "updates", "anyupdate", "anyupdates", "news"}
    | {"anynews", "progress", "track", "trackmycase", "mycase", "mycases", "whatshappening", "whatishappening"}
)
_ABOUT = r"(?:my|our|the|this|that)?\s*(?:last |open )?(?:cases?|reports?|requests?|enquiry|complaint|reference|ref)\b"
_ASKS = re.compile(
    r"(?:(?:hi|hello|please|pls|can you tell me|could you tell me)\s+)*(?:"
    rf"(?:where(?:s| is| are)|hows|how is|whats happening with|what is happening with|whats up with)\s+{_ABOUT}"
    rf"|(?:any\s+)?(?:news|updates?|progress)\s+(?:on|about|of|for|with)\s+{_ABOUT}"
    rf"|(?:whats|what is)\s+the\s+status\s+of\s+{_ABOUT}"
    rf"|(?:check|track|chase|chasing)\s+{_ABOUT}"
    r")"
)
_STATUS_FIRST = re.compile(r"status\b")
_REFERENCE_LIKE = re.compile(r"\d[\d\s\-–—.]{2,}")
_MOST_READ = 200


def read_keyword(body: str) -> Keyword | None:
    """Only a text that is nothing else: "stop the noise" and "help me" are for a person to read."""
    letters = _letters(body)
    if letters in _STOP:
        return Keyword.STOP
    if letters in _START:
        return Keyword.START
    if letters == "yes":
        return Keyword.YES
    if letters in _HELP:
        return Keyword.HELP
    return Keyword.STATUS if _asks_for_status(body, letters) else None


def asked_reference(body: str) -> tuple[str | None, bool]:
    """The reference in a question for the status, and whether something like one was there at all."""
    found = find_references(_plain(body))
    return (found[0] if found else None), bool(found) or bool(_REFERENCE_LIKE.search(_plain(body)))


def without_references(body: str) -> str:
    """What is said beside the references; empty when nothing is."""

    def drop(match: re.Match[str]) -> str:
        return " " if read_reference(match.group().strip(" -–—.")) else match.group()

    return re.sub(r"[46](?:[\s\-–—.]{0,3}\d){9}", drop, body).strip()


def _asks_for_status(body: str, letters: str) -> bool:
    if letters in _SHORT_STATUS:
        return True
    if len(body) > _MOST_READ:
        return False
    words = " ".join(re.findall(r"[a-z0-9]+", _plain(body).casefold().replace("'", "").replace("’", "")))
    if _STATUS_FIRST.match(words) or _ASKS.match(words):
        return True
    rest = without_references(_plain(body))
    return rest != _plain(body).strip() and _letters(rest) in ("", "ref", "reference", "case", "myref", "mycase")


def _plain(body: str) -> str:
    return unicodedata.normalize("NFKC", body[: _MOST_READ * 2])


def _letters(body: str) -> str:
    """The letters and digits alone, small, of a short text; a long one is no keyword."""
    return "".join(c for c in _plain(body).casefold() if c.isalnum()) if len(body) <= _MOST_READ else ""
