"""Plans of reorganisation that were given a day, and each case that they moved."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.authority import Queue
from cases.models.case import Case
from cases.models.staff import StaffUser
from cases.models.words import Words
from cases.orm import Base, Gss, IntKey, Json, ShortText, SlugText, stored_enum


class PlanState(StrEnum):
    """A plan without a row, or with none but ended ones, is there to be rehearsed only."""

    PLANNED = "planned"
    IN_FORCE = "in-force"
    CALLED_OFF = "called-off"  # before its day
    UNDONE = "undone"


class ReorganisationPlan(Base):
    """One plan that was given a day. ``content`` is what was planned: a later release of its file changes nothing.

    ``number`` grows with every change of any plan's state, so that each process sees that there was one.
    ``staged_on``: the last of its days that was begun; ``moved_on``: the last one whose cases have all moved;
    ``scanned_to``: how far the moving has come, by case id. After an undo they count the moving back.
    """

    __tablename__ = "reorganisation_plans"

    id: Mapped[IntKey]
    slug: Mapped[SlugText]
    state: Mapped[PlanState] = mapped_column(stored_enum(PlanState), default=PlanState.PLANNED)
    number: Mapped[int] = mapped_column(unique=True)
    content: Mapped[Json]
    day: Mapped[date]
    undo_until: Mapped[date]  # the first day on which it can no longer be undone
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id"))
    planned_at: Mapped[datetime]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    in_force_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    ended_at: Mapped[datetime | None]
    end_reason_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    staged_on: Mapped[date | None]
    moved_on: Mapped[date | None]
    scanned_to: Mapped[int] = mapped_column(default=0)
    is_moved_back: Mapped[bool] = mapped_column(default=False)
    appointments: Mapped[Json] = mapped_column(default=dict)  # {"ids": [...]}: those that it made
    version_id: Mapped[int] = mapped_column(default=1)

    planned_by: Mapped[StaffUser] = relationship(foreign_keys=[planned_by_id])
    ended_by: Mapped[StaffUser | None] = relationship(foreign_keys=[ended_by_id])
    reason: Mapped[Words | None] = relationship(foreign_keys=[reason_id])
    end_reason: Mapped[Words | None] = relationship(foreign_keys=[end_reason_id])

    __mapper_args__ = {"version_id_col": version_id}
    __table_args__ = (
        Index(
            "ix_reorganisation_plans_one_active",
            "slug",
            unique=True,
            sqlite_where=text("state IN ('planned', 'in-force')"),
            postgresql_where=text("state IN ('planned', 'in-force')"),
        ),
    )

    @property
    def is_active(self) -> bool:
        return self.state in (PlanState.PLANNED, PlanState.IN_FORCE)


class ReorganisationMove(Base):
    """One case that a plan moved at the midnight of one of its days: once, and known to be put back by."""

    __tablename__ = "reorganisation_moves"

    id: Mapped[IntKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("reorganisation_plans.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    stage_on: Mapped[date]
    way: Mapped[ShortText]  # cases.reorganisation.destination.Way
    from_queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    to_queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    from_authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    to_authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    owner_before_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    from_queue: Mapped[Queue] = relationship(foreign_keys=[from_queue_id])
    to_queue: Mapped[Queue] = relationship(foreign_keys=[to_queue_id])

    __table_args__ = (UniqueConstraint("plan_id", "case_id", "stage_on"),)
