"""What administrators changed about who does what: dated rows laid over the data files, and their whole history."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.staff import StaffUser
from cases.models.words import Words
from cases.orm import Base, IntKey, Json, JsonObject, SlugText, stored_enum


class RuleSubject(StrEnum):
    AGREEMENT = "agreement"
    SERVICE = "service"


class RuleState(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in-force"  # stays so when a newer change of the same subject follows it
    DISCARDED = "discarded"


class RuleChange(Base):
    """One change of one agreement or service; a draft until somebody puts it in force with a reason.

    ``number`` counts the changes in force, and "r<number>" of the newest is part of each decision's data version.
    ``based_on`` is the subject's newest number when the draft was begun: another one in force meanwhile is a conflict.
    """

    __tablename__ = "rule_changes"

    id: Mapped[IntKey]
    subject: Mapped[RuleSubject] = mapped_column(stored_enum(RuleSubject))
    subject_slug: Mapped[SlugText]  # the agreement's id or the service's slug
    state: Mapped[RuleState] = mapped_column(stored_enum(RuleState), default=RuleState.DRAFT)
    before: Mapped[Json | None] = mapped_column(JsonObject)  # none: there was no such agreement
    after: Mapped[Json]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the first day it no longer holds
    based_on: Mapped[int | None]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id"))
    drafted_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    number: Mapped[int | None] = mapped_column(unique=True)
    in_force_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    in_force_at: Mapped[datetime | None]
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    version_id: Mapped[int] = mapped_column(default=1)

    drafted_by: Mapped[StaffUser] = relationship(foreign_keys=[drafted_by_id])
    in_force_by: Mapped[StaffUser | None] = relationship(foreign_keys=[in_force_by_id])
    reason: Mapped[Words | None] = relationship()

    __mapper_args__ = {"version_id_col": version_id}
    __table_args__ = (
        CheckConstraint("(state = 'in-force') = (number IS NOT NULL)", name="in_force_has_a_number"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_after_it_starts"),
        Index("ix_rule_changes_subject_subject_slug", "subject", "subject_slug"),
        Index(
            "ix_rule_changes_drafts",
            "updated_at",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
