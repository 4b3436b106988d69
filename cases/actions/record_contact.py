"""``record_contact``: the one action every door calls when somebody gets in touch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.answers import keep_answers
from cases.actions.decisions import keep_decision
from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven
from cases.actions.kit import Kit
from cases.actions.open_case import open_case, queue_by_slug
from cases.actions.outgoing import queue_message
from cases.actions.people import find_or_make_person
from cases.actions.timeline import add_event, keep_words
from cases.actions.urgent import needs_handover, open_urgent
from cases.catalogue.schema import PlaceAbout
from cases.errors import RuleError
from cases.local_day import london_day
from cases.models.authority import Office
from cases.models.case import Case, CaseRole, EventKind, RoleKind
from cases.models.contact import Channel, Contact, Matter, MatterCase, MatterOutcome, Openness
from cases.models.place import Place, PlaceKind, fold_street
from cases.models.urgent import UrgentHandover
from cases.models.words import WordsKind
from cases.triage.decision import FRONT_DESK_QUEUE, Decision, Enquiry, OutcomeKind


@dataclass(frozen=True)
class MatterResult:
    """What became of one matter. ``pin`` is shown once, to the person, and kept only as a hash."""

    matter: Matter
    decision: Decision
    case: Case | None = None
    pin: str | None = None
    is_chaser: bool = False
    urgent: UrgentHandover | None = None


@dataclass(frozen=True)
class Recorded:
    """``repeated``: the same submission or message had been recorded before; nothing was changed."""

    contact: Contact
    results: tuple[MatterResult, ...]
    repeated: bool = False

    @property
    def cases(self) -> list[Case]:
        return [r.case for r in self.results if r.case]

    @property
    def urgent(self) -> UrgentHandover | None:
        """The hand-over that must be taken first."""
        return next((r.urgent for r in self.results if r.urgent), None)


def record_contact(session: Session, kit: Kit, given: NewContact, *, now: datetime) -> Recorded:
    """Record one contact with its matters; open, join or signpost each; write the acknowledgements.

    Raises :class:`~cases.errors.RuleError` when a matter names a case or queue that does not exist. What cannot be
    decided goes to the front desk's queue with the one question that would decide it.
    """
    earlier = _recorded_before(session, given)
    if earlier:
        return Recorded(earlier, (), repeated=True)
    contact = Contact(
        channel=given.channel,
        staff_user_id=given.staff_user_id,
        office_id=given.office_id,
        inbox_item_id=given.inbox_item_id,
        submission_key=given.submission_key,
        language=given.language,
        received_at=given.received_at,
    )
    try:
        with session.begin_nested():
            session.add(contact)
            session.flush()
    except IntegrityError:
        won = _recorded_before(session, given)
        if won is None:
            raise
        return Recorded(won, (), repeated=True)
    results: list[MatterResult] = []
    office = session.get(Office, given.office_id) if given.office_id else None
    for matter in given.matters:
        decisions = decide_matter(
            session,
            kit,
            matter,
            given.channel,
            on=london_day(given.received_at),
            approached=office.authority_gss if office else None,
        )
        for decision in decisions:
            part = _own_part(kit, matter, decision, decisions)
            results.append(_settle(session, kit, given, contact, part, decision, len(results) + 1, now))
    session.flush()
    return Recorded(contact, tuple(results))


def decide_matter(
    session: Session, kit: Kit, matter: NewMatter, channel: Channel, *, on: date, approached: str | None = None
) -> tuple[Decision, ...]:
    """Triage for one matter as given; free text without a service may turn out to be several.

    ``approached``: the council (GSS) whose office they stand in. It counts for what the council approached must do.
    """
    if matter.join_case_id:
        case = session.get(Case, matter.join_case_id)
        if case is None:
            raise RuleError("case", "That case does not exist any more. Search for it again.")
    place = matter.place
    enquiry = Enquiry(
        on=on,
        text=matter.text,
        service=matter.service,
        postcode=place.postcode if place else None,
        district=place.district if place else None,
        council=matter.council,
        answers=matter.answers,
        channel=channel.value,
        place_said=place.said or "" if place else "",
    )
    if matter.service or matter.join_case_id or matter.queue or matter.ends != "case":
        return (_by_approached(kit, enquiry, kit.triage.best(enquiry), approached),)
    decisions = kit.triage.decide(enquiry)
    return (_by_approached(kit, enquiry, decisions[0], approached),) if len(decisions) == 1 else decisions


def _by_approached(kit: Kit, enquiry: Enquiry, decision: Decision, approached: str | None) -> Decision:
    """Homeless people turn to a council: the one they stand in, whatever their last address was."""
    service = decision.service
    if enquiry.council or approached is None or service is None or "council" not in decision.needs:
        return decision
    if service.place.about is not PlaceAbout.COUNCIL:
        return decision
    return kit.triage.best(replace(enquiry, council=approached))


def _own_part(kit: Kit, new: NewMatter, decision: Decision, decisions: tuple[Decision, ...]) -> NewMatter:
    """What was said in private beside something else is not shown to those who deal with the something else."""
    is_private = any(_may_be_sensitive(kit, other) for other in decisions if other is not decision)
    return replace(new, text=decision.words or new.text) if is_private else new


def _recorded_before(session: Session, given: NewContact) -> Contact | None:
    same = []
    if given.submission_key:
        same.append(Contact.submission_key == given.submission_key)
    if given.inbox_item_id:
        same.append(Contact.inbox_item_id == given.inbox_item_id)
    return session.scalar(select(Contact).where(or_(*same)).order_by(Contact.id).limit(1)) if same else None


def _settle(
    session: Session,
    kit: Kit,
    given: NewContact,
    contact: Contact,
    new: NewMatter,
    decision: Decision,
    position: int,
    now: datetime,
) -> MatterResult:
    joined = _case_to_join(session, new.join_case_id) if new.join_case_id else None
    decision = _overruled(kit, new, decision)
    queue_slug = decision.queue or FRONT_DESK_QUEUE
    is_handover = needs_handover(kit, decision)
    outcome = _outcome(new, decision, joined, is_handover=is_handover)
    queue = queue_by_slug(session, queue_slug) if outcome is MatterOutcome.CASE_OPENED else None
    if outcome is MatterOutcome.CASE_OPENED and queue is None:
        if new.queue:
            raise RuleError("queue", f"There is no queue called {queue_slug}. Choose another.")
        queue = queue_by_slug(session, FRONT_DESK_QUEUE)  # what triage names but nobody has is not lost
    controller = joined.controller_gss if joined else (queue.authority_gss if queue else None)
    service = decision.service
    matter = Matter(
        contact_id=contact.id,
        position=position,
        service_slug=service.slug if service else None,
        outcome=outcome,
        signpost=new.signpost or (decision.signpost.code if decision.signpost else None),
        settled_at=now,
        place=_keep_place(session, kit, new.place, decision, controller),
        words=keep_words(session, new.text, WordsKind.SAID, controller, now),
        answers=keep_answers(session, service, new.answers, controller, now),
    )
    session.add(matter)
    session.flush()
    if joined:
        result = _join(session, contact, matter, joined, decision, now, is_answer=new.is_answer)
    elif queue:
        opened = open_case(session, kit, contact, matter, decision, queue, now)
        result = MatterResult(matter, decision, opened.case, opened.pin)
    else:
        result = MatterResult(matter, decision)
    row = keep_decision(
        session,
        decision,
        now,
        london_day(given.received_at),
        matter_id=matter.id,
        case_id=result.case.id if result.case and not joined else None,
        decided_by_id=given.staff_user_id if new.correction_code else None,
        correction_code=new.correction_code,
    )
    if result.case and not joined:
        add_event(session, result.case, EventKind.DECIDED, now, data={"decision": row.id})
    if result.case and is_handover:
        result = replace(result, urgent=open_urgent(session, kit, result.case, decision, contact, now))
    is_private = _may_be_sensitive(kit, decision) or bool(result.case and result.case.is_sensitive)
    _keep_person(session, given, contact, result, controller, now, apart=is_private)
    if result.case and not joined:
        _acknowledge(session, kit, given, result, now)
    return result


def _overruled(kit: Kit, new: NewMatter, decision: Decision) -> Decision:
    """Staff chose the queue themselves: their word stands, and triage's own is seen in the reasons."""
    if not new.queue or new.queue == decision.queue:
        return decision
    said = decision.authority.name if decision.authority else "nothing certain"
    slug = new.queue.split("-")
    authority = next(
        (a for n in range(len(slug), 0, -1) if (a := kit.register.by_slug("-".join(slug[:n]))) is not None), None
    )
    return replace(
        decision,
        outcome=OutcomeKind.AUTHORITY if authority else OutcomeKind.FRONT_DESK,
        queue=new.queue,
        authority=authority,
        rule="staff:overruled",
        needs=(),
        question=None,
        signpost=None,
        outside=None,
        staff_reasons=(*decision.staff_reasons, f"Staff chose the queue; it would have been {said}."),
    )


def _outcome(new: NewMatter, decision: Decision, joined: Case | None, *, is_handover: bool) -> MatterOutcome:
    """Danger is a case whoever must deal with it, and however it was ended: somebody takes it by name."""
    if joined:
        return MatterOutcome.ADDED_TO_CASE
    if is_handover:
        return MatterOutcome.CASE_OPENED
    if new.ends == "information-given":
        return MatterOutcome.INFORMATION_GIVEN
    if new.ends == "signposted" or decision.outcome is OutcomeKind.SIGNPOST:
        return MatterOutcome.SIGNPOSTED
    if decision.outcome is OutcomeKind.NOISE:
        return MatterOutcome.NO_ACTION
    return MatterOutcome.CASE_OPENED


def _case_to_join(session: Session, case_id: int) -> Case | None:
    """Locked: many who ask after one case in the same moment follow one another instead of failing."""
    session.flush()  # or what an earlier matter of this contact wrote on it would be read over
    return session.get(Case, case_id, with_for_update=True, populate_existing=True)


def _join(
    session: Session,
    contact: Contact,
    matter: Matter,
    case: Case,
    decision: Decision,
    now: datetime,
    *,
    is_answer: bool,
) -> MatterResult:
    session.add(MatterCase(matter_id=matter.id, case_id=case.id, is_chaser=not is_answer))
    add_event(
        session,
        case,
        EventKind.REPLY if is_answer else EventKind.CONTACT,
        now,
        actor_id=contact.staff_user_id,
        channel=contact.channel,
        contact_id=contact.id,
        words=matter.words,
        data={} if is_answer else {"chaser": True},
        is_public=True,
    )
    return MatterResult(matter, decision, case, is_chaser=True)


def _keep_place(
    session: Session, kit: Kit, given: PlaceGiven | None, decision: Decision, controller: str | None
) -> Place | None:
    """The place as said beside what it was matched to; from the words alone when no place was given."""
    found = decision.place
    if given is None and (found is None or (found.postcode is None and found.district is None)):
        return None
    postcode = found.postcode if found and found.postcode else (given.postcode if given else None)
    row = kit.triage.postcodes().lookup(postcode) if postcode else None
    street = given.street if given else None
    place = Place(
        kind=given.kind if given else (PlaceKind.POSTCODE if postcode else PlaceKind.NAME),
        controller_gss=controller,
        said=given.said if given else (found.words if found else None),
        postcode=postcode,
        uprn=given.uprn if given else None,
        number=given.number if given else None,
        street=street,
        street_key=fold_street(street),
        district_gss=(given.district if given else None) or (found.district if found else None),
        ward_gss=row.ward_gss if row else None,
        easting=row.easting if row else None,
        northing=row.northing if row else None,
    )
    session.add(place)
    session.flush()
    return place


def _keep_person(
    session: Session,
    given: NewContact,
    contact: Contact,
    result: MatterResult,
    controller: str | None,
    now: datetime,
    *,
    apart: bool,
) -> None:
    """Each case's controller has its own record of the person; an anonymous reporter leaves none."""
    if given.person is None or given.openness is Openness.ANONYMOUS or not _is_somebody(given.person):
        if contact.controller_gss is None:
            contact.controller_gss = controller
        return
    joined_id = result.case.id if result.case and result.is_chaser else None
    known = find_or_make_person(session, given.person, controller, now, apart=apart, of_case_id=joined_id)
    if contact.person_id is None:
        contact.person_id = known.person.id
        contact.contact_point_id = known.contact_point.id if known.contact_point else None
        contact.controller_gss = controller
    case = result.case
    if case is None:
        return
    has_role = session.scalar(
        select(CaseRole).where(CaseRole.case_id == case.id, CaseRole.person_id == known.person.id).limit(1)
    )
    if has_role is None:
        session.add(
            CaseRole(
                case_id=case.id,
                person_id=known.person.id,
                contact_point_id=known.contact_point.id if known.contact_point else None,
                role=RoleKind.FOLLOWER if result.is_chaser else given.role,
                openness=given.openness,
                added_at=now,
            )
        )
    session.flush()


def _may_be_sensitive(kit: Kit, decision: Decision) -> bool:
    """It is dealt with in silence, or is not settled and one of the things it could well be is."""
    if decision.service:
        return decision.service.sensitive
    likely = [kit.service(c.slug) for c in decision.candidates if c.score >= 0.5]
    return any(service and service.sensitive for service in likely)


def _is_somebody(person: PersonGiven) -> bool:
    return any((person.person_id, person.name, person.organisation, person.phone, person.email, person.address))


def _acknowledge(session: Session, kit: Kit, given: NewContact, result: MatterResult, now: datetime) -> None:
    """Queued only where it is safe; a text message's answer is the conversation's to write."""
    case = result.case
    if case is None or given.channel is Channel.SMS or _may_be_sensitive(kit, result.decision):
        return
    if result.decision.outcome is OutcomeKind.SIGNPOST:
        return  # they have been told whom to ring at once: a promise by a date would only mislead
    service = kit.service(case.service_slug)
    text = message_texts.case_opened(
        kit.authority_name(case.authority_gss),
        service.title if service else None,
        case.reference,
        case.due_at,
        f"{kit.base_url}/track",
    )
    queue_message(session, case, "acknowledgement", text, f"ack:{case.id}", now)
