"""Who works here: the people whose accounts an administrator answers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.access import Actor
from cases.local_day import london_day
from cases.models.staff import Appointment, Role, StaffUser


@dataclass(frozen=True)
class Colleague:
    name: str
    email: str
    posts: tuple[Appointment, ...]
    last_signed_in_at: datetime | None


def list_colleagues(session: Session, actor: Actor, now: datetime) -> Sequence[Colleague]:
    """Everybody with an account and a post today; for a council's administrator, those of that council."""
    held = {post.authority_gss for post in actor.posts if post.role is Role.ADMINISTRATOR}
    today = london_day(now)
    people = session.scalars(
        select(StaffUser).where(StaffUser.active, StaffUser.password_hash.is_not(None)).order_by(StaffUser.name)
    )
    found = []
    for person in people:
        posts = tuple(a for a in person.appointments if a.holds_on(today) and (None in held or a.authority_gss in held))
        if posts:
            found.append(Colleague(person.name, person.email, posts, person.last_signed_in_at))
    return found
