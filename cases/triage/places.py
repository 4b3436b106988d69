"""The deciding place as triage sees it, after postcode, address, council and words have been read."""

from __future__ import annotations

from dataclasses import dataclass

from cases.register.register import Authority
from cases.triage.decision import DecidedPlace
from cases.triage.place_names import NamedPlace
from cases.triage.place_roads import NamedRoad


@dataclass(frozen=True)
class Where:
    """``district`` is what a door or the postcode index says; ``named`` what a town's or road's name in the words says.

    ``near_border``: other districts so close to the postcode that some of its addresses may lie in them, nearest first.
    ``sector_districts``: where the postcodes around an unknown one lie, most of them first.
    """

    postcode: str | None
    said: str
    row_district: str | None
    is_known: bool
    district: str | None
    named: NamedPlace | None
    council: Authority | None
    near_border: tuple[str, ...] = ()
    sector_districts: tuple[str, ...] = ()
    road: NamedRoad | None = None

    @property
    def districts(self) -> tuple[str, ...]:
        """Every district it may be in; one is an answer, several an ambiguity, none unknown."""
        if self.district:
            return (self.district,)
        return self.named.districts if self.named else ()

    def as_place(self) -> DecidedPlace | None:
        if not (self.postcode or self.district or self.named):
            return None
        likely = self.districts or self.sector_districts
        return DecidedPlace(
            postcode=self.postcode if self.is_known else None,
            district=likely[0] if len(likely) == 1 else None,
            words=self.named.name if self.named else (self.said or None),
        )
