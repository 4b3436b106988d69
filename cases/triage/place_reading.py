"""From what a door hands over to the deciding place: postcode, address, council, and the names in the words."""

from __future__ import annotations

from dataclasses import replace

from cases.catalogue.loader import Catalogue
from cases.postcodes.entry import KnowsPostcodes, Postcode
from cases.postcodes.text import find_postcodes, find_unknown, read_postcode
from cases.register.register import Register
from cases.triage.decision import Enquiry
from cases.triage.place_names import NamedPlace, PlaceNames
from cases.triage.place_roads import NamedRoad, Roads
from cases.triage.places import Where
from cases.understanding.normalising import LONGEST_READ


class PlaceReader:
    """Holds the gazetteer of one partnership, made ready once."""

    def __init__(self, catalogue: Catalogue, register: Register) -> None:
        self._names = PlaceNames(catalogue.place_names, register)
        self._roads = Roads(catalogue.roads, register)

    def read(self, enquiry: Enquiry, words: str, index: KnowsPostcodes, register: Register) -> Where:
        said = enquiry.postcode or ""
        # A place said once holds for every matter that names none of its own.
        texts = [text for text in (enquiry.place_said, words, enquiry.text[:LONGEST_READ]) if text]
        if not said.strip():
            said = _postcode_in(texts, index)
        row = index.lookup(said) if said else None  # in its usual form it is found without trying other readings
        postcode = row.postcode if row else (read_postcode(said, index) if said else None)
        row = row or (index.lookup(postcode) if postcode else None)
        sector = index.sector_districts(postcode[:-2]) if postcode and _lacks_place(row) else ()
        district = enquiry.district or (row.district_gss if row else None)
        road = self._roads.find(texts)
        where = Where(
            postcode=postcode,
            said=said,
            row_district=row.district_gss if row else None,
            is_known=row is not None,
            district=district,
            named=None if row or enquiry.district else self._named(texts, road),
            council=register.find(enquiry.council) if enquiry.council else None,
            near_border=() if enquiry.district or row is None else _near(row, sector),
            sector_districts=() if enquiry.district or (row and row.district_gss) else sector,
            road=road,
        )
        return as_chosen(where, register, enquiry) if where.council else where

    def _named(self, texts: list[str], road: NamedRoad | None) -> NamedPlace | None:
        """A town, or the way to one; else the districts that the road passes through."""
        named = next((found for text in texts if (found := self._names.find(text))), None)
        if road is None or not road.districts:
            return named
        if named is None:
            return NamedPlace(f"The {road.name}", road.districts)
        if len(named.districts) > 1:
            on_it = tuple(district for district in named.districts if district in road.districts)
            return NamedPlace(named.name, on_it, named.is_direction) if on_it else named
        return named


def as_chosen(where: Where, register: Register, enquiry: Enquiry) -> Where:
    """Among the districts that it may be in, those of the council that was chosen."""
    council = where.council
    if council is None or enquiry.district:
        return where

    def narrowed(districts: tuple[str, ...]) -> tuple[str, ...]:
        meant = tuple(d for d in districts if d == council.gss)
        return meant or tuple(d for d in districts if register.county_of(d, enquiry.on) is council) or districts

    if where.near_border and where.district:
        own, *others = narrowed((where.district, *where.near_border))
        return replace(where, district=own, near_border=tuple(others))
    if where.named and not where.district:
        named = replace(where.named, districts=narrowed(where.named.districts))
        return replace(where, named=named)
    if where.sector_districts:
        meant = narrowed(where.sector_districts)
        settled = meant[0] if meant == (council.gss,) else None
        return replace(where, district=where.district or settled, sector_districts=() if settled else meant)
    return where


def _postcode_in(texts: list[str], index: KnowsPostcodes) -> str:
    found = next((found for text in texts if (found := find_postcodes(text, index))), None)
    if found:
        return found[0].postcode
    return next((unknown for text in texts if (unknown := find_unknown(text, index))), "")


def _lacks_place(row: Postcode | None) -> bool:
    return row is None or row.district_gss is None or row.easting is None


def _near(row: Postcode, sector: tuple[str, ...]) -> tuple[str, ...]:
    """Without a grid reference anything in its sector may be near."""
    if row.near_border or row.easting is not None:
        return row.near_border
    return tuple(district for district in sector if district != row.district_gss)
