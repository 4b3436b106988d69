"""What a member of staff has to do: the queues they work with counts, and the cases in one of them.

A list is one query whatever its length, and pages by key (the last row's time and id) instead of by number, so that
the thousandth page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from cases.access import Actor
from cases.errors import NotFoundError
from cases.models.authority import Queue
from cases.models.case import Case, CaseStatus, Event, Outcome
from cases.models.place import Place
from cases.models.staff import StaffUser
from cases.models.words import Words
from cases.orm import UtcDateTime
from cases.row_ids import read_row_id

PAGE_SIZE = 50
EXCERPT = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ListState(StrEnum):
    """Which cases of a queue are listed."""

    OPEN = "open"
    MINE = "mine"
    UNTAKEN = "untaken"
    OVERDUE = "overdue"
    CLOSED = "closed"


class ListSort(StrEnum):
    DUE = "due"  # soonest first
    NEWEST = "newest"


@dataclass(frozen=True)
class QueueCount:
    slug: str
    name: str
    authority_gss: str | None
    team: str
    open: int
    new: int
    overdue: int
    urgent: int
    untaken: int


@dataclass(frozen=True)
class CaseLine:
    """One case as a list shows it. ``is_hidden``: what and where is for the owning council's officers only."""

    id: int
    reference: str
    service_slug: str | None
    is_hidden: bool
    place: str
    excerpt: str
    queue_name: str
    authority_gss: str | None
    status: CaseStatus
    outcome: Outcome | None
    owner_name: str | None
    is_mine: bool
    is_urgent: bool
    is_sensitive: bool
    is_overdue: bool
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class CaseList:
    """``older`` and ``newer`` are the keys of the next and the previous page, None at an end."""

    lines: tuple[CaseLine, ...]
    older: str | None = None
    newer: str | None = None


def queues_worked_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on :class:`Queue`, the same as ``cases_worked_by`` for cases."""
    conditions: list[ColumnElement[bool]] = []
    if actor.authorities:
        conditions.append(Queue.authority_gss.in_(sorted(actor.authorities)))
    if actor.at_front_desk:
        conditions.append(Queue.authority_gss.is_(None))
    return or_(*conditions) if conditions else false()


def get_queue_for(session: Session, actor: Actor, slug: str) -> Queue:
    """Raises NotFoundError, also for another council's queue."""
    queue = session.scalar(select(Queue).where(Queue.slug == slug, queues_worked_by(actor)))
    if queue is None:
        raise NotFoundError("We cannot find that queue among those you work with.")
    return queue


def count_queues(session: Session, actor: Actor, now: datetime) -> list[QueueCount]:
    """Every queue of the actor with what waits in it; the empty ones too."""

    def how_many(condition: Any) -> ColumnElement[int]:
        return func.count(Case.id).filter(condition)

    query = (
        select(
            Queue.slug,
            Queue.name,
            Queue.authority_gss,
            Queue.team,
            func.count(Case.id),
            how_many(Case.status == CaseStatus.NEW),
            how_many(Case.due_at < now),
            how_many(Case.is_urgent),
            how_many(Case.owner_id.is_(None)),
        )
        .outerjoin(Case, and_(Case.queue_id == Queue.id, Case.closed_at.is_(None)))
        .where(queues_worked_by(actor), Queue.is_open)
        .group_by(Queue.id, Queue.slug, Queue.name, Queue.authority_gss, Queue.team)
        .order_by(Queue.name)
    )
    return [QueueCount(*row) for row in session.execute(query)]


def list_queue(
    session: Session,
    actor: Actor,
    queue: Queue,
    now: datetime,
    *,
    state: ListState = ListState.OPEN,
    sort: ListSort = ListSort.DUE,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
) -> CaseList:
    """A page of one queue that ``get_queue_for`` has given out. A key that cannot be read gives the first page."""
    at, newest_first = _order(state, sort)
    query = _lines().where(Case.queue_id == queue.id, *_in_state(state, actor, now))
    return _page(session, actor, query, now, at, newest_first, after, before, size)


def list_mine(session: Session, actor: Actor, now: datetime, size: int = PAGE_SIZE) -> CaseList:
    """The open cases that the actor has taken, in any queue still theirs to work, soonest due first."""
    query = _lines().where(queues_worked_by(actor), *_in_state(ListState.MINE, actor, now))
    return _page(session, actor, query, now, Case.due_at, False, None, None, size)


def lines_of(session: Session, actor: Actor, now: datetime, conditions: Sequence[ColumnElement[bool]]) -> CaseList:
    """The newest cases under conditions that carry their own access check."""
    return _page(session, actor, _lines().where(*conditions), now, Case.received_at, True, None, None, PAGE_SIZE)


def _order(state: ListState, sort: ListSort) -> tuple[Any, bool]:
    if state is ListState.CLOSED:
        return Case.closed_at, True
    return (Case.received_at, True) if sort is ListSort.NEWEST else (Case.due_at, False)


def _in_state(state: ListState, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    if state is ListState.CLOSED:
        return [Case.closed_at.is_not(None)]
    conditions: list[ColumnElement[bool]] = [Case.closed_at.is_(None)]
    if state is ListState.MINE:
        conditions.append(Case.owner_id == actor.staff_id)
    elif state is ListState.UNTAKEN:
        conditions.append(Case.owner_id.is_(None))
    elif state is ListState.OVERDUE:
        conditions.append(Case.due_at < now)
    return conditions


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id,
            Case.reference,
            Case.service_slug,
            Case.authority_gss,
            Case.status,
            Case.outcome,
            Case.is_urgent,
            Case.is_sensitive,
            Case.received_at,
            Case.due_at,
            Case.closed_at,
            Case.owner_id,
            StaffUser.name.label("owner_name"),
            Queue.name.label("queue_name"),
            func.substr(Words.text, 1, EXCERPT).label("excerpt"),
            Place,
        )
        .join(Queue, Queue.id == Case.queue_id)
        .outerjoin(Place, Place.id == Case.place_id)
        .outerjoin(StaffUser, StaffUser.id == Case.owner_id)
        # Where nobody knows yet what it is about, the first words must do.
        .outerjoin(Event, and_(Event.case_id == Case.id, Event.seq == 1, Case.service_slug.is_(None)))
        .outerjoin(Words, Words.id == Event.words_id)
    )


def _page(
    session: Session,
    actor: Actor,
    query: Select[*tuple[Any, ...]],
    now: datetime,
    at: Any,
    newest_first: bool,
    after: str | None,
    before: str | None,
    size: int,
) -> CaseList:
    key, backwards = _read_key(after), False
    if key is None and before:
        key = _read_key(before)
        backwards = key is not None
    descending = newest_first != backwards
    if key:
        row, bound = tuple_(at, Case.id), tuple_(literal(key[0], UtcDateTime()), literal(key[1]))
        query = query.where(row < bound if descending else row > bound)
    query = query.order_by(at.desc(), Case.id.desc()) if descending else query.order_by(at, Case.id)
    rows = list(session.execute(query.limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return CaseList(())
    name = at.key
    older = _write_key(getattr(rows[-1], name), rows[-1].id) if more or backwards else None
    newer = _write_key(getattr(rows[0], name), rows[0].id) if (more if backwards else key is not None) else None
    return CaseList(tuple(_line(row, actor, now) for row in rows), older, newer)


def _line(row: Any, actor: Actor, now: datetime) -> CaseLine:
    hidden = row.is_sensitive and row.authority_gss not in actor.authorities
    return CaseLine(
        id=row.id,
        reference=row.reference,
        service_slug=None if hidden else row.service_slug,
        is_hidden=hidden,
        place=row.Place.one_line() if row.Place and not hidden else "",
        excerpt="" if hidden else " ".join((row.excerpt or "").split()),
        queue_name=row.queue_name,
        authority_gss=row.authority_gss,
        status=row.status,
        outcome=row.outcome,
        owner_name=row.owner_name,
        is_mine=row.owner_id == actor.staff_id,
        is_urgent=row.is_urgent,
        is_sensitive=row.is_sensitive,
        is_overdue=row.closed_at is None and row.due_at < now,
        received_at=row.received_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
    )


def _write_key(at: datetime, case_id: int) -> str:
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{case_id}"


def _read_key(text: str | None) -> tuple[datetime, int] | None:
    at, _, case_id = (text or "").partition("-")
    row_id = read_row_id(case_id)
    if row_id is None or not (at.isascii() and at.isdigit() and len(at) <= 16):
        return None
    return _EPOCH + timedelta(microseconds=int(at)), row_id
