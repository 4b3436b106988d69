"""What officers did with a case by now. Some are finished, some in hand, some left on purpose too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from app.demo.agenda import Agenda
from app.demo.choosing import Fate
from app.demo.places import DemoPlace
from app.demo.schema import DemoEnquiry, DemoPassedOn
from app.demo.staff import Staff
from app.demo.times import Steps, is_office_time
from cases.actions.casework import add_note, change_status, close_case, message_customer, take_case
from cases.actions.given import NewContact, NewMatter, PersonGiven
from cases.actions.handover_answers import accept
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, decide_again, enquiry_of, hand_over, settle_place
from cases.actions.open_case import queue_by_slug
from cases.actions.record_contact import record_contact
from cases.catalogue.schema import PlaceAbout, Service
from cases.errors import RuleError
from cases.local_day import london_day
from cases.models.case import Case, CaseStatus, Outcome
from cases.models.contact import Channel
from cases.models.staff import StaffUser
from cases.references import show_reference
from cases.triage.decision import Answer

SendText = Callable[[str, str, datetime], object]
_TAKEN, _WAITS, _SCHEDULED = 0.62, 0.35, 0.3
_SHORTEST = timedelta(hours=3)


@dataclass(frozen=True)
class Told:
    """One enquiry with all that was drawn for it. ``number`` is the phone of who wrote by text."""

    enquiry: DemoEnquiry
    service: Service
    place: DemoPlace
    person: PersonGiven | None
    fate: Fate
    dice: Random
    number: str = ""


class Officers:
    def __init__(self, session: Session, kit: Kit, staff: Staff, agenda: Agenda, now: datetime) -> None:
        self._session, self._kit, self._staff, self._agenda, self._now = session, kit, staff, agenda, now
        self._busy: set[int] = set()

    def work(self, case: Case, told: Told, at: datetime, send: SendText) -> None:
        """Put down everything that was done with the case between ``at`` and now."""
        if case.authority_gss is None:
            self._at_front_desk(case, told, at, send)
            return
        dice, enquiry = told.dice, told.enquiry
        steps = Steps(dice, at, self._now, day_and_night=case.is_urgent and told.fate is Fate.OPEN)
        span = self._span(case, told, at)
        if enquiry.passed_on and self._passed_on(case, enquiry.passed_on) and steps.next(span / 4):
            self._agenda.put(steps.at, partial(self._pass_on, case, enquiry.passed_on))
        if told.fate is not Fate.CLOSED and not self._is_taken(case, dice):
            self._chase_later(case, told, steps, span, send)
            return
        if not steps.next(span / 4):
            return
        self._agenda.put(steps.at, partial(self._take, case))
        self._middle(case, told, steps, span, send)
        if told.fate is Fate.CLOSED and steps.next(span / 3):
            self._agenda.put(steps.at, partial(self._close, case, enquiry))

    def _is_taken(self, case: Case, dice: Random) -> bool:
        """What is urgent always is; and each of those to sign in as has something in hand."""
        chance, officer = dice.random(), self._who(case)
        if officer.password_hash is None or officer.id in self._busy:
            return case.is_urgent or chance < _TAKEN
        self._busy.add(officer.id)
        return True

    def _span(self, case: Case, told: Told, at: datetime) -> timedelta:
        """How long the work took, or has taken so far: mostly the time promised, sometimes a little more."""
        promised = (case.due_at - at) * told.dice.uniform(0.45, 1.05)
        end = min(at + promised, self._now) if told.fate is Fate.CLOSED else self._now
        return max(end - at, _SHORTEST)

    def _middle(self, case: Case, told: Told, steps: Steps, span: timedelta, send: SendText) -> None:
        enquiry, dice = told.enquiry, told.dice
        if enquiry.note and steps.next(span / 5):
            self._agenda.put(steps.at, partial(self._note, case, enquiry.note))
        self._chase_later(case, told, steps, span, send)
        if enquiry.reply and steps.next(span / 5):
            self._agenda.put(steps.at, partial(self._reply, case, enquiry.reply))
            if told.fate is not Fate.CLOSED and dice.random() < _WAITS and steps.next(_SHORTEST):
                self._agenda.put(steps.at, partial(self._status, case, CaseStatus.WAITING))
        elif told.fate is Fate.OPEN and dice.random() < _SCHEDULED and steps.next(span / 5):
            self._agenda.put(steps.at, partial(self._status, case, CaseStatus.SCHEDULED))

    def _chase_later(self, case: Case, told: Told, steps: Steps, span: timedelta, send: SendText) -> None:
        if not told.enquiry.chased or case.is_sensitive or not steps.next(span / 3):
            return
        if told.number:
            body = f"{show_reference(case.reference)} {told.enquiry.chased}"
            self._agenda.put(steps.at, partial(send, told.number, body))
        elif is_office_time(steps.at):
            self._agenda.put(steps.at, partial(self._chase, case, told))

    def _at_front_desk(self, case: Case, told: Told, at: datetime, send: SendText) -> None:
        """Somebody asks the missing question or reads the text again; of the freshest the answer is still awaited."""
        steps = Steps(told.dice, at, self._now)
        waits = told.fate is not Fate.CLOSED and told.enquiry.vague != "no"
        if waits and told.dice.random() < 0.5:
            return
        if not steps.next(_SHORTEST):
            return
        self._agenda.put(steps.at, partial(self._take, case))
        if not steps.next(timedelta(hours=4)):
            return
        if waits:
            self._agenda.put(steps.at, partial(self._note, case, "Tried to reach the customer; no answer yet."))
        elif told.enquiry.vague == "service":
            self._agenda.put(steps.at, partial(self._close, case, told.enquiry))
        elif told.number and told.enquiry.vague == "place":
            self._agenda.put(steps.at, partial(self._answered_by_text, case, told, send))
        else:
            self._agenda.put(steps.at, partial(self._found_out, case, told, send))

    # --- single deeds; each is done only if the case still allows it -------------------------------------------------

    def _who(self, case: Case) -> StaffUser:
        authority = self._kit.register.by_gss(case.authority_gss) if case.authority_gss else None
        return self._staff.officer_of(authority.slug, case.queue.team) if authority else self._staff.named("Megan")

    def _take(self, case: Case, at: datetime) -> None:
        if case.is_open and case.owner_id is None:
            take_case(self._session, case, self._who(case).id, at)

    def _note(self, case: Case, text: str, at: datetime) -> None:
        add_note(self._session, case, self._who(case).id, text, at)

    def _status(self, case: Case, status: CaseStatus, at: datetime) -> None:
        if case.is_open:
            change_status(self._session, case, self._who(case).id, status, at)

    def _reply(self, case: Case, text: str, at: datetime) -> None:
        officer = self._who(case)
        if case.is_sensitive:
            add_note(self._session, case, officer.id, f"Said on the phone, at a time agreed as safe: {text}", at)
            return
        try:
            message_customer(self._session, case, officer.id, text, f"demo:{case.id}:{case.last_event_seq}", at)
        except RuleError:
            add_note(self._session, case, officer.id, f"Cannot be written to, so told by phone: {text}", at)

    def _close(self, case: Case, enquiry: DemoEnquiry, at: datetime) -> None:
        if not case.is_open:
            return
        self._take(case, at)
        words = enquiry.given if case.service_slug == enquiry.service else ""
        outcome = Outcome(enquiry.ends) if words else Outcome.ANSWERED
        close_case(self._session, self._kit, case, self._who(case).id, outcome, words, at, tell=not case.is_sensitive)

    def _chase(self, case: Case, told: Told, at: datetime) -> None:
        if not case.is_open:
            return
        matter = NewMatter(told.enquiry.chased, case.service_slug, join_case_id=case.id)
        megan = self._staff.named("Megan")
        contact = NewContact(Channel.PHONE, (matter,), at, person=told.person, staff_user_id=megan.id)
        record_contact(self._session, self._kit, contact, now=at)

    def _passed_on(self, case: Case, to: DemoPassedOn) -> bool:
        """Whether it can go to the other tier: not within a council that is both."""
        authority = self._kit.register.by_gss(case.authority_gss or "")
        return authority is not None and authority.tier == ("district" if to.to == "county" else "county")

    def _pass_on(self, case: Case, to: DemoPassedOn, at: datetime) -> None:
        district = self._kit.register.by_gss((case.place.district_gss if case.place else None) or "")
        other = self._kit.register.by_gss(district.parent or "") if district and to.to == "county" else district
        queue = queue_by_slug(self._session, f"{other.slug}-{to.team}") if other else None
        if queue is None or not case.is_open:
            return
        officer = self._who(case)
        self._take(case, at)
        because = HandoverReason.OTHER_COUNCILS_JOB
        hand_over(self._session, self._kit, case, officer.id, queue, because, to.words, at)
        self._agenda.put(min(at + timedelta(minutes=95), self._now), partial(self._accept, case))

    def _accept(self, case: Case, at: datetime) -> None:
        if case.is_open:
            accept(self._session, case, self._who(case).id, at)

    def _answered_by_text(self, case: Case, told: Told, send: SendText, at: datetime) -> None:
        send(told.number, told.place.postcode, at)
        if case.authority_gss:
            case.owner_id = None
            self.work(case, told, at, send)
        else:
            self._found_out(case, told, send, at + timedelta(minutes=5))

    def _found_out(self, case: Case, told: Told, send: SendText, at: datetime) -> None:
        """A person settles the service and the place, and triage decides with them whose job it is."""
        service, place = told.service, told.place
        self._note(case, f"Settled with the customer: {service.title}, {place.street}, {place.postcode}.", at)
        case.owner_id = None
        enquiry = replace(enquiry_of(self._session, case, london_day(at)), service=service.slug)
        if service.place.about in (PlaceAbout.COUNCIL, PlaceAbout.ISSUER):
            is_county = service.tier == "county" and place.district.parent
            enquiry = replace(enquiry, council=place.district.parent if is_county else place.district.gss)
        else:
            enquiry = replace(enquiry, postcode=place.postcode, answers={**enquiry.answers, **_split_answer(service)})
        decision = decide_again(self._session, self._kit, case, enquiry, at, None)
        settle_place(self._session, case, place.street, decision, at)
        if case.authority_gss:
            self.work(case, told, at, send)


def _split_answer(service: Service) -> dict[str, Answer]:
    """For a service of both tiers, the answer that makes it the district's."""
    question = service.question(service.split) if service.split else None
    choice = next((c for c in question.choices if c.goes_to == "district"), None) if question else None
    return {question.id: choice.value} if question and choice else {}
