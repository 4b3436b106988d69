"""Moving one case by a plan of reorganisation, and putting it back when the plan is undone.

The case keeps its reference, PIN, history and the promise made to the person. It keeps its owner where that person
works for the council it goes to.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cases.actions.audit import record_audit
from cases.actions.case_clocks import take_clocks_along
from cases.actions.decisions import keep_decision
from cases.actions.kit import Kit
from cases.actions.move_case import enquiry_of, put_in
from cases.actions.open_case import queue_by_slug
from cases.actions.timeline import add_event
from cases.local_day import london_day
from cases.models.authority import Queue
from cases.models.case import Case, EventKind
from cases.models.reorganisation import ReorganisationMove, ReorganisationPlan
from cases.models.staff import Appointment
from cases.reorganisation.destination import Destination, Held, Way, destination_of
from cases.reorganisation.schema import Merge, Plan, Stays
from cases.triage.decision import FRONT_DESK_QUEUE, Decision, OutcomeKind

REASON = "reorganisation"  # in the data of the hand-over event; an undo's is "reorganisation-undone"
UNDONE = "reorganisation-undone"


def move_by_plan(
    session: Session, kit: Kit, row: ReorganisationPlan, plan: Plan, case_id: int, stage: date, now: datetime
) -> int:
    """1 when it moved; 0 when it stays where it is, or has moved on this day already."""
    case = _locked(session, case_id)
    same = select(ReorganisationMove.id).where(
        ReorganisationMove.plan_id == row.id,
        ReorganisationMove.case_id == case_id,
        ReorganisationMove.stage_on == stage,
    )
    if case is None or not case.is_open or session.scalar(same):
        return 0
    to = _destination(kit, plan, case, stage)
    if to is None:
        return 0
    queue = _queue_at(session, to, case.queue)
    move = ReorganisationMove(
        plan_id=row.id,
        case_id=case.id,
        stage_on=stage,
        way=to.way.value,
        from_queue_id=case.queue_id,
        to_queue_id=queue.id,
        from_authority_gss=case.authority_gss,
        to_authority_gss=queue.authority_gss,
        owner_before_id=case.owner_id,
        at=now,
    )
    session.add(move)
    _keep_why(session, kit, case, row, queue, f"plan:{row.slug}", _why(kit, case, to, stage), now)
    _give(session, kit, case, row, queue, REASON, now)
    return 1


def put_back(session: Session, kit: Kit, row: ReorganisationPlan, move: ReorganisationMove, now: datetime) -> int:
    """Where it came from, with who had it; unless somebody has handed it on to elsewhere since."""
    move.undone_at = now
    case = _locked(session, move.case_id)
    if case is None or (case.queue_id != move.to_queue_id and case.authority_gss not in _new_councils(row)):
        return 0
    queue = session.get_one(Queue, move.from_queue_id)
    if case.owner_id is None and case.is_open and move.owner_before_id:
        case.owner_id = move.owner_before_id
    _keep_why(session, kit, case, row, queue, f"undone:{row.slug}", "The change of councils was undone.", now)
    _give(session, kit, case, row, queue, UNDONE, now)
    return 1


def move_opened_since(session: Session, kit: Kit, row: ReorganisationPlan, case_id: int, now: datetime) -> int:
    """A case that was opened with a successor goes to whom the restored rules name, else to the front desk."""
    case = _locked(session, case_id)
    if case is None:
        return 0
    decision = kit.triage.best(enquiry_of(session, case, london_day(now)))
    queue = queue_by_slug(session, decision.queue) if decision.queue else None
    if queue is None and case.authority_gss in _new_councils(row):
        queue = queue_by_slug(session, FRONT_DESK_QUEUE)
    if queue is None or queue.authority_gss == case.authority_gss:
        return 0
    _keep_why(session, kit, case, row, queue, f"undone:{row.slug}", "The change of councils was undone.", now)
    _give(session, kit, case, row, queue, UNDONE, now)
    return 1


def _new_councils(row: ReorganisationPlan) -> set[str]:
    return {council["gss"] for council in row.content["councils"]}


def held_of(kit: Kit, case: Case) -> Held:
    assert case.authority_gss is not None
    place = case.place
    return Held(
        authority_gss=case.authority_gss,
        service=kit.service(case.service_slug),
        is_sensitive=case.is_sensitive,
        district_gss=place.district_gss if place else None,
        postcode=place.postcode if place else None,
    )


def _destination(kit: Kit, plan: Plan, case: Case, stage: date) -> Destination | None:
    if case.authority_gss is None:
        return None
    for change in plan.changes:
        if isinstance(change, Stays) and change.until == stage:
            old = kit.register.by_gss(change.council)
            heir = next(c.into for c in plan.changes if isinstance(c, Merge) and change.council in c.councils)
            if old and case.queue.slug == f"{old.slug}-{case.queue.team}" and case.authority_gss == heir:
                return Destination(kit.register.by_gss(heir), Way.WHOLE)
    return destination_of(kit.register, held_of(kit, case), stage)


def _queue_at(session: Session, to: Destination, now_in: Queue) -> Queue:
    """The same team's queue there; a team that the council does not have is its customer services'."""
    if to.way is Way.AREA_TEAM:
        return now_in
    slugs = [FRONT_DESK_QUEUE]
    if to.authority:
        slugs = [f"{to.authority.slug}-{now_in.team}", f"{to.authority.slug}-customer-services"]
    queue = next((q for slug in slugs if (q := queue_by_slug(session, slug))), None)
    assert queue is not None, "a plan's councils have their queues since it was given its day"
    return queue


def _give(
    session: Session, kit: Kit, case: Case, row: ReorganisationPlan, queue: Queue, reason: str, now: datetime
) -> None:
    """Queue, council, controller, people and words; then the line in the timeline and the note in the audit."""
    sender = case.authority_gss
    put_in(session, kit, case, queue, now)
    take_clocks_along(session, case)
    if case.owner_id and not _works_there(session, case.owner_id, queue, london_day(now)):
        case.owner_id = None
    data = {"from": sender, "to": queue.authority_gss, "queue": queue.slug, "reason": reason, "plan": row.slug}
    add_event(session, case, EventKind.HANDED_OVER, now, data=data, is_public=True)
    record_audit(
        session,
        actor_id=None,
        authority_gss=queue.authority_gss,
        action=reason,
        subject_kind="case",
        subject_id=case.id,
        now=now,
        data={"plan": row.slug, "from": sender, "to": queue.authority_gss},
    )
    session.flush()


def _works_there(session: Session, staff_id: int, queue: Queue, day: date) -> bool:
    held = select(Appointment.id).where(
        Appointment.staff_user_id == staff_id,
        Appointment.authority_gss == queue.authority_gss
        if queue.authority_gss
        else Appointment.authority_gss.is_(None),
        Appointment.starts_on <= day,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day),
    )
    return session.scalar(held.limit(1)) is not None


def _keep_why(
    session: Session,
    kit: Kit,
    case: Case,
    row: ReorganisationPlan,
    queue: Queue,
    rule: str,
    why: str,
    now: datetime,
) -> None:
    authority = kit.register.by_gss(queue.authority_gss) if queue.authority_gss else None
    decision = Decision(
        outcome=OutcomeKind.AUTHORITY if authority else OutcomeKind.FRONT_DESK,
        rule=rule,
        data_version=kit.triage.data_version,
        service=kit.service(case.service_slug),
        authority=authority,
        queue=queue.slug,
        confidence=1.0 if authority else 0.0,
        urgent=case.is_urgent,
        public_reasons=(why,),
    )
    keep_decision(session, decision, now, london_day(now), matter_id=None, case_id=case.id)


def _why(kit: Kit, case: Case, to: Destination, stage: date) -> str:
    old = kit.authority_name(case.authority_gss)
    day = f"{stage:%-d %B %Y}"
    if to.authority is None:
        return f"{old} was shared out on {day}, and the place that says who has this is not known."
    if to.way is Way.AREA_TEAM:
        return f"{old} became part of {to.authority.name} on {day}; its area team goes on with this."
    if to.way is Way.PLACE:
        return f"{to.authority.name} took over from {old} at this place on {day}."
    if case.authority_gss == to.authority.gss:
        return f"The area team handed over to the rest of {to.authority.name} on {day}."
    return f"{old} became part of {to.authority.name} on {day}."


def _locked(session: Session, case_id: int) -> Case | None:
    query = select(Case).where(Case.id == case_id).with_for_update(of=Case).execution_options(populate_existing=True)
    return session.scalar(query)
