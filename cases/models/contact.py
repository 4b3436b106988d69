"""Contacts (one time somebody got in touch) and their matters (one question each)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.person import Person
from cases.models.place import Place
from cases.models.words import Words
from cases.orm import Base, Gss, IntKey, Json, ShortText, SlugText, stored_enum


class Channel(StrEnum):
    """How a contact came in or a message goes out."""

    WEB = "web"
    PHONE = "phone"
    SMS = "sms"
    COUNTER = "counter"
    EMAIL = "email"
    LETTER = "letter"


class Openness(StrEnum):
    OPEN = "open"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


class Contact(Base):
    """One time somebody got in touch, by one channel.

    ``inbox_item_id`` and ``submission_key`` are the two things that make a repeat harmless.
    """

    __tablename__ = "contacts"

    id: Mapped[IntKey]
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    contact_point_id: Mapped[int | None] = mapped_column(ForeignKey("contact_points.id"))
    staff_user_id: Mapped[int | None] = mapped_column(ForeignKey("staff_users.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    inbox_item_id: Mapped[int | None] = mapped_column(ForeignKey("inbox_items.id"), unique=True)
    submission_key: Mapped[SlugText | None] = mapped_column(unique=True)
    language: Mapped[str | None]
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    received_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    words: Mapped[Words | None] = relationship()
    matters: Mapped[list[Matter]] = relationship(back_populates="contact", order_by="Matter.position")

    __table_args__ = (Index("ix_contacts_received_at", "received_at"),)


class MatterOutcome(StrEnum):
    """How a matter stands; every one but ``waiting`` is an end."""

    CASE_OPENED = "case-opened"
    ADDED_TO_CASE = "added-to-case"
    INFORMATION_GIVEN = "information-given"
    SIGNPOSTED = "signposted"
    WAITING = "waiting"  # for the answer to the one question that is missing
    NO_ACTION = "no-action"  # noise


class Matter(Base):
    """One question within a contact. ``signpost`` is an agency's slug or an outside authority's GSS code."""

    __tablename__ = "matters"

    id: Mapped[IntKey]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    position: Mapped[int]
    service_slug: Mapped[SlugText | None]
    outcome: Mapped[MatterOutcome] = mapped_column(stored_enum(MatterOutcome))
    signpost: Mapped[SlugText | None]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    words_id: Mapped[int | None] = mapped_column(ForeignKey("words.id"))
    answers: Mapped[Json] = mapped_column(default=dict)
    settled_at: Mapped[datetime | None]

    contact: Mapped[Contact] = relationship(back_populates="matters")
    place: Mapped[Place | None] = relationship()
    words: Mapped[Words | None] = relationship()
    case_links: Mapped[list[MatterCase]] = relationship(back_populates="matter", cascade="all, delete-orphan")

    __table_args__ = (UniqueConstraint("contact_id", "position"),)


class MatterCase(Base):
    """Joins contacts and cases, many to many, matter by matter."""

    __tablename__ = "matter_cases"

    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_chaser: Mapped[bool] = mapped_column(default=False)

    matter: Mapped[Matter] = relationship(back_populates="case_links")


class TextConversation(Base):
    """The one question we asked a number, and the matter that waits for its answer."""

    __tablename__ = "text_conversations"

    id: Mapped[IntKey]
    their_number: Mapped[str]
    our_number: Mapped[str]
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"))
    asks_for: Mapped[SlugText]
    options: Mapped[Json] = mapped_column(default=dict)
    asked_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    note: Mapped[ShortText | None]

    matter: Mapped[Matter] = relationship()

    __table_args__ = (Index("ix_text_conversations_numbers", "their_number", "our_number", "answered_at"),)
