"""Rehearsing a plan: which open cases would go where. Reads only, and no more than it is told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cases.actions.kit import Kit
from cases.models.case import Case
from cases.models.place import Place
from cases.models.reorganisation import ReorganisationMove, ReorganisationPlan
from cases.register.register import Register
from cases.reorganisation.check import named
from cases.reorganisation.destination import Held, Way, destination_of
from cases.reorganisation.schema import Plan, Stays

MOST_CASES = 5_000
MOST_REFERENCES = 10


@dataclass
class Flow:
    """Cases that would go from one council to another (``to`` None: the front desk has to find out)."""

    from_gss: str
    to_gss: str | None
    way: Way
    count: int = 0
    references: list[str] = field(default_factory=list)  # of those that are not sensitive, the oldest first

    def add(self, reference: str, is_sensitive: bool) -> None:
        self.count += 1
        if not is_sensitive and len(self.references) < MOST_REFERENCES:
            self.references.append(reference)


@dataclass(frozen=True)
class Rehearsal:
    """``looked_at`` of ``open_cases`` were rehearsed; the oldest, when there are more than the bound."""

    flows: tuple[Flow, ...]
    looked_at: int
    open_cases: int
    staying: int

    @property
    def moving(self) -> int:
        return sum(flow.count for flow in self.flows)

    @property
    def unknown(self) -> tuple[Flow, ...]:
        return tuple(flow for flow in self.flows if flow.to_gss is None)


def rehearse_plan(
    session: Session,
    kit: Kit,
    register: Register,
    plan: Plan,
    *,
    only: frozenset[str] | None = None,
    most: int = MOST_CASES,
) -> Rehearsal:
    """``register`` has the plan laid over it. ``only``: the councils whose cases may be counted and named."""
    councils = {gss for change in plan.changes for _, gss, is_taker in named(change) if not is_taker}
    which = _open_cases_of(councils if only is None else councils & only)
    day = max(plan.day_of(change) for change in plan.changes if not isinstance(change, Stays))
    query = (
        select(
            Case.reference,
            Case.authority_gss,
            Case.service_slug,
            Case.is_sensitive,
            Place.district_gss,
            Place.postcode,
        )
        .outerjoin(Place, Place.id == Case.place_id)
        .where(which)
        .order_by(Case.id)
        .limit(most)
    )
    flows: dict[tuple[str, str | None, Way], Flow] = {}
    looked_at = staying = 0
    for reference, authority, service, is_sensitive, district, postcode in session.execute(query):
        assert authority is not None
        looked_at += 1
        to = destination_of(register, Held(authority, kit.service(service), is_sensitive, district, postcode), day)
        if to is None:
            staying += 1
            continue
        key = (authority, to.authority.gss if to.authority else None, to.way)
        flows.setdefault(key, Flow(*key)).add(reference, is_sensitive)
    total = looked_at if looked_at < most else session.scalar(select(func.count()).select_from(Case).where(which)) or 0
    ordered = sorted(flows.values(), key=lambda flow: (flow.from_gss, -flow.count))
    return Rehearsal(tuple(ordered), looked_at, total, staying)


def _open_cases_of(councils: set[str]) -> ColumnElement[bool]:
    return Case.authority_gss.in_(sorted(councils)) & Case.closed_at.is_(None)


@dataclass(frozen=True)
class Moved:
    """What a plan moved between two councils, and how much of it is open still."""

    from_gss: str | None
    to_gss: str | None
    count: int
    still_open: int
    put_back: int


def count_moved(session: Session, row: ReorganisationPlan) -> tuple[Moved, ...]:
    """By the old council and the new one."""
    move = ReorganisationMove
    query = (
        select(
            move.from_authority_gss,
            move.to_authority_gss,
            func.count(),
            func.count().filter(Case.closed_at.is_(None)),
            func.count().filter(move.undone_at.is_not(None)),
        )
        .join(Case, Case.id == move.case_id)
        .where(move.plan_id == row.id)
        .group_by(move.from_authority_gss, move.to_authority_gss)
        .order_by(move.from_authority_gss, move.to_authority_gss)
    )
    return tuple(Moved(*found) for found in session.execute(query))


@dataclass(frozen=True)
class NewAndOld:
    """Open cases of one new council, by the former council in whose area their place lies."""

    names: tuple[str, ...]  # of the new councils, as columns
    rows: tuple[tuple[str, tuple[int, ...]], ...]  # former council's GSS code ("" for no place), then a number each
    totals: tuple[int, ...]


def count_by_old_and_new(session: Session, plan: Plan) -> NewAndOld:
    """The same open cases under both names: columns the new councils, rows the former ones."""
    takers = sorted({gss for change in plan.changes for _, gss, is_taker in named(change) if is_taker})
    query = (
        select(Case.authority_gss, Place.district_gss, func.count())
        .outerjoin(Place, Place.id == Case.place_id)
        .where(_open_cases_of(set(takers)))
        .group_by(Case.authority_gss, Place.district_gss)
    )
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for new, old, count in session.execute(query):
        counted[old or ""][new or ""] = count
    rows = tuple((old, tuple(counted[old].get(new, 0) for new in takers)) for old in sorted(counted))
    totals = tuple(sum(numbers[n] for _, numbers in rows) for n in range(len(takers)))
    return NewAndOld(tuple(takers), rows, totals)
