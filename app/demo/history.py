"""What happened in the last ninety days: people got in touch, by every door, and officers did their work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.agenda import Agenda
from app.demo.choosing import Fate, Planned
from app.demo.handovers import leave_under_way
from app.demo.officers import Officers, Told
from app.demo.people import People
from app.demo.places import DemoPlace, PlaceChooser
from app.demo.schema import DemoEnquiry
from app.demo.staff import Staff
from app.demo.times import contact_time
from app.demo.urgent import minutes_until_taken, take_waiting
from app.texts import HANDSET
from cases.actions.given import NewContact, NewMatter, PlaceGiven
from cases.actions.kit import Kit
from cases.actions.record_contact import record_contact
from cases.catalogue.schema import PlaceAbout, QuestionType, Service
from cases.local_day import london_day
from cases.models.authority import Office
from cases.models.case import Case
from cases.models.contact import Channel, Contact, Matter, MatterCase, Openness
from cases.models.messages import InboxItem
from cases.models.place import PlaceKind
from cases.models.urgent import UrgentHandover
from cases.triage.decision import Answer
from channels.sms.conversation import answer_text
from channels.sms.inbound import InboundText, to_bytes
from channels.sms.inbox import keep_inbound, process_inbox_item

OUR_NUMBER = "+441154960000"
_MEGANS_DAYS = timedelta(days=4)  # her latest calls are there when one signs in as her


class History:
    """Plays what was planned. ``opened`` counts the cases."""

    def __init__(
        self,
        session: Session,
        kit: Kit,
        random: Random,
        people: People,
        places: PlaceChooser,
        staff: Staff,
        now: datetime,
    ) -> None:
        self._session, self._kit, self._random, self._now = session, kit, random, now
        self._people, self._places, self._staff = people, places, staff
        self._agenda = Agenda()
        self._officers = Officers(session, kit, staff, self._agenda, now)
        self._offices = {office.slug: office for office in session.scalars(select(Office))}
        self._texts = 0
        self._seen_urgent: set[int] = set()
        self.opened = 0

    def play(self, planned: Sequence[Planned]) -> None:
        for number, one in enumerate(planned):
            dice = Random(f"{self._random.random()}:{number}")
            at = contact_time(one.enquiry.channel, one.day, dice, self._now)
            self._agenda.put(at, partial(self._begin, one, dice))
        self._agenda.play(after_each=self._have_urgent_taken)
        leave_under_way(self._session, self._kit, self._staff, self._now)

    def _begin(self, one: Planned, dice: Random, at: datetime) -> None:
        service = self._kit.catalogue.services[one.enquiry.service]
        place = self._places.choose(one.enquiry, service, dice, is_open=one.fate is not Fate.CLOSED)
        enquiry = _filled(one.enquiry, place, dice)
        told = Told(enquiry, service, place, self._people.somebody(enquiry, service, place), one.fate, dice)
        if enquiry.channel == "sms":
            told = replace(told, number=self._people.mobile())
            cases = self.text(told.number, enquiry.say, at)
        else:
            cases = record_contact(self._session, self._kit, self._contact(told, at), now=at).cases
        for case in cases:
            self.opened += 1
            self._officers.work(case, told, at, self.text)

    def _have_urgent_taken(self, at: datetime) -> None:
        """Whatever has become urgent, by a first contact or a later one, is taken minutes after."""
        waiting = select(UrgentHandover).where(UrgentHandover.accepted_at.is_(None))
        for handover in self._session.scalars(waiting).all():
            if handover.id not in self._seen_urgent:
                self._seen_urgent.add(handover.id)
                taken_at = min(at + minutes_until_taken(handover.case), self._now)
                deed = partial(take_waiting, self._session, self._kit, self._staff, handover.case)
                self._agenda.put(taken_at, deed)

    def text(self, number: str, body: str, at: datetime) -> list[Case]:
        """A text comes in by the practice phone's own door; the cases it opened or belongs to."""
        self._texts += 1
        text = InboundText(f"handset-demo-{self._texts}", number, OUR_NUMBER, body)
        item_id = keep_inbound(self._session, HANDSET, text, to_bytes(text), at)
        assert item_id is not None, "each text has an id of its own"

        def handle(session: Session, item: InboxItem, at: datetime) -> None:
            answer_text(session, self._kit, text, item.id, at)

        if not process_inbox_item(self._session, item_id, handle, at):
            raise RuntimeError(f"a text of the demonstration was not taken: {body}")
        query = (
            select(Case)
            .join(MatterCase, MatterCase.case_id == Case.id)
            .join(Matter, Matter.id == MatterCase.matter_id)
            .join(Contact, Contact.id == Matter.contact_id)
            .where(Contact.inbox_item_id == item_id, MatterCase.is_chaser.is_(False))
        )
        return list(self._session.scalars(query))

    def _contact(self, told: Told, at: datetime) -> NewContact:
        enquiry = told.enquiry
        staff_id, office_id = self._taker(told, at)
        return NewContact(
            channel=Channel(enquiry.channel),
            received_at=at,
            person=told.person,
            openness=Openness(enquiry.who),
            staff_user_id=staff_id,
            office_id=office_id,
            language=enquiry.language,
            matters=(self._matter(told, at),),
        )

    def _matter(self, told: Told, at: datetime) -> NewMatter:
        enquiry, service = told.enquiry, told.service
        if enquiry.vague == "service":
            return NewMatter(enquiry.say)
        answers = answers_at(enquiry, service, at)
        if enquiry.vague == "place":
            return NewMatter(enquiry.say, service.slug, answers=answers)
        place = told.place
        if service.place.about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER):
            return NewMatter(enquiry.say, service.slug, council=_council(enquiry, service, place), answers=answers)
        is_thing = service.place.about in (PlaceAbout.THING, PlaceAbout.EVENT)
        given = PlaceGiven(
            kind=PlaceKind.STREET if is_thing else PlaceKind.PROPERTY,
            postcode=place.postcode,
            number=None if is_thing else str(told.dice.randrange(1, 60)),
            street=place.street,
        )
        return NewMatter(enquiry.say, service.slug, place=given, answers=answers)

    def _taker(self, told: Told, at: datetime) -> tuple[int | None, int | None]:
        """Who at the desk took it, and at which office."""
        if told.enquiry.channel == "phone":
            megan, others = self._staff.named("Megan"), self._staff.agents[1:]
            lately = self._now - at < _MEGANS_DAYS
            is_megan = told.dice.random() < (0.7 if lately else 0.4)
            return (megan if is_megan else told.dice.choice(others)).id, None
        if told.enquiry.channel == "counter":
            own = {o.slug for o in told.place.district.offices} & self._staff.counters.keys()
            slug = min(own) if own else next(iter(self._staff.counters))
            return self._staff.counters[slug].id, self._offices[slug].id
        return None, None


def _council(enquiry: DemoEnquiry, service: Service, place: DemoPlace) -> str:
    """The council meant; a unitary is both tiers."""
    is_county = enquiry.council == "county" or service.tier == "county"
    return (place.district.parent or place.district.gss) if is_county else place.district.gss


def _filled(enquiry: DemoEnquiry, place: DemoPlace, dice: Random) -> DemoEnquiry:
    """With the street, town, postcode and a house number in its words."""
    values = {
        "street": place.street,
        "town": place.town,
        "postcode": place.postcode,
        "number": str(dice.randrange(1, 60)),
    }
    answers: dict[str, str | tuple[str, ...]] = {
        question: answer.format(**values) if isinstance(answer, str) else answer
        for question, answer in enquiry.answers.items()
    }
    return enquiry.model_copy(update={"say": enquiry.say.format(**values), "answers": answers})


def answers_at(enquiry: DemoEnquiry, service: Service, at: datetime) -> dict[str, Answer]:
    """The answers as given on the day: "-3" to a question for a date is three days before."""
    answers: dict[str, Answer] = {}
    for question_id, answer in enquiry.answers.items():
        question = service.question(question_id)
        if question and question.type is QuestionType.DATE and isinstance(answer, str):
            answer = (london_day(at) + timedelta(days=int(answer))).isoformat()
        answers[question_id] = answer
    return answers
