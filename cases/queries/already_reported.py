"""Open cases that somebody may be about to report again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from cases.models.case import Case, CaseStatus
from cases.models.place import Place, PlaceKind, fold_street

MOST = 5


@dataclass(frozen=True)
class OpenReport:
    """What a stranger may know of it: when, on which street, and how far it is. No words, no number, no name."""

    case_id: int
    received_at: datetime
    street: str | None
    status: CaseStatus


def find_open_reports(
    session: Session,
    service_slug: str,
    within_days: int,
    now: datetime,
    *,
    postcode: str | None,
    street: str | None,
    district_gss: str | None,
) -> list[OpenReport]:
    """Open cases of this service at the same postcode, or the same street of the district, newest first."""
    near = []
    if postcode:
        near.append(Place.postcode == postcode)
    key = fold_street(street)
    if key and district_gss:
        near.append(and_(Place.street_key == key, Place.district_gss == district_gss))
    if not near:
        return []
    query = (
        select(Case.id, Case.received_at, Place.street, Place.kind, Case.status)
        .join(Place, Place.id == Case.place_id)
        .where(
            Case.service_slug == service_slug,
            Case.received_at >= now - timedelta(days=within_days),
            Case.closed_at.is_(None),
            Case.is_sensitive.is_(False),
            or_(*near),
        )
        .order_by(Case.received_at.desc(), Case.id.desc())
        .limit(MOST)
    )
    return [
        OpenReport(row.id, row.received_at, row.street if row.kind is not PlaceKind.LANDMARK else None, row.status)
        for row in session.execute(query)
    ]
