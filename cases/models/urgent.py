"""The urgent hand-over of a case to a named person, each step of asking for one, and who is on duty when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.case import Case
from cases.models.staff import StaffUser
from cases.models.words import Words
from cases.orm import Base, Gss, IntKey, Json, ShortText, SlugText, stored_enum

_WAITS = text("accepted_at IS NULL")


class UrgentStage(StrEnum):
    """Where it is red: with the agent who took it, then with the supervisors too."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"


class UrgentHandover(Base):
    """Open until somebody has taken it by name.

    ``taken_by`` is free: whoever answered the phone may be nobody who signs in here. ``next_at`` is when it goes on to
    the next on the rota; ``step`` counts how often it has, and guards each going-on against being done twice.
    """

    __tablename__ = "urgent_handovers"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    group_slug: Mapped[SlugText]
    signpost: Mapped[SlugText | None]  # who else must act: an agency (slug) or a council outside (GSS code)
    stage: Mapped[UrgentStage] = mapped_column(stored_enum(UrgentStage))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    duty: Mapped[Json] = mapped_column(default=dict)  # what was shown first, and when it was taken; the sign
    step: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))  # who noted it
    taken_by: Mapped[ShortText | None]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))  # what they promised

    case: Mapped[Case] = relationship()
    words: Mapped[Words | None] = relationship()
    steps: Mapped[list[UrgentStep]] = relationship(back_populates="handover", order_by="UrgentStep.seq")

    __table_args__ = (
        CheckConstraint("(accepted_at IS NULL) = (taken_by IS NULL)", name="accepted_by_a_name"),
        # What every staff page and every sweep asks: the few that wait.
        Index("ix_urgent_handovers_waiting", "next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )


class StepKind(StrEnum):
    """``rota``: the next on the rota was asked. ``supervisors``: all of them, at the rota's end and again after."""

    ROTA = "rota"
    SUPERVISORS = "supervisors"


class UrgentStep(Base):
    """One time somebody was asked to take it; append-only."""

    __tablename__ = "urgent_steps"

    id: Mapped[IntKey]
    handover_id: Mapped[int] = mapped_column(ForeignKey("urgent_handovers.id", ondelete="CASCADE"))
    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[StepKind] = mapped_column(stored_enum(StepKind))
    staff_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))

    handover: Mapped[UrgentHandover] = relationship(back_populates="steps")
    staff_user: Mapped[StaffUser | None] = relationship()

    __table_args__ = (UniqueConstraint("handover_id", "seq"),)


class RotaPlace(Base):
    """Somebody of the staff on duty: for a council (or the front desk), a group (or all), a weekday and its hours.

    ``starts`` and ``ends`` are London's wall clock as ``HH:MM``, ``24:00`` the day's end; a night is two rows.
    """

    __tablename__ = "rota_places"

    id: Mapped[IntKey]
    authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"), index=True)
    group_slug: Mapped[SlugText | None]  # none: every group
    weekday: Mapped[int]  # 0 is Monday
    starts: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))
    position: Mapped[int]
    staff_user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"))
    phone: Mapped[str | None]  # E.164; a duty phone that takes texts

    staff_user: Mapped[StaffUser] = relationship()

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_of_a_week"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        CheckConstraint("position BETWEEN 1 AND 9", name="position_of_one_to_nine"),
    )
