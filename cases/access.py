"""Who asks, and which records they may have.

Every query for cases, people and contacts takes an :class:`Actor`; absent and forbidden look the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select

from cases.models.case import Case
from cases.models.handover import Arbitration
from cases.models.staff import Role


@dataclass(frozen=True)
class Post:
    """One appointment in force: a role at an authority, or at the front desk (no authority)."""

    role: Role
    authority_gss: str | None
    office_slug: str | None = None
    team: str | None = None


@dataclass(frozen=True)
class Actor:
    """A signed-in member of staff and the posts they hold today."""

    staff_id: int
    name: str
    posts: tuple[Post, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)

    @property
    def at_front_desk(self) -> bool:
        """Contact-centre and counter work for the whole partnership."""
        return any(post.authority_gss is None and post.role in _DESK_ROLES for post in self.posts)

    @property
    def is_arbiter(self) -> bool:
        """Supervisors of the front desk decide where councils do not agree whose job a case is."""
        return any(post.authority_gss is None and post.role is Role.SUPERVISOR for post in self.posts)

    @property
    def authorities(self) -> frozenset[str]:
        """Authorities whose cases this person works."""
        return frozenset(p.authority_gss for p in self.posts if p.authority_gss and p.role in _CASE_ROLES)

    @property
    def desk_authorities(self) -> frozenset[str]:
        """Authorities for whose callers this person takes contacts."""
        return frozenset(p.authority_gss for p in self.posts if p.authority_gss and p.role in _DESK_ROLES)


_CASE_ROLES = frozenset({Role.OFFICER, Role.SUPERVISOR})
_DESK_ROLES = frozenset({Role.AGENT, Role.COUNTER, Role.SUPERVISOR})


def cases_worked_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on :class:`Case`: the actor may open, read in full and change it."""
    conditions: list[ColumnElement[bool]] = []
    if actor.authorities:
        conditions.append(Case.authority_gss.in_(sorted(actor.authorities)))
    if actor.at_front_desk:
        conditions.append(Case.authority_gss.is_(None))
    return or_(*conditions) if conditions else false()


def cases_read_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on :class:`Case`: the actor may read it in full; an arbiter also what waits for a decision."""
    return or_(cases_worked_by(actor), cases_to_decide_by(actor))


def cases_to_decide_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on :class:`Case`: it waits for this arbiter's word."""
    waits = select(Arbitration.case_id).where(Arbitration.ended_at.is_(None))
    return Case.id.in_(waits) if actor.is_arbiter else false()


def cases_seen_at_desk_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on :class:`Case`: enough may be shown to tell a caller how it stands and to add a chaser.

    Sensitive cases are left out for everybody but the authority that has them.
    """
    if actor.at_front_desk:
        return or_(Case.is_sensitive.is_(False), cases_worked_by(actor))
    seen = sorted(actor.desk_authorities | actor.authorities)
    if not seen:
        return false()
    return Case.authority_gss.in_(seen) & or_(Case.is_sensitive.is_(False), cases_worked_by(actor))


def may_change_rules_of(actor: Actor, councils: frozenset[str]) -> bool:
    """The front desk's administrators change every rule, an authority's those that concern it alone.

    ``councils`` are the GSS codes that a rule is about; none: it is about all of them.
    """
    posts = [post for post in actor.posts if post.role is Role.ADMINISTRATOR]
    if any(post.authority_gss is None for post in posts):
        return True
    return bool(councils) and any(councils <= {post.authority_gss} for post in posts)
