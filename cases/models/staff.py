"""Staff who sign in, what they may do and for whom, and sign-in attempts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.orm import Base, Gss, IntKey, ShortText, SlugText, stored_enum


class Role(StrEnum):
    AGENT = "agent"
    COUNTER = "counter"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class StaffUser(Base):
    """Somebody who works for a council or the front desk. Raising ``session_epoch`` ends every session."""

    __tablename__ = "staff_users"

    id: Mapped[IntKey]
    email: Mapped[ShortText] = mapped_column(unique=True)
    name: Mapped[ShortText]
    password_hash: Mapped[ShortText | None]
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]

    appointments: Mapped[list[Appointment]] = relationship(
        back_populates="staff_user", cascade="all, delete-orphan", order_by="Appointment.id", lazy="selectin"
    )

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower_case"),)


class Appointment(Base):
    """A role at one authority, or (no authority) at the partnership's front desk, for a span of days."""

    __tablename__ = "appointments"

    id: Mapped[IntKey]
    staff_user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(stored_enum(Role))
    authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    office_slug: Mapped[SlugText | None] = mapped_column(ForeignKey("offices.slug"))
    team: Mapped[SlugText | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    staff_user: Mapped[StaffUser] = relationship(back_populates="appointments")

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Attempt(Base):
    """One try at something guessable (signing in, tracking a case), so that guessing can be slowed down.

    ``bucket`` is a keyed hash of what is limited (an account, a reference, an address), never the thing itself.
    """

    __tablename__ = "attempts"

    id: Mapped[IntKey]
    purpose: Mapped[SlugText]
    bucket: Mapped[SlugText]
    at: Mapped[datetime]
    succeeded: Mapped[bool]

    __table_args__ = (Index("ix_attempts_purpose_bucket_at", "purpose", "bucket", "at"),)
