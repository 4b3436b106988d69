"""Hand-overs that are under way when one signs in: one waits for its answer, one was refused and is back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.demo.staff import Staff, signing_in
from cases.actions.kit import Kit
from cases.actions.move_case import HandoverReason, hand_over
from cases.actions.open_case import queue_by_slug
from cases.actions.refuse_case import RefusalReason, refuse
from cases.models.case import Case, Handover
from cases.models.place import Place

_GIVEN = (
    "It is on the forecourt behind the shops, which is your land and not highway.",
    "It is in the market place, inside the bollards. Ours ends at the kerb.",
)
_REFUSED = "We have looked: it is on the adopted side of the bollards, so it stays with highways."


def leave_under_way(session: Session, kit: Kit, staff: Staff, now: datetime) -> None:
    """From the highways officer to the council of the waste officer, who are both to be signed in as."""
    posts = {post.name: post for post in signing_in(kit.register)}
    sender = kit.register.by_slug(posts["Tom"].authority or "")
    receiver = kit.register.by_slug(posts["Shazia"].authority or "")
    to = queue_by_slug(session, f"{receiver.slug}-streets") if receiver else None
    if sender is None or receiver is None or to is None:
        return
    tom, shazia = staff.named("Tom"), staff.named("Shazia")
    given_at = now - timedelta(minutes=50)
    for case, words in zip(_to_give(session, sender.gss, receiver.gss), _GIVEN, strict=False):
        at = max(case.received_at, case.updated_at, given_at)
        hand_over(session, kit, case, tom.id, to, HandoverReason.OTHER_COUNCILS_JOB, words, at)
        if words is _GIVEN[-1]:
            later = min(at + timedelta(minutes=30), now)
            refuse(session, kit, case, shazia.id, RefusalReason.NOT_OUR_AREA, _REFUSED, later)


def _to_give(session: Session, sender_gss: str, district_gss: str) -> list[Case]:
    """Cases that nobody has taken, those in the district first and of them the newest."""
    query = (
        select(Case)
        .join(Place, Place.id == Case.place_id)
        .where(Case.authority_gss == sender_gss, Case.closed_at.is_(None), Case.queue.has(team="highways"))
        .where(Case.owner_id.is_(None), Case.is_sensitive.is_(False), Case.is_urgent.is_(False))
        .where(~exists().where(Handover.case_id == Case.id))
        .order_by(Place.district_gss.is_distinct_from(district_gss), Case.id.desc())
    )
    return list(session.scalars(query.limit(len(_GIVEN))))
