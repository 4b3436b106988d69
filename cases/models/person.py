"""People and organisations, and the ways that are safe to reach them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.orm import Base, Gss, IntKey, ShortText, stored_enum


class PersonKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Person(Base):
    """A person or organisation as one controller knows them.

    The same human known to two councils is two rows; ``controller_gss`` None is the partnership's front desk.
    ``name_key`` is the folded name that look-ups compare.
    """

    __tablename__ = "people"

    id: Mapped[IntKey]
    kind: Mapped[PersonKind] = mapped_column(stored_enum(PersonKind), default=PersonKind.PERSON)
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    name: Mapped[ShortText | None]
    name_key: Mapped[ShortText | None]
    organisation: Mapped[ShortText | None]
    language: Mapped[str | None]
    needs: Mapped[ShortText | None]  # how we should speak or write to them (large print, interpreter …)
    created_at: Mapped[datetime]
    blanked_at: Mapped[datetime | None]

    contact_points: Mapped[list[ContactPoint]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="ContactPoint.id"
    )

    __table_args__ = (
        Index("ix_people_controller_name_key", "controller_gss", "name_key"),
        # What the desk's box searches by the first letters, whoever the controller is.
        Index("ix_people_name_key", "name_key", postgresql_ops={"name_key": "text_pattern_ops"}),
    )


class ContactPointKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


class ContactPoint(Base):
    """A phone (E.164), an e-mail address or a postal address, and the ways that are safe to use it.

    A way that nobody said is safe is not used by itself: each ``safe_*`` starts as the caller gave it,
    never as "yes" by default for a sensitive matter.
    """

    __tablename__ = "contact_points"

    id: Mapped[IntKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    kind: Mapped[ContactPointKind] = mapped_column(stored_enum(ContactPointKind))
    value: Mapped[str]
    value_key: Mapped[str]  # folded for look-ups: E.164, lower-case address
    postcode: Mapped[str | None]
    is_preferred: Mapped[bool] = mapped_column(default=False)
    is_shared: Mapped[bool] = mapped_column(default=False)
    safe_text: Mapped[bool] = mapped_column(default=False)
    safe_call: Mapped[bool] = mapped_column(default=False)
    safe_voicemail: Mapped[bool] = mapped_column(default=False)
    safe_letter: Mapped[bool] = mapped_column(default=False)
    safe_email: Mapped[bool] = mapped_column(default=False)
    safe_hours: Mapped[ShortText | None]
    verified_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="contact_points")

    __table_args__ = (
        Index("ix_contact_points_kind_value_key", "kind", "value_key"),
        Index(
            "ix_contact_points_postcode",
            "postcode",
            sqlite_where=text("postcode IS NOT NULL"),
            postgresql_where=text("postcode IS NOT NULL"),
        ),
    )
