"""What happened in the last ninety days: people got in touch, and officers did their work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from app.demo.places import DemoPlace
from app.demo.schema import DemoEnquiry, DemoNames
from cases.actions.casework import add_note, change_status, close_case, message_customer, take_case
from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven, SafeWays
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.open_case import queue_by_slug
from cases.actions.record_contact import record_contact
from cases.catalogue.schema import PlaceAbout, QuestionType, Reporter, Service
from cases.errors import RuleError
from cases.local_day import LONDON, london_day
from cases.models.authority import Office
from cases.models.case import Case, CaseStatus, Outcome
from cases.models.contact import Channel, Openness
from cases.models.place import PlaceKind
from cases.models.staff import StaffUser

_BUSY_HOURS = (9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 17, 19, 20)
_DRAMA_MOBILES = 1000  # 07700 900000 to 07700 900999 are kept for fiction by Ofcom


class History:
    """Plays enquiries in the order of time. ``opened`` counts the cases."""

    def __init__(
        self,
        session: Session,
        kit: Kit,
        random: Random,
        names: DemoNames,
        places: dict[str, list[DemoPlace]],
        staff: dict[str, StaffUser],
        now: datetime,
    ) -> None:
        self._session, self._kit, self._random, self._names = session, kit, random, names
        self._places, self._staff, self._now = places, staff, now
        self._people = 0
        self.opened = 0
        self._office = session.query(Office).order_by(Office.id).first()

    def play(self, enquiries: Sequence[DemoEnquiry], wanted: int, days: int) -> None:
        """``wanted`` cases, the enquiries used in turn (each again only at another place), spread over ``days``."""
        times = sorted(self._a_time(days) for _ in range(wanted * 2))
        order = list(enquiries)
        self._random.shuffle(order)
        for i, at in enumerate(times):
            if self.opened >= wanted:
                break
            self._one(order[i % len(order)], at)

    def _a_time(self, days: int) -> datetime:
        """Within the past ``days``, by London's working rhythm, never in the future."""
        back = min(self._random.randrange(days), self._random.randrange(days))
        day = london_day(self._now) - timedelta(days=back)
        if day.weekday() >= 5 and self._random.random() < 0.7:
            day -= timedelta(days=day.weekday() - 4)
        at = datetime.combine(day, time(self._random.choice(_BUSY_HOURS), self._random.randrange(60)), tzinfo=LONDON)
        return min(at, self._now - timedelta(minutes=self._random.randrange(8, 240)))

    def _one(self, enquiry: DemoEnquiry, at: datetime) -> None:
        service = self._kit.catalogue.services[enquiry.service]
        place = self._a_place(enquiry)
        said = enquiry.say.format(street=place.street, town=place.town)
        contact = NewContact(
            channel=Channel(enquiry.channel),
            received_at=at,
            person=self._a_person(enquiry, service, place),
            openness=self._openness(service),
            staff_user_id=self._taker(enquiry),
            office_id=self._office.id if self._office and enquiry.channel == "counter" else None,
            matters=(self._matter(enquiry, service, place, said),),
        )
        recorded = record_contact(self._session, self._kit, contact, now=at)
        for case in recorded.cases:
            self.opened += 1
            self._work(case, enquiry, service, at)

    def _a_place(self, enquiry: DemoEnquiry) -> DemoPlace:
        wanted = [
            gss
            for gss, found in self._places.items()
            if found and (enquiry.tier == "county" or found[0].district.tier in ("district", "unitary"))
        ]
        return self._random.choice(self._places[self._random.choice(wanted)])

    def _matter(self, enquiry: DemoEnquiry, service: Service, place: DemoPlace, said: str) -> NewMatter:
        about = service.place.about
        if about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER):
            return NewMatter(said, service.slug, council=place.district.gss, answers=self._answers(enquiry, service))
        number = str(self._random.randrange(1, 60))
        given = PlaceGiven(
            kind=PlaceKind.STREET if about is PlaceAbout.THING else PlaceKind.PROPERTY,
            said=None,
            postcode=place.postcode,
            number=None if about is PlaceAbout.THING else number,
            street=place.street,
        )
        return NewMatter(said, service.slug, place=given, answers=self._answers(enquiry, service))

    def _answers(self, enquiry: DemoEnquiry, service: Service) -> dict[str, str]:
        """Those the enquiry gives, and for the other choices one that changes nothing about whose job it is."""
        answers = dict(enquiry.answers)
        for question in service.questions:
            if question.id in answers or question.when:
                continue
            if question.type is QuestionType.YES_NO:
                answers[question.id] = "no"
            elif question.type is QuestionType.CHOICE:
                plain = [c.value for c in question.choices if not c.goes_to and not c.urgent]
                tiered = [c.value for c in question.choices if c.goes_to in ("county", "district")]
                if plain or tiered:
                    answers[question.id] = self._random.choice(plain or tiered)
        return answers

    def _a_person(self, enquiry: DemoEnquiry, service: Service, place: DemoPlace) -> PersonGiven | None:
        if service.contact == "none":
            return None
        self._people += 1
        given, family = self._random.choice(self._names.given), self._random.choice(self._names.family)
        mobile = f"+447700900{self._people % _DRAMA_MOBILES:03d}"
        no_phone = enquiry.channel in ("counter", "phone") and self._random.random() < 0.15
        email = f"{given}.{family}@example.org".lower() if enquiry.channel == "web" else None
        return PersonGiven(
            name=None if enquiry.channel == "sms" else f"{given} {family}",
            phone=None if no_phone else mobile,
            phone_is_verified=enquiry.channel == "sms",
            email=email,
            postcode=place.postcode,
            safe=SafeWays(text=not no_phone, call=True, email=bool(email)),
        )

    def _openness(self, service: Service) -> Openness:
        if Reporter.CONFIDENTIAL in service.reporters and self._random.random() < 0.15:
            return Openness.CONFIDENTIAL
        return Openness.OPEN

    def _taker(self, enquiry: DemoEnquiry) -> int | None:
        name = {"phone": "Megan", "counter": "Winston"}.get(enquiry.channel)
        return self._staff[name].id if name else None

    def _work(self, case: Case, enquiry: DemoEnquiry, service: Service, at: datetime) -> None:
        """What officers had done by now: the older the case, the further on; some are left, on purpose, too long."""
        authority = self._kit.register.by_gss(case.authority_gss) if case.authority_gss else None
        officer = self._staff.get(authority.slug) if authority else self._staff["Grace"]
        if officer is None or self._random.random() < 0.08:
            return
        clock = _Steps(self._random, at, self._now)
        if not clock.next(hours=20):
            return
        if case.authority_gss and self._random.random() < 0.06 and self._hand_over(case, officer, clock.at):
            return
        take_case(self._session, case, officer.id, clock.at)
        if enquiry.note and clock.next(hours=30):
            add_note(self._session, case, officer.id, enquiry.note, clock.at)
        if enquiry.chased and clock.next(hours=50):
            self._chase(case, enquiry, clock.at)
        if enquiry.reply and clock.next(hours=30):
            self._reply(case, officer, enquiry.reply, clock.at)
            if self._random.random() < 0.3:
                change_status(self._session, case, officer.id, CaseStatus.WAITING, clock.at)
        if self._random.random() < 0.12 and clock.next(hours=20):
            change_status(self._session, case, officer.id, CaseStatus.SCHEDULED, clock.at)
        if self._random.random() < 0.85 and clock.next(hours=24 * 9):
            words = enquiry.given or "Thank you for telling us."
            close_case(self._session, self._kit, case, officer.id, Outcome(enquiry.ends), words, clock.at)

    def _reply(self, case: Case, officer: StaffUser, text: str, at: datetime) -> None:
        try:
            message_customer(self._session, case, officer.id, text, f"demo:{case.id}:{case.last_event_seq}", at)
        except RuleError:
            add_note(self._session, case, officer.id, f"No safe way to write, so rang instead: {text}", at)

    def _chase(self, case: Case, enquiry: DemoEnquiry, at: datetime) -> None:
        matter = NewMatter(enquiry.chased, case.service_slug, join_case_id=case.id)
        contact = NewContact(Channel.PHONE, (matter,), at, staff_user_id=self._staff["Megan"].id)
        record_contact(self._session, self._kit, contact, now=at)

    def _hand_over(self, case: Case, officer: StaffUser, at: datetime) -> bool:
        """A wrong guess mended: to the county from a district, or the other way about."""
        authority = self._kit.register.by_gss(case.authority_gss or "")
        if authority is None or authority.parent is None or not case.place:
            return False
        other = self._kit.register.by_gss(authority.parent)
        queue = queue_by_slug(self._session, f"{other.slug}-customer-services") if other else None
        if queue is None:
            return False
        words = "Looked at on site: this one belongs to the county."
        hand_over(self._session, self._kit, case, officer.id, queue, HandoverReason.OTHER_COUNCILS_JOB, words, at)
        return True


class _Steps:
    """A clock that moves on by believable gaps and stops at now."""

    def __init__(self, random: Random, at: datetime, now: datetime) -> None:
        self._random, self.at, self._now = random, at, now

    def next(self, *, hours: int) -> bool:
        """Move on by up to ``hours``; False when that would be in the future."""
        later = self.at + timedelta(minutes=self._random.randrange(20, hours * 60))
        if later >= self._now:
            return False
        self.at = later
        return True
