"""One run of the bench: a site filled with cases, its pages measured beside the floors."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select

from app import create_app, migration
from app.account.passwords import hash_password
from app.bench import floors
from app.bench.measuring import Action, Measured, measure
from app.bench.site import free_port, running
from app.bench.visitor import Visitor
from app.config import Settings
from app.database import write_transaction
from app.extensions import db
from app.wiring import after_upgrade, the_kit
from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven, SafeWays
from cases.actions.record_contact import record_contact
from cases.local_day import london_day
from cases.models.authority import Queue
from cases.models.case import Case
from cases.models.contact import Channel
from cases.models.place import PlaceKind
from cases.models.staff import Appointment, Role, StaffUser
from cases.postcodes.build import build_from_package
from cases.references import show_reference

_TOKEN = "bench" + "0" * 27  # the webhook's shared secret, on this machine only
_OUR_NUMBER, _QUEUE = "+441154960000", "nottinghamshire-highways"
_PASSWORD = "a bench is for sitting on"
_POSTCODES = ("NG15 7AA", "NG17 1AA", "NG18 1AA", "NG9 1AA")
_BATCH = 200


@dataclass(frozen=True)
class Plan:
    """``seconds`` for each measure; ``cases`` that stand in the queue before it begins."""

    seconds: float
    cases: int
    workers: int


@dataclass(frozen=True)
class _Filled:
    reference: str
    pin: str
    queue_id: int


def measure_lookup(lookup: Callable[[str], object], seconds: float) -> Measured:
    postcodes = _POSTCODES

    def make() -> Action:
        def thousand() -> None:
            for _ in range(250):
                for postcode in postcodes:
                    lookup(postcode)

        return thousand

    per_thousand = measure("postcode lookups, 1,000", "-", make, seconds=seconds)
    return per_thousand


def measure_build() -> Measured:
    """Building the index of every UK postcode, once, into a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="shirehall-bench-") as folder:
        started = time.perf_counter()
        build_from_package(Path(folder) / "postcodes.idx", lambda done, total: None)
        taken = (time.perf_counter() - started) * 1000
    return Measured("postcode index, built once", "-", 1, 1000 / taken, taken, taken, taken)


def measure_empty(plan: Plan) -> Iterator[Measured]:
    port = free_port()
    with running("app.bench.empty:app", {}, port):

        def make() -> Action:
            visitor = Visitor(port)
            return lambda: _nothing(visitor.get("/"))

        yield measure("empty route", "-", make, seconds=plan.seconds, workers=plan.workers)


def measure_site(database: str, database_url: str | None, plan: Plan, now: datetime) -> Iterator[Measured]:
    """Every journey on one database. The site has a home of its own that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="shirehall-bench-") as home:
        port = free_port()
        environ = _environ(Path(home), database_url, port)
        settings = Settings.from_env(environ)
        app = create_app(settings)
        migration.upgrade(settings)
        with app.app_context():
            filled = _fill(app, plan.cases, now)
            with running("wsgi:app", environ, port):
                yield from _pages(database, port, filled, plan, settings.public_base_url)
            yield from _floors(database, filled, plan, now)
            db.engine.dispose()


def _environ(home: Path, database_url: str | None, port: int) -> dict[str, str]:
    given = {
        "SHIREHALL_HOME": str(home),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "PARTNERSHIP": "nottinghamshire",
        "SECRET_KEY": "b" * 40,
        "TWILIO_AUTH_TOKEN": _TOKEN,
        "TWILIO_NUMBER": _OUR_NUMBER,
    }
    return given | ({"DATABASE_URL": database_url} if database_url else {})


def _fill(app: Flask, cases: int, now: datetime) -> _Filled:
    kit, random = the_kit(), Random(7)
    with write_transaction() as session:
        after_upgrade(session)
        staff = StaffUser(
            email="bench@example.org", name="Bench", password_hash=hash_password(_PASSWORD), created_at=now
        )
        county = kit.register.by_slug("nottinghamshire")
        assert county is not None
        staff.appointments = [Appointment(role=Role.OFFICER, authority_gss=county.gss, starts_on=london_day(now))]
        session.add(staff)
    last: _Filled | None = None
    for done in range(0, cases, _BATCH):
        with write_transaction() as session:
            for number in range(done, min(done + _BATCH, cases)):
                person = PersonGiven(phone=f"+447700900{random.randrange(1_000):03d}", safe=SafeWays())
                place = PlaceGiven(PlaceKind.STREET, postcode=random.choice(_POSTCODES), street="Station Road")
                matter = NewMatter(f"Pothole number {number}", "pothole", place, answers={"size": "dinner-plate"})
                recorded = record_contact(session, kit, NewContact(Channel.WEB, (matter,), now, person), now=now)
                result = recorded.results[0]
                assert result.case is not None and result.pin is not None
                last = _Filled(result.case.reference, result.pin, result.case.queue_id)
    assert last is not None
    return last


def _pages(database: str, port: int, filled: _Filled, plan: Plan, base_url: str) -> Iterator[Measured]:
    def signed_in() -> Visitor:
        visitor = Visitor(port)
        visitor.post_page("/staff/sign-in", {"email": "bench@example.org", "password": _PASSWORD})
        return visitor

    def page(path: str) -> Callable[[], Action]:
        def make() -> Action:
            visitor = signed_in()
            return lambda: _nothing(visitor.get(path))

        return make

    def tracking() -> Action:
        visitor = Visitor(port)
        visitor.post_page("/track", {"reference": show_reference(filled.reference), "pin": filled.pin})
        return lambda: _nothing(visitor.get("/track/case"))

    def each(name: str, make: Callable[[], Action], floor: str) -> Measured:
        return measure(name, database, make, seconds=plan.seconds, workers=plan.workers, floor=floor)

    yield each("queue page", page(f"/staff/queues/{_QUEUE}"), "empty route")
    yield each("case page", page(f"/staff/cases/{show_reference(filled.reference)}"), "empty route")
    yield each("tracking page", tracking, "empty route")
    yield each("front page", lambda: _anonymous(port, "/"), "empty route")
    yield each("intake by signed webhook", lambda: _webhook(port, base_url), "intake's rows by bare SQL")


def _anonymous(port: int, path: str) -> Action:
    visitor = Visitor(port)
    return lambda: _nothing(visitor.get(path))


def _webhook(port: int, base_url: str) -> Action:
    visitor, run, numbers = Visitor(port), secrets.token_hex(8), count()
    path = "/webhooks/twilio/sms"

    def once() -> None:
        number = next(numbers)
        form = {
            "MessageSid": f"SM{run}{number:016x}",
            "AccountSid": "AC" + "0" * 32,
            "From": f"+447700900{number % 1000:03d}",
            "To": _OUR_NUMBER,
            "Body": f"Pothole on Station Road NG15 7AA by number {number}",
            "NumMedia": "0",
        }
        visitor.post(path, form, 200, {"X-Twilio-Signature": _signature(base_url + path, form)})

    return once


def _signature(url: str, form: dict[str, str]) -> str:
    said = url + "".join(f"{k}{form[k]}" for k in sorted(form))
    return base64.b64encode(hmac.new(_TOKEN.encode(), said.encode(), hashlib.sha1).digest()).decode()


def _floors(database: str, filled: _Filled, plan: Plan, now: datetime) -> Iterator[Measured]:
    day, engine = london_day(now), db.engine

    def each(name: str, make: Callable[[], Action], workers: int) -> Measured:
        return measure(name, database, make, seconds=plan.seconds, workers=workers)

    def intake() -> Action:
        return floors.insert_like_an_intake(engine, filled.queue_id, now, day)

    cases = select(Case.__table__).join(Queue.__table__).where(Queue.slug == _QUEUE, Case.closed_at.is_(None))
    first_page = cases.order_by(Case.due_at, Case.id).limit(50)
    yield each("intake's rows by bare SQL", intake, 1)
    yield each("queue's rows by bare SQL", lambda: floors.run(engine, first_page), 1)


def _nothing(_: object) -> None:
    """The body has been read; it is not looked at."""
