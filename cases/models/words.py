"""What people said and wrote, in rows of its own that can be blanked without breaking any history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from cases.orm import Base, Gss, IntKey, stored_enum


class WordsKind(StrEnum):
    SAID = "said"  # the person's own words
    ANSWER = "answer"
    NOTE = "note"  # an officer's or agent's note
    MESSAGE = "message"  # something we send
    REASON = "reason"  # a free-text reason beside a code


class Words(Base):
    """Free text. ``controller_gss`` is None while the partnership's front desk answers for it."""

    __tablename__ = "words"

    id: Mapped[IntKey]
    kind: Mapped[WordsKind] = mapped_column(stored_enum(WordsKind))
    controller_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    text: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime]
    blanked_at: Mapped[datetime | None]

    def blank(self, now: datetime) -> None:
        self.text = None
        self.blanked_at = now
