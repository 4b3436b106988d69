"""Who gets in touch. Names are invented; numbers come from the ranges that Ofcom keeps for fiction."""

from __future__ import annotations

from random import Random

from app.demo.places import DemoPlace
from app.demo.schema import DemoEnquiry, DemoNames
from cases.actions.given import PersonGiven, SafeWays
from cases.catalogue.schema import Service
from cases.models.person import PersonKind

_MOBILES, _LANDLINES = "+447700900{:03d}", "+441154960{:03d}"
_PRACTICE_PHONE = frozenset({123, 456, 789})  # the numbers that the practice phone offers


class People:
    """Gives everybody a name and a number of their own."""

    def __init__(self, random: Random, names: DemoNames, *, landlines: bool) -> None:
        self._random, self._landlines = random, landlines
        self._names = [(given, family) for given in names.given for family in names.family]
        random.shuffle(self._names)
        self._numbers = [n for n in range(1000) if n not in _PRACTICE_PHONE]
        random.shuffle(self._numbers)

    def somebody(self, enquiry: DemoEnquiry, service: Service, place: DemoPlace) -> PersonGiven | None:
        """None for who gave no name and for what nobody is asked."""
        if enquiry.who == "anonymous" or service.contact == "none":
            return None
        given, family = self._names.pop()
        phone = self._phone(enquiry)
        email = f"{given}.{family}@example.org".lower() if enquiry.channel == "web" else None
        at_home = enquiry.channel in ("phone", "counter") and phone is None
        return PersonGiven(
            kind=PersonKind.ORGANISATION if enquiry.organisation else PersonKind.PERSON,
            name=f"{given} {family}",
            organisation=enquiry.organisation,
            phone=phone,
            email=email,
            address=f"{self._random.randrange(1, 60)} {place.street}, {place.town}" if at_home else None,
            postcode=place.postcode,
            language=enquiry.language,
            needs=enquiry.needs,
            safe=self._safe(service, phone, email, at_home),
        )

    def mobile(self) -> str:
        return _MOBILES.format(self._numbers.pop())

    def _phone(self, enquiry: DemoEnquiry) -> str | None:
        chance = self._random.random()
        if not enquiry.phone or (enquiry.channel == "counter" and chance < 0.2):
            return None
        if enquiry.channel == "phone" and self._landlines and chance < 0.15:
            return _LANDLINES.format(self._numbers.pop())
        return self.mobile()

    def _safe(self, service: Service, phone: str | None, email: str | None, at_home: bool) -> SafeWays:
        if service.sensitive:
            return SafeWays(call=phone is not None, hours="Weekdays from 9 to 12" if phone else None)
        is_mobile = phone is not None and phone.startswith("+447")
        return SafeWays(
            text=is_mobile, call=phone is not None, voicemail=bool(phone), email=bool(email), letter=at_home
        )
