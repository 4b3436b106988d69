"""Starting and ending the law's clocks of a case. They follow the authority; the promise to the person does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.local_day import london_day
from cases.models.case import Case
from cases.models.handover import CaseClock, ClockEnd
from cases.statutory import ClockKind, clocks_at_receipt, due_on


def start_clocks(
    session: Session, case: Case, received_on: date, *, left: ClockEnd = ClockEnd.PASSED_ON
) -> None:
    """The clocks of the authority that has the case now, from the day on which it first received it.

    Clocks of another authority end as ``left`` says, those of another kind of case too; one of its own that ended
    when the case left runs again as if it had not. The front desk receives for its councils, and has none itself.
    """
    wanted = clocks_at_receipt(case.kind, case.service_slug) if case.authority_gss and case.is_open else ()
    for clock in _running(session, case):
        if clock.authority_gss != case.authority_gss:
            _end(clock, received_on, left)
        elif clock.kind not in _may_run(case):
            _end(clock, received_on, ClockEnd.OTHER_KIND)
    session.flush()
    _resume(session, case, ClockEnd.PASSED_ON, ClockEnd.CAME_BACK)
    if wanted and not _running(session, case):
        session.add_all(_clock(case, kind, received_on) for kind in wanted)
    session.flush()


def end_clocks(session: Session, case: Case, now: datetime) -> None:
    """The case was closed: everything asked for has been answered."""
    for clock in _running(session, case):
        _end(clock, london_day(now), ClockEnd.ANSWERED)


def resume_clocks(session: Session, case: Case) -> None:
    """A case that is opened again counts from where it began."""
    _resume(session, case, ClockEnd.ANSWERED)


def acknowledge_complaint(session: Session, case: Case, now: datetime) -> None:
    """The first words that a person wrote to whoever complained: from now on the first stage's days count."""
    today = london_day(now)
    for clock in _running(session, case):
        if clock.kind is ClockKind.COMPLAINT_ACK:
            _end(clock, today, ClockEnd.DONE)
            session.add(_clock(case, ClockKind.COMPLAINT_STAGE_1, today))
    session.flush()


def take_clocks_along(session: Session, case: Case) -> None:
    """A reorganised council's cases go to its successor as they are: the law's days go on counting."""
    for clock in _running(session, case):
        if case.authority_gss:
            clock.authority_gss = case.authority_gss


def _running(session: Session, case: Case) -> Sequence[CaseClock]:
    return session.scalars(select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.ended_on.is_(None))).all()


def _resume(session: Session, case: Case, *ended: ClockEnd) -> None:
    """The newest of each kind at the authority that has the case, where it ended so."""
    query = select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.authority_gss == case.authority_gss)
    newest = {clock.kind: clock for clock in session.scalars(query.order_by(CaseClock.id))}
    for clock in newest.values():
        if clock.ended_how in ended and clock.kind in _may_run(case):
            clock.ended_on = clock.ended_how = None
    session.flush()


def _may_run(case: Case) -> frozenset[ClockKind]:
    wanted = clocks_at_receipt(case.kind, case.service_slug)
    return frozenset({*wanted, ClockKind.COMPLAINT_STAGE_1} if ClockKind.COMPLAINT_ACK in wanted else wanted)


def _clock(case: Case, kind: ClockKind, started_on: date) -> CaseClock:
    assert case.authority_gss is not None, "the front desk has no clock of its own"
    day = due_on(kind, started_on)
    return CaseClock(case_id=case.id, authority_gss=case.authority_gss, kind=kind, started_on=started_on, due_on=day)


def _end(clock: CaseClock, on: date, how: ClockEnd) -> None:
    clock.ended_on, clock.ended_how = on, how
