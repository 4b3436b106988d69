"""The declarative base, the naming convention and the column types that every model shares."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Enum, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite hands times back naive, so both ways are made sure of here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_values(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


def stored_enum(enum: type[StrEnum], *, length: int = 40) -> Enum:
    """An enum kept by value in a plain string column; the CHECK is the database's own guard."""
    return Enum(enum, values_callable=enum_values, native_enum=False, create_constraint=True, length=length)


JsonObject = JSON().with_variant(JSONB(), "postgresql")

IntKey = Annotated[int, mapped_column(primary_key=True)]
Gss = Annotated[str, mapped_column(String(9))]
SlugText = Annotated[str, mapped_column(String(80))]
ShortText = Annotated[str, mapped_column(String(200))]
Json = Annotated[dict[str, Any], mapped_column(JsonObject)]


class Base(DeclarativeBase):
    """Parent of every model; the models stay plain, with no web framework in them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime()}
