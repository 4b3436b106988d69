"""What a council answered when a case was handed over to it, cases for the arbiter, and the law's own clocks."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.authority import Queue
from cases.models.case import Case, Handover
from cases.models.staff import StaffUser
from cases.orm import Base, Gss, IntKey, SlugText, stored_enum
from cases.statutory import ClockKind

_WAITS = text("state = 'waiting'")
_OPEN = text("ended_at IS NULL")
_RUNS = text("ended_on IS NULL")


class AnswerState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    OUT_OF_TIME = "out-of-time"  # the arbiter's now; it may still be accepted


class HandoverAnswer(Base):
    """The receiver's answer to one hand-over. ``due_at`` is None where it may refuse but need not answer.

    ``from_queue_id`` is where a refused case goes back to. What a person who asked for information was told of the
    passing on is ``customer_view``.
    """

    __tablename__ = "handover_answers"

    id: Mapped[IntKey]
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    from_queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    state: Mapped[AnswerState] = mapped_column(stored_enum(AnswerState), default=AnswerState.WAITING)
    due_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    reason_code: Mapped[SlugText | None]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    customer_view: Mapped[SlugText | None]

    handover: Mapped[Handover] = relationship()
    case: Mapped[Case] = relationship()
    from_queue: Mapped[Queue] = relationship()

    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (answered_at IS NULL)", name="answered_has_a_time"),
        CheckConstraint("state <> 'refused' OR reason_code IS NOT NULL", name="refused_has_a_reason"),
        Index("uq_handover_answers_waiting", "case_id", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
        # What the worker's round asks every few seconds.
        Index("ix_handover_answers_due", "due_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )


class ArbitrationCause(StrEnum):
    REFUSED_TWICE = "refused-twice"
    NO_ANSWER = "no-answer"


class Arbitration(Base):
    """A case whose council the front desk's supervisors have to name. It stays where it is until they have."""

    __tablename__ = "arbitrations"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    cause: Mapped[ArbitrationCause] = mapped_column(stored_enum(ArbitrationCause))
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))  # none: it settled itself
    to_authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))

    case: Mapped[Case] = relationship()
    decided_by: Mapped[StaffUser | None] = relationship()

    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR ended_at IS NOT NULL", name="decided_is_ended"),
        Index("uq_arbitrations_open", "case_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class ClockEnd(StrEnum):
    ANSWERED = "answered"
    PASSED_ON = "passed-on"
    CAME_BACK = "came-back"  # the hand-over that started it was refused
    DONE = "done"  # what it was for was done: an acknowledgement was sent
    OTHER_KIND = "other-kind"  # it turned out to be something else


class CaseClock(Base):
    """One clock of the law on one case at one authority, in days; it starts anew at each authority.

    It is not the promise made to the person (``Case.due_at``), which never starts again.
    """

    __tablename__ = "case_clocks"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    authority_gss: Mapped[Gss] = mapped_column(ForeignKey("authorities.gss"))
    kind: Mapped[ClockKind] = mapped_column(stored_enum(ClockKind))
    started_on: Mapped[date]
    due_on: Mapped[date]
    ended_on: Mapped[date | None]
    ended_how: Mapped[ClockEnd | None] = mapped_column(stored_enum(ClockEnd))

    __table_args__ = (
        CheckConstraint("(ended_on IS NULL) = (ended_how IS NULL)", name="ended_has_a_how"),
        CheckConstraint("due_on > started_on", name="due_after_start"),
        Index(
            "uq_case_clocks_running",
            "case_id",
            "authority_gss",
            "kind",
            unique=True,
            sqlite_where=_RUNS,
            postgresql_where=_RUNS,
        ),
    )
