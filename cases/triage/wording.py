"""The reasons, in words for the public and for staff."""

from __future__ import annotations

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Service
from cases.register.register import Authority
from cases.triage.responsibility import Responsible


def looked_after(catalogue: Catalogue, service: Service, area: str | None, authority: Authority) -> str:
    """ "Roads in Ashfield are looked after by Nottinghamshire County Council." """
    things = catalogue.teams[service.team].things
    where = f" in {area}" if area else ""
    return f"{things}{where} are looked after by {authority.name}."


def tier_reason(service: Service, district: Authority | None, found: Responsible) -> str:
    if found.agreement:
        return f"{found.agreement.reason} (agreement {found.agreement.id}: {found.agreement.source})"
    if found.area_team:
        return f"{found.authority.name} has it done by the area team that was {found.area_team.name}'s."
    if found.authority.tier == "unitary":
        return f"{found.authority.name} is the only council there and provides every council service."
    area = district.short_name if district else "that area"
    kind = found.authority.tier
    return f"Two councils serve {area}; “{service.title}” is the {kind} council's job."


def needs_place(service: Service) -> str:
    return service.place.ask or "Where is it? A postcode, or a street and town, is enough."


WHICH_SERVICE = "What is it about?"
WHICH_COUNCIL = "Which council is it about?"
CROWN_DEPENDENCY = (
    "That postcode is in the Channel Islands or the Isle of Man, which are not part of the UK. "
    "None of our councils works there."
)
CHANNEL_ISLANDS = "Jersey: https://www.gov.je. Guernsey, Alderney and Sark: https://www.gov.gg"


def advice_for_everybody(advice: str | None) -> str | None:
    """Not everybody can ring 999 and speak: the other two ways stand beside it wherever it is named."""
    if advice is None or "999" not in advice or "Relay UK" in advice:
        return advice
    return f"{advice} If you cannot speak or hear, text 999 from a registered phone, or call 18000 with Relay UK."
