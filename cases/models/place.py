"""Places: what was said, and what was matched to it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from cases.orm import Base, Gss, IntKey, ShortText, stored_enum


class PlaceKind(StrEnum):
    PROPERTY = "property"
    STREET = "street"
    LANDMARK = "landmark"
    NAME = "name"
    POSTCODE = "postcode"
    NO_FIXED_ADDRESS = "no-fixed-address"


def fold_street(street: str | None) -> str | None:
    """For comparing. Folding can make a name longer (ß becomes ss), and its column holds 200 characters."""
    return " ".join((street or "").casefold().split())[:200] or None


class Place(Base):
    """The deciding place of a matter or case. Eastings and northings are OSGB metres."""

    __tablename__ = "places"

    id: Mapped[IntKey]
    kind: Mapped[PlaceKind] = mapped_column(stored_enum(PlaceKind))
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    said: Mapped[str | None] = mapped_column(Text)  # as the person put it
    postcode: Mapped[str | None]
    uprn: Mapped[str | None]
    number: Mapped[ShortText | None]
    street: Mapped[ShortText | None]
    street_key: Mapped[ShortText | None]
    district_gss: Mapped[Gss | None]
    ward_gss: Mapped[Gss | None]
    easting: Mapped[int | None]
    northing: Mapped[int | None]

    __table_args__ = (Index("ix_places_postcode", "postcode"),)

    def one_line(self) -> str:
        parts = [" ".join(p for p in (self.number, self.street) if p), self.said or "", self.postcode or ""]
        if self.kind is PlaceKind.NO_FIXED_ADDRESS:
            parts.insert(0, "No fixed address")
        seen: list[str] = []
        for part in parts:
            if part and not any(part.casefold() in earlier.casefold() for earlier in seen):
                seen.append(part)
        return ", ".join(seen)


class Address(Base):
    """A property of a council's own gazetteer, loaded by ``addresses load``."""

    __tablename__ = "addresses"

    uprn: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[ShortText]
    postcode: Mapped[str] = mapped_column(index=True)
    sort_key: Mapped[ShortText]
    district_gss: Mapped[Gss | None]
    is_invented: Mapped[bool] = mapped_column(default=False)
