"""Whose front door this is: the partnership's name and colour."""

from __future__ import annotations

from dataclasses import dataclass

from app.config import Settings


@dataclass(frozen=True)
class Identity:
    slug: str
    name: str
    short_name: str
    area: str
    colour: str
    phone: str | None = None


_KNOWN = {
    "nottinghamshire": Identity(
        "nottinghamshire", "Nottinghamshire Councils Together", "Nottinghamshire", "Nottinghamshire", "#00563f"
    ),
    "hampshire-iow": Identity(
        "hampshire-iow",
        "Hampshire and Isle of Wight Councils Together",
        "Hampshire and Isle of Wight",
        "Hampshire and the Isle of Wight",
        "#1f3b73",
    ),
}


def partnership_of(settings: Settings) -> Identity:
    return _KNOWN[settings.partnership]
