"""Authorities, their queues and offices: the register's rows that other tables point at.

The register's files (``cases/data/register``) are the source; ``actions.sync_register`` brings these rows up to date.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.orm import Base, Gss, IntKey, ShortText, SlugText


class Authority(Base):
    """A council of the partnership. ``gss`` is its Government Statistical Service code."""

    __tablename__ = "authorities"

    gss: Mapped[Gss] = mapped_column(primary_key=True)
    slug: Mapped[SlugText] = mapped_column(unique=True)
    name: Mapped[ShortText]
    short_name: Mapped[ShortText]
    tier: Mapped[SlugText]
    parent_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    successions: Mapped[list[Succession]] = relationship(
        back_populates="predecessor", foreign_keys="Succession.predecessor_gss", cascade="all, delete-orphan"
    )

    __table_args__ = (CheckConstraint("closed_on IS NULL OR closed_on > opened_on", name="closes_after_opening"),)


class Succession(Base):
    """One successor of an authority; a split council has several. The successor may be no row here yet."""

    __tablename__ = "authority_successions"

    predecessor_gss: Mapped[Gss] = mapped_column(ForeignKey("authorities.gss"), primary_key=True)
    successor_gss: Mapped[Gss] = mapped_column(primary_key=True)

    predecessor: Mapped[Authority] = relationship(back_populates="successions", foreign_keys=[predecessor_gss])


class Queue(Base):
    """Where cases wait for a team. No authority: the partnership's own front desk.

    An authority can have two queues of one team: its own, and that of a former council's area team that goes on.
    """

    __tablename__ = "queues"

    id: Mapped[IntKey]
    slug: Mapped[SlugText] = mapped_column(unique=True)
    name: Mapped[ShortText]
    authority_gss: Mapped[Gss | None] = mapped_column(ForeignKey("authorities.gss"))
    team: Mapped[SlugText]
    is_open: Mapped[bool] = mapped_column(default=True)

    authority: Mapped[Authority | None] = relationship()

    __table_args__ = (Index("ix_queues_authority_gss", "authority_gss"),)


class Office(Base):
    """A one-stop shop or information point, where counter staff sit."""

    __tablename__ = "offices"

    id: Mapped[IntKey]
    slug: Mapped[SlugText] = mapped_column(unique=True)
    name: Mapped[ShortText]
    authority_gss: Mapped[Gss] = mapped_column(ForeignKey("authorities.gss"))
    address: Mapped[ShortText]
    postcode: Mapped[str | None]
    is_open: Mapped[bool] = mapped_column(default=True)

    authority: Mapped[Authority] = relationship()
