"""Properties of the councils' gazetteers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.place import Address

MOST = 200  # the fullest real postcodes have about a hundred


def find_addresses(session: Session, postcode: str) -> list[Address]:
    """The properties of one postcode (normalised), in the order of their numbers."""
    query = select(Address).where(Address.postcode == postcode).order_by(Address.sort_key, Address.line).limit(MOST)
    return list(session.scalars(query))


def find_address(session: Session, uprn: str) -> Address | None:
    return session.get(Address, uprn)
