"""Where the demonstration's things happen: real postcodes of each district, with invented streets and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sqlalchemy.orm import Session

from app.demo.schema import DemoEnquiry
from cases.catalogue.schema import PlaceAbout, Service
from cases.models.place import Address
from cases.postcodes.index import PostcodeIndex
from cases.register.register import Authority, Register

POSTCODES_EACH = 48
ADDRESSES = 2_000
_OFTEN = {"housing-options": 0.9, "waste": 0.5}


@dataclass(frozen=True)
class DemoPlace:
    postcode: str
    street: str
    town: str
    district: Authority


def choose_places(
    index: PostcodeIndex, register: Register, streets: tuple[str, ...], names: dict[str, str], random: Random
) -> dict[str, list[DemoPlace]]:
    """Places by district GSS code; ``names`` gives each district's town to be mentioned."""
    found: dict[str, list[DemoPlace]] = {a.gss: [] for a in register.authorities.values() if a.tier != "county"}
    sectors = sorted(index.sectors())
    random.shuffle(sectors)
    wanted = POSTCODES_EACH
    for sector in sectors:
        if all(len(places) >= wanted for places in found.values()):
            break
        if not _is_near(index, sector, found):
            continue
        for entry in index.iter_sector(sector):
            places = found.get(entry.district_gss or "")
            if places is None or len(places) >= wanted or random.random() > 0.08:
                continue
            district = register.by_gss(entry.district_gss or "")
            assert district is not None
            street = streets[random.randrange(len(streets))]
            places.append(DemoPlace(entry.postcode, street, names.get(district.gss, district.short_name), district))
    return found


def _is_near(index: PostcodeIndex, sector: str, districts: dict[str, list[DemoPlace]]) -> bool:
    """By its first postcode: most of the country's sectors need not be read."""
    first = next(iter(index.iter_sector(sector)), None)
    return first is not None and first.district_gss in districts


def invent_addresses(session: Session, places: dict[str, list[DemoPlace]]) -> int:
    """Some 2,000 properties, numbered from 99 so that they are no real UPRN."""
    every = [place for of_district in places.values() for place in of_district]
    each = ADDRESSES // max(len(every), 1) + 1
    made = 0
    for place in every:
        for number in range(1, each + 1):
            if made == ADDRESSES:
                return made
            made += 1
            session.add(
                Address(
                    uprn=f"99{made:010d}",
                    line=f"{number} {place.street}, {place.town}",
                    postcode=place.postcode,
                    sort_key=f"{place.street} {number:05d}",
                    district_gss=place.district.gss,
                    is_invented=True,
                )
            )
    return made


class PlaceChooser:
    """Goes round the districts, so that every council has its share.

    ``often`` names, by team, the district that one of the people to sign in as works for.
    """

    def __init__(self, places: dict[str, list[DemoPlace]], often: dict[str, str], random: Random) -> None:
        self._places = {gss: random.sample(found, len(found)) for gss, found in places.items() if found}
        self._often = often
        self._rounds = {is_open: random.sample(list(self._places), len(self._places)) for is_open in (True, False)}

    def choose(self, enquiry: DemoEnquiry, service: Service, dice: Random, *, is_open: bool) -> DemoPlace:
        """What is open goes round by itself, so that no council's queues are empty."""
        turns = self._rounds[is_open]
        favourite = self._often.get("counter" if enquiry.channel == "counter" else service.team)
        fits = [gss for gss in turns if self._fits(gss, enquiry, service)]
        gss = favourite if favourite in fits and dice.random() < _OFTEN.get(service.team, 0.4) else fits[0]
        turns.remove(gss)
        turns.append(gss)
        places = self._places[gss]
        places.append(places.pop(0))
        return places[-1]

    def _fits(self, gss: str, enquiry: DemoEnquiry, service: Service) -> bool:
        district = self._places[gss][0].district
        is_two_tiers = district.parent is not None
        wants_two = enquiry.passed_on is not None or (
            enquiry.council == "county" and service.place.about is PlaceAbout.COUNCIL
        )
        return (is_two_tiers or not wants_two) and (district.council_homes or not service.needs_council_homes)
