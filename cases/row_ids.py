"""Ids of rows as they come back from outside, in addresses and forms."""

from __future__ import annotations

LARGEST = 2**31 - 1  # PostgreSQL's INTEGER; asking it for more is an error instead of no row


def read_row_id(text: str) -> int | None:
    """None for what is no row's id."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    return int(text) if int(text) <= LARGEST else None
