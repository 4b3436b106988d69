"""What arrived from a provider (inbox) and what must leave the building (outbox)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.contact import Channel
from cases.models.words import Words
from cases.orm import Base, Gss, IntKey, Json, ShortText, SlugText, stored_enum


class InboxState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"  # tried often enough: a person must look


class InboxItem(Base):
    """Something a provider delivered, as it arrived, under the provider's own id.

    ``payload`` is the raw form as bytes: it can be blanked when its time is up.
    """

    __tablename__ = "inbox_items"

    id: Mapped[IntKey]
    provider: Mapped[SlugText]
    provider_id: Mapped[ShortText]
    kind: Mapped[SlugText]
    received_at: Mapped[datetime]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[InboxState] = mapped_column(stored_enum(InboxState), default=InboxState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    error_code: Mapped[ShortText | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        Index(
            "ix_inbox_items_pending",
            "next_try_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )


class MessageState(StrEnum):
    """Only ever forward. ``held`` waits for a person: sending by itself was not safe or not certain."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # it may or may not have gone; never repeated blindly
    SUPPRESSED = "suppressed"  # not sent on purpose: opted out or not safe


class Message(Base):
    """Something we send; written in the transaction of the change it announces.

    ``dedupe_key`` is UNIQUE, so one change cannot announce itself twice. ``lease_until`` marks a row that a
    worker has in hand.
    """

    __tablename__ = "messages"

    id: Mapped[IntKey]
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_points.id"))
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    to_value: Mapped[str | None]  # E.164 or e-mail address; blanked with the person
    from_value: Mapped[str | None]
    purpose: Mapped[SlugText]
    words_id: Mapped[int] = mapped_column(ForeignKey("words.id"))
    dedupe_key: Mapped[ShortText] = mapped_column(unique=True)
    state: Mapped[MessageState] = mapped_column(stored_enum(MessageState), default=MessageState.QUEUED)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[SlugText | None]
    attempts: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[ShortText | None] = mapped_column(unique=True)
    error_code: Mapped[SlugText | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    words: Mapped[Words] = relationship()

    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index(
            "ix_messages_due",
            "not_before",
            "id",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index("ix_messages_to_value", "to_value", "id"),
    )


class MessageReceipt(Base):
    """One delivery report, kept as it came, whether or not it moved the message."""

    __tablename__ = "message_receipts"

    id: Mapped[IntKey]
    provider_id: Mapped[ShortText] = mapped_column(index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    state: Mapped[SlugText]
    error_code: Mapped[SlugText | None]
    received_at: Mapped[datetime]


class Lease(Base):
    """A named right to do what must run once at a time, until ``until``."""

    __tablename__ = "leases"

    name: Mapped[SlugText] = mapped_column(primary_key=True)
    holder: Mapped[SlugText]
    until: Mapped[datetime]


class Fact(Base):
    """A small named fact about this installation (which data it was loaded with, whether it is a demonstration)."""

    __tablename__ = "facts"

    name: Mapped[SlugText] = mapped_column(primary_key=True)
    value: Mapped[Json]
