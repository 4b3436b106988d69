"""Loading and clearing the demonstration. Everything goes through the same actions that the doors use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import cast

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.demo.choosing import choose, plan
from app.demo.history import History
from app.demo.people import People
from app.demo.places import DemoPlace, PlaceChooser, choose_places, invent_addresses
from app.demo.schema import DemoEnquiry, DemoNames
from app.demo.staff import add_staff, signing_in
from app.demo.urgent import add_rota
from cases.actions.kit import Kit
from cases.actions.sync_register import sync_register
from cases.local_day import london_day
from cases.models.case import Case
from cases.models.messages import Fact, Message, MessageState
from cases.models.staff import StaffUser
from cases.orm import Base
from cases.postcodes.index import PostcodeIndex
from cases.sealing import Sealer
from cases.yaml_lines import validate_entries

DATA = Path(__file__).resolve().parent / "data"
SEED = 1894  # the year parish and district councils were made
DAYS = 90
ENQUIRIES = 236  # some of them end as signposts
FACT = "demonstration"


def is_loaded(session: Session) -> bool:
    return session.get(Fact, FACT) is not None


def has_cases(session: Session) -> bool:
    return session.scalar(select(Case.id).limit(1)) is not None


def has_staff(session: Session) -> bool:
    return session.scalar(select(StaffUser.id).limit(1)) is not None


def load_demo(session: Session, kit: Kit, now: datetime) -> int:
    """Staff, addresses and some 200 cases over 90 days; how many cases. The caller commits.

    The same on the same day, references and PINs included.
    """
    random = Random(f"{SEED}:{london_day(now)}")
    kit = replace(kit, sealer=Sealer(kit.sealer.key, _Drawn(Random(SEED))))
    sync_register(session, kit.register, kit.catalogue)
    names = validate_entries(DATA / "names.yaml", DemoNames, many=False)[0]
    places = choose_places(
        cast(PostcodeIndex, kit.triage.postcodes()), kit.register, names.streets, _towns(kit), random
    )
    invent_addresses(session, places)
    staff = add_staff(session, kit.register, now - timedelta(days=DAYS + 30))
    planned = plan(
        choose(all_enquiries(), ENQUIRIES, random), dict(kit.catalogue.services), random, london_day(now), DAYS
    )
    people = People(random, names, landlines=kit.register.partnership.slug == "nottinghamshire")
    history = History(session, kit, random, people, _chooser(kit, places, random), staff, now)
    history.play(planned)
    add_rota(session, kit, staff)
    session.flush()
    _settle_past_messages(session)
    session.add(Fact(name=FACT, value={"loaded_at": now.isoformat(), "cases": history.opened}))
    return history.opened


def all_enquiries() -> list[DemoEnquiry]:
    return [entry for path in sorted(DATA.glob("enquiries-*.yaml")) for entry in validate_entries(path, DemoEnquiry)]


def clear_everything(session: Session) -> None:
    """Empty every table, children before parents. Only ever for a demonstration or an empty installation."""
    if session.get_bind().dialect.name == "postgresql":
        tables = ", ".join(f'"{t.name}"' for t in Base.metadata.sorted_tables)
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        return
    session.execute(text("PRAGMA defer_foreign_keys=ON"))
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())


class _Drawn:
    """Numbers that are the same at every load: nobody's secret hangs on a demonstration's references."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def randrange(self, start: int, stop: int) -> int:
        return self._random.randrange(start, stop)


def _chooser(kit: Kit, places: dict[str, list[DemoPlace]], random: Random) -> PlaceChooser:
    """The districts of those one signs in as come up more often for their own teams."""
    often: dict[str, str] = {}
    for post in signing_in(kit.register):
        office = next((a for a in kit.register.authorities.values() for o in a.offices if o.slug == post.office), None)
        authority = kit.register.by_slug(post.authority) if post.authority else office
        if authority and authority.tier != "county":
            often[post.team or "counter"] = authority.gss
    return PlaceChooser(places, often, random)


def _settle_past_messages(session: Session) -> None:
    """What the past sent has arrived; nothing of it may leave now."""
    for message in session.scalars(select(Message).where(Message.state == MessageState.QUEUED)):
        message.state = MessageState.DELIVERED
        message.attempts = 1
        message.sent_at = message.created_at + timedelta(seconds=9)
        message.settled_at = message.created_at + timedelta(seconds=17)


def _towns(kit: Kit) -> dict[str, str]:
    by_district: dict[str, list[str]] = defaultdict(list)
    for name in kit.catalogue.place_names:
        if len(name.districts) == 1:
            by_district[name.districts[0]].append(name.name)
    return {gss: sorted(names, key=len)[0] for gss, names in by_district.items()}
