"""Cases, the people in them, their timeline, the triage decisions and the hand-overs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.catalogue.schema import CaseKind
from cases.models.authority import Queue
from cases.models.contact import Channel, Openness
from cases.models.person import Person
from cases.models.place import Place
from cases.models.staff import StaffUser
from cases.models.words import Words
from cases.orm import Base, Gss, IntKey, Json, ShortText, SlugText, stored_enum


class CaseStatus(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in-progress"
    WAITING = "waiting"  # for the customer
    SCHEDULED = "scheduled"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed case ended."""

    DONE = "done"
    NO_ACTION = "no-action"
    NOT_OURS = "not-ours"
    DUPLICATE = "duplicate"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


def _open_cases(name: str, *columns: str) -> Index:
    is_open = text("closed_at IS NULL")
    return Index(name, *columns, sqlite_where=is_open, postgresql_where=is_open)


class Case(Base):
    """One thing to be done or answered: one owner, one reference, one kind.

    ``authority_gss`` and ``controller_gss`` are None while the case is at the partnership's front desk.
    ``version_id`` makes two people saving at once a conflict instead of a silent loss.
    """

    __tablename__ = "cases"

    id: Mapped[IntKey]
    reference: Mapped[str] = mapped_column(unique=True)  # ten digits, see cases.references
    kind: Mapped[CaseKind] = mapped_column(stored_enum(CaseKind))
    service_slug: Mapped[SlugText | None]
    status: Mapped[CaseStatus] = mapped_column(stored_enum(CaseStatus), default=CaseStatus.NEW)
    outcome: Mapped[Outcome | None] = mapped_column(stored_enum(Outcome))
    authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    opened_by_channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[Json] = mapped_column(default=dict)  # closed-choice answers; free text lives in words
    pin_hash: Mapped[ShortText | None]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    last_event_seq: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[int] = mapped_column(default=1)

    queue: Mapped[Queue] = relationship()
    owner: Mapped[StaffUser | None] = relationship()
    place: Mapped[Place | None] = relationship()
    roles: Mapped[list[CaseRole]] = relationship(back_populates="case", order_by="CaseRole.id")
    events: Mapped[list[Event]] = relationship(back_populates="case", order_by="Event.seq")
    decisions: Mapped[list[TriageDecision]] = relationship(back_populates="case", order_by="TriageDecision.id")

    __mapper_args__ = {"version_id_col": version_id}
    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="closed_has_an_outcome"),
        # What a queue page reads: one queue, open cases, soonest due first, without touching closed rows; with the
        # last four columns the counts of the first page are read from the index alone (SQLite asks for the condition's
        # column too).
        _open_cases(
            "ix_cases_open_by_queue", "queue_id", "due_at", "id", "status", "owner_id", "is_urgent", "closed_at"
        ),
        _open_cases("ix_cases_open_by_queue_received", "queue_id", "received_at", "id"),
        _open_cases("ix_cases_open_by_owner", "owner_id", "due_at", "id"),
        Index(
            "ix_cases_queue_closed",
            "queue_id",
            "closed_at",
            "id",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index("ix_cases_service_received", "service_slug", "received_at"),
        Index("ix_cases_authority_gss", "authority_gss"),
    )

    @property
    def is_open(self) -> bool:
        return self.status is not CaseStatus.CLOSED

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now


class RoleKind(StrEnum):
    REPORTER = "reporter"
    ACTING_FOR = "acting-for"
    SUBJECT = "subject"
    COMPLAINED_ABOUT = "complained-about"
    WITNESS = "witness"
    FOLLOWER = "follower"


class CaseRole(Base):
    """What somebody is in a case. ``contact_point_id`` is the one they asked us to use for it."""

    __tablename__ = "case_roles"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_points.id"))
    role: Mapped[RoleKind] = mapped_column(stored_enum(RoleKind))
    openness: Mapped[Openness] = mapped_column(stored_enum(Openness), default=Openness.OPEN)
    added_at: Mapped[datetime]

    case: Mapped[Case] = relationship(back_populates="roles")
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("case_id", "person_id", "role"),)


class EventKind(StrEnum):
    OPENED = "opened"
    CONTACT = "contact"  # somebody got in touch about it again
    DECIDED = "decided"
    TAKEN = "taken"
    RELEASED = "released"
    ASSIGNED = "assigned"
    STATUS = "status"
    NOTE = "note"
    MESSAGE = "message"
    REPLY = "reply"  # the customer's words in answer
    HANDED_OVER = "handed-over"
    CLOSED = "closed"
    REOPENED = "reopened"
    URGENT = "urgent"  # asked for somebody to take it, or taken: ``data["urgent"]`` says which


class Event(Base):
    """One line of a case's timeline: ids, codes and times; never rewritten. Free text hangs on ``words``."""

    __tablename__ = "events"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    seq: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(stored_enum(EventKind))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    channel: Mapped[Channel | None] = mapped_column(stored_enum(Channel))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    data: Mapped[Json] = mapped_column(default=dict)
    is_public: Mapped[bool] = mapped_column(default=False)  # its kind and date may be shown when tracking

    case: Mapped[Case] = relationship(back_populates="events")
    actor: Mapped[StaffUser | None] = relationship()
    words: Mapped[Words | None] = relationship()

    __table_args__ = (UniqueConstraint("case_id", "seq"),)


class TriageDecision(Base):
    """What triage said and why, kept for ever; a person's correction is a further row with a reason code."""

    __tablename__ = "triage_decisions"

    id: Mapped[IntKey]
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matters.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    decided_at: Mapped[datetime]
    decided_on: Mapped[date]  # the day whose rules were applied
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))  # none: triage itself
    correction_code: Mapped[SlugText | None]
    rule: Mapped[SlugText]
    data_version: Mapped[SlugText]
    service_slug: Mapped[SlugText | None]
    authority_gss: Mapped[Gss | None]
    queue_slug: Mapped[SlugText | None]
    outside: Mapped[ShortText | None]
    confidence: Mapped[float]
    urgent: Mapped[bool] = mapped_column(default=False)
    runner_up: Mapped[SlugText | None]
    reasons: Mapped[Json] = mapped_column(default=dict)  # {"staff": [...], "public": [...]}
    needs: Mapped[SlugText | None]

    case: Mapped[Case | None] = relationship(back_populates="decisions")


class Handover(Base):
    """A case going from one authority to another. It is also the sender's stub: see ``queries.stubs``."""

    __tablename__ = "handovers"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    from_authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    to_authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    reason_code: Mapped[SlugText]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    handed_over_by_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("triage_decisions.id"))
    at: Mapped[datetime]

    case: Mapped[Case] = relationship()

    __table_args__ = (Index("ix_handovers_from_authority_gss_at", "from_authority_gss", "at"),)


class TrackingCode(Base):
    """A one-time code texted to a verified number to open one case's tracking page."""

    __tablename__ = "tracking_codes"

    id: Mapped[IntKey]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[ShortText]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
