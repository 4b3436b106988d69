"""What the same rows cost with nothing around them: bare SQL on one connection."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.sql import Executable

from app.bench.measuring import Action
from cases.orm import Base

_NAMES = count(1)


def insert_like_an_intake(engine: Engine, queue_id: int, at: datetime, day: date) -> Action:
    """The rows that one text message leaves behind when it opens a case, under one commit."""
    prefix, numbers = f"floor{next(_NAMES)}", count(1)

    def once() -> None:
        with engine.connect() as connection:
            _write(connection, f"{prefix}-{next(numbers)}", queue_id, at, day)
            connection.commit()

    return once


def _write(connection: Connection, name: str, queue_id: int, at: datetime, day: date) -> None:
    def add(table: str, **values: Any) -> int:
        key = connection.execute(insert(Base.metadata.tables[table]).values(**values)).inserted_primary_key
        return int(key[0]) if key else 0

    inbox = add(
        "inbox_items",
        provider="floor",
        provider_id=name,
        kind="sms",
        received_at=at,
        payload=b"x" * 200,
        state="done",
        attempts=1,
    )
    said = add("words", kind="said", text="Pothole on Station Road", written_at=at)
    person = add("people", kind="person", created_at=at)
    point = add(
        "contact_points",
        person_id=person,
        kind="phone",
        value="+447700900000",
        value_key="+447700900000",
        is_preferred=False,
        is_shared=False,
        safe_text=True,
        safe_call=False,
        safe_voicemail=False,
        safe_letter=False,
        safe_email=False,
        created_at=at,
    )
    contact = add("contacts", channel="sms", person_id=person, inbox_item_id=inbox, received_at=at)
    place = add("places", kind="postcode", postcode="NG15 7AA")
    matter = add(
        "matters",
        contact_id=contact,
        position=1,
        service_slug="pothole",
        outcome="case-opened",
        place_id=place,
        words_id=said,
        answers={},
        settled_at=at,
    )
    case = add(
        "cases",
        reference=name,
        kind="report",
        service_slug="pothole",
        status="new",
        queue_id=queue_id,
        opened_by_channel="sms",
        place_id=place,
        is_sensitive=False,
        is_urgent=False,
        answers={},
        received_at=at,
        due_at=at,
        updated_at=at,
        last_event_seq=2,
        version_id=1,
    )
    add("matter_cases", matter_id=matter, case_id=case, is_chaser=False)
    add(
        "case_roles",
        case_id=case,
        person_id=person,
        contact_point_id=point,
        role="reporter",
        openness="open",
        added_at=at,
    )
    decision = add(
        "triage_decisions",
        matter_id=matter,
        case_id=case,
        decided_at=at,
        decided_on=day,
        rule="floor",
        data_version="floor",
        confidence=1.0,
        urgent=False,
        reasons={},
    )
    for seq, kind in ((1, "opened"), (2, "decided")):
        add("events", case_id=case, seq=seq, kind=kind, at=at, data={"decision": decision}, is_public=False)
    reply = add("words", kind="message", text="We have your report.", written_at=at)
    add(
        "messages",
        channel="sms",
        case_id=case,
        to_value="+447700900000",
        purpose="floor",
        words_id=reply,
        dedupe_key=name,
        state="delivered",
        created_at=at,
        not_before=at,
        attempts=1,
    )


def run(engine: Engine, statement: Executable) -> Action:
    """One bare statement, its rows fetched, on a connection that stays open."""
    connection = engine.connect()

    def once() -> None:
        connection.execute(statement).fetchall()
        connection.rollback()

    return once
