"""Bringing the tables' authorities, queues and offices up to date with the register's files."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.catalogue.loader import Catalogue
from cases.catalogue.schema import Tier
from cases.models.authority import Authority, Office, Queue, Succession
from cases.register import register as reg
from cases.triage.decision import FRONT_DESK_QUEUE

_EVERY_COUNCIL = ("customer-services", "complaints", "information-governance")


def sync_register(session: Session, register: reg.Register, catalogue: Catalogue) -> None:
    """Add and update; never delete what cases point at. Safe to run at every start."""
    ordered = sorted(register.authorities.values(), key=lambda a: a.parent is not None)
    for entry in ordered:
        _sync_authority(session, entry)
        session.flush()
    offices = {office.slug: office for office in session.scalars(select(Office))}
    queues = {queue.slug: queue for queue in session.scalars(select(Queue))}
    for entry in ordered:
        _sync_offices(session, entry, offices)
        for team in sorted(teams_of(entry, catalogue)):
            title = catalogue.teams[team].title
            _sync_queue(session, queues, f"{entry.slug}-{team}", f"{entry.short_name}: {title}", entry.gss, team)
    _sync_queue(session, queues, FRONT_DESK_QUEUE, register.partnership.front_desk, None, FRONT_DESK_QUEUE)
    session.flush()


def teams_of(authority: reg.Authority, catalogue: Catalogue) -> set[str]:
    """Teams that have at least one service of this council's tier."""
    tiers = {Tier.COUNCIL, Tier.BOTH}
    if authority.tier in ("county", "unitary"):
        tiers.add(Tier.COUNTY)
    if authority.tier in ("district", "unitary"):
        tiers.add(Tier.DISTRICT)
    return {s.team for s in catalogue.services.values() if s.tier in tiers} | set(_EVERY_COUNCIL)


def _sync_authority(session: Session, entry: reg.Authority) -> None:
    row = session.get(Authority, entry.gss)
    if row is None:
        row = Authority(gss=entry.gss)
        session.add(row)
    row.slug, row.name, row.short_name = entry.slug, entry.name, entry.short_name
    row.tier, row.parent_gss = entry.tier.value, entry.parent
    assert entry.opened is not None, "the partnership's councils all have an opening date"
    row.opened_on, row.closed_on = entry.opened, entry.closed
    have = {s.successor_gss for s in row.successions}
    for gone in [s for s in row.successions if s.successor_gss not in entry.successors]:
        row.successions.remove(gone)
    row.successions += [Succession(successor_gss=gss) for gss in entry.successors if gss not in have]


def _sync_offices(session: Session, entry: reg.Authority, known: dict[str, Office]) -> None:
    for office in entry.offices:
        row = known.get(office.slug)
        if row is None:
            row = Office(slug=office.slug, authority_gss=entry.gss)
            session.add(row)
        row.name, row.address, row.postcode = office.name, office.address[:200], office.postcode


def _sync_queue(session: Session, known: dict[str, Queue], slug: str, name: str, gss: str | None, team: str) -> None:
    row = known.get(slug)
    if row is None:
        row = Queue(slug=slug, authority_gss=gss, team=team)
        session.add(row)
    if row.authority_gss == gss:  # an area team that a successor took over keeps the name it was given then
        row.name = name
