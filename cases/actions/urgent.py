"""The urgent hand-over: opened with the case, passed on while nobody takes it, and taken by a name.

Nothing here asks for anything that may be missing: without a council it is the front desk's supervisors who are asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases.actions.audit import record_audit
from cases.actions.kit import Kit
from cases.actions.timeline import add_event, keep_words
from cases.actions.urgent_asking import ask_next
from cases.errors import ConflictError, NotFoundError, RuleError
from cases.local_day import LONDON
from cases.models.case import Case, EventKind
from cases.models.contact import Contact
from cases.models.urgent import UrgentHandover, UrgentStage
from cases.models.words import WordsKind
from cases.triage.decision import Decision, OutcomeKind
from cases.urgent.rota import Duty

WAIT = timedelta(minutes=10)
REMIND = timedelta(minutes=30)  # once all supervisors have been asked
LONGEST_NAME = 200
LONGEST_PROMISE = 2_000
_MOST = 50


def needs_handover(kit: Kit, decision: Decision) -> bool:
    """Words or answers that mean danger. An answer that only shortens a promise of working days is not danger."""
    if not decision.urgent:
        return False
    if decision.outcome is OutcomeKind.SIGNPOST or decision.service is None:
        return True
    if any(sign.tell == decision.advice for sign in kit.catalogue.urgent_signs):
        return True
    target = decision.service.urgent_target
    return target is None or target.working_days is None


def open_urgent(
    session: Session, kit: Kit, case: Case, decision: Decision, contact: Contact | None, now: datetime
) -> UrgentHandover:
    """A hand-over of this case, in the transaction that opened it. One that still waits is kept and pointed anew."""
    waiting = _waiting_on(session, case)
    if waiting:
        follow_case(session, kit, case, now)
        return waiting[0]
    group = kit.rota.group_of(decision.service or kit.service(case.service_slug))
    opened_by = contact.staff_user_id if contact else None
    handover = UrgentHandover(
        case_id=case.id,
        contact_id=contact.id if contact else None,
        authority_gss=case.authority_gss,
        group_slug=group.slug,
        signpost=decision.signpost.code if decision.signpost else None,
        stage=UrgentStage.AGENT if opened_by else UrgentStage.SUPERVISOR,
        opened_at=now,
        opened_by_id=opened_by,
        duty={
            "first": _shown(kit.rota.duty_for(kit.register, case.authority_gss, group, now)),
            "sign": next((s.id for s in kit.catalogue.urgent_signs if s.tell == decision.advice), None),
        },
        step=0,
        next_at=now + WAIT,
    )
    session.add(handover)
    session.flush()
    _tell(session, case, handover, "opened", now, actor_id=opened_by)
    ask_next(session, kit, case, handover, now, is_first=True)
    session.flush()
    return handover


def follow_case(session: Session, kit: Kit, case: Case, now: datetime) -> None:
    """The case has gone to another council, or is known to be about something else: so does what waits for a name."""
    group = kit.rota.group_of(kit.service(case.service_slug))
    for handover in _waiting_on(session, case):
        if (handover.authority_gss, handover.group_slug) == (case.authority_gss, group.slug):
            continue
        handover.authority_gss, handover.group_slug = case.authority_gss, group.slug
        ask_next(session, kit, case, handover, now, is_first=True)
    session.flush()


def accept_urgent(
    session: Session, kit: Kit, handover_id: int, staff_id: int, taken_by: str, promise: str, now: datetime
) -> UrgentHandover:
    """Somebody has taken it: only the name must be given. The first who says so wins.

    Raises RuleError without a name, ConflictError (naming who has it) when it has been taken.
    """
    name = " ".join(taken_by.split())
    if not name:
        raise RuleError("taken_by", "Enter the name of the person who took it")
    if len(name) > LONGEST_NAME:
        raise RuleError("taken_by", f"Use a shorter name: at most {LONGEST_NAME} characters")
    if len(promise) > LONGEST_PROMISE:
        raise RuleError("promise", f"Use fewer words: at most {LONGEST_PROMISE:,} characters")
    won = session.execute(
        update(UrgentHandover)
        .where(UrgentHandover.id == handover_id, UrgentHandover.accepted_at.is_(None))
        .values(accepted_at=now, accepted_by_id=staff_id, taken_by=name)
        .returning(UrgentHandover.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    handover = session.get(UrgentHandover, handover_id, populate_existing=True)
    if handover is None:
        raise NotFoundError
    if won is None:
        assert handover.accepted_at is not None
        at = handover.accepted_at.astimezone(LONDON)
        raise ConflictError(f"{handover.taken_by} took it at {at:%H:%M}. What you typed has not been saved.")
    _note_taken(session, kit, handover, staff_id, name, promise, now)
    return handover


def _note_taken(
    session: Session, kit: Kit, handover: UrgentHandover, staff_id: int, name: str, promise: str, now: datetime
) -> None:
    case = _locked(session, handover.case_id)
    said = f"Taken by {name}." + (f" Promised: {promise.strip()}" if promise.strip() else "")
    words = keep_words(session, said, WordsKind.NOTE, case.controller_gss, now)
    handover.words_id = words.id if words else None
    group = kit.rota.group(handover.group_slug)
    taken = _shown(kit.rota.duty_for(kit.register, handover.authority_gss, group, now))
    handover.duty = {**handover.duty, "taken": taken}
    _tell(session, case, handover, "taken", now, actor_id=staff_id, words=words)
    record_audit(
        session,
        actor_id=staff_id,
        authority_gss=handover.authority_gss,
        action="urgent-taken",
        subject_kind="urgent-handover",
        subject_id=handover.id,
        now=now,
    )
    session.flush()


def escalate_urgent(session: Session, kit: Kit, now: datetime) -> int:
    """Pass on what nobody has taken in time; how many. Two workers at once: the count of steps lets one of them win."""
    due = session.execute(
        select(UrgentHandover.id, UrgentHandover.step)
        .where(UrgentHandover.accepted_at.is_(None), UrgentHandover.next_at <= now)
        .order_by(UrgentHandover.next_at, UrgentHandover.id)
        .limit(_MOST)
    ).all()
    return sum(_escalate(session, kit, handover_id, step, now) for handover_id, step in due)


def _escalate(session: Session, kit: Kit, handover_id: int, step: int, now: datetime) -> bool:
    won = session.execute(
        update(UrgentHandover)
        .where(
            UrgentHandover.id == handover_id,
            UrgentHandover.step == step,
            UrgentHandover.accepted_at.is_(None),
        )
        .values(step=step + 1, stage=UrgentStage.SUPERVISOR, next_at=now + WAIT)
        .returning(UrgentHandover.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if won is None:
        return False
    handover = session.get_one(UrgentHandover, handover_id, populate_existing=True)
    if not ask_next(session, kit, _locked(session, handover.case_id), handover, now):
        handover.next_at = now + REMIND  # nobody further to ask: all supervisors, again and again
    session.flush()
    return True


def has_handover(session: Session, case: Case) -> bool:
    query = select(UrgentHandover.id).where(UrgentHandover.case_id == case.id).limit(1)
    return session.scalar(query) is not None


def _waiting_on(session: Session, case: Case) -> list[UrgentHandover]:
    query = select(UrgentHandover).where(UrgentHandover.case_id == case.id, UrgentHandover.accepted_at.is_(None))
    return list(session.scalars(query.order_by(UrgentHandover.id)))


def _locked(session: Session, case_id: int) -> Case:
    """Whoever else changes the case at this moment must not be able to hold this up with a conflict."""
    return session.get_one(Case, case_id, with_for_update=True, populate_existing=True)


def _shown(duty: Duty) -> dict[str, Any]:
    return {"kind": duty.kind.value, "phone": duty.phone, "group": duty.group.slug, "authority": duty.authority_gss}


def _tell(session: Session, case: Case, handover: UrgentHandover, what: str, now: datetime, **more: Any) -> None:
    data = {"urgent": what, "handover": handover.id, "group": handover.group_slug}
    add_event(session, case, EventKind.URGENT, now, data=data, **more)
    if what == "opened":
        record_audit(
            session,
            actor_id=more.get("actor_id"),
            authority_gss=handover.authority_gss,
            action="urgent-opened",
            subject_kind="urgent-handover",
            subject_id=handover.id,
            now=now,
        )
