"""Half-filled forms of the web door, kept for a while so that going back or closing a tab loses nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cases.orm import Base, IntKey, Json, SlugText


class Draft(Base):
    """One form being filled in.

    ``token_hash`` stands for the part in the page's address and ``visitor_hash`` for the visitor's cookie: neither
    alone opens it. Once sent, ``data`` is emptied and ``contact_id`` says what became of it.
    """

    __tablename__ = "drafts"

    id: Mapped[IntKey]
    token_hash: Mapped[SlugText] = mapped_column(unique=True)
    visitor_hash: Mapped[SlugText] = mapped_column(index=True)
    service_slug: Mapped[SlugText | None]  # none: asked in the person's own words
    data: Mapped[Json] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"))
