"""The one cleaner that every text from outside passes before anything else sees it."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# PostgreSQL refuses NUL in text, and no database driver can encode a surrogate that has lost its other half.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NEWLINE = re.compile("\r\n?")


def clean(text: str) -> str:
    """What every store can keep: no NUL, no lone surrogate (each becomes U+FFFD), lines that end in ``\\n``."""
    if text.isascii() and "\x00" not in text and "\r" not in text:
        return text
    joined = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _NEWLINE.sub("\n", _UNSTORABLE.sub(REPLACEMENT, joined))
