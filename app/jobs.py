"""Background work. The outbox and the inbox are the truth; a job is only the nudge that makes it quick."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from huey import PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from sqlalchemy import event, select
from sqlalchemy.orm import Mapper, Session, object_session

from app.clock import now
from app.config import Settings
from app.database import read_transaction, write_transaction
from app.extensions import db
from app.health import NotReadyError, add_check
from app.texts import handle_item
from cases.models.contact import Channel
from cases.models.messages import Lease, Message, MessageState
from channels.delivery.email import SmtpSender
from channels.delivery.leases import HEARTBEAT, is_worker_alive
from channels.delivery.outbox import Delivery
from channels.delivery.senders import HandsetSender, KeptSender, Sender
from channels.sms.inbox import claim_pending, process_inbox_item
from channels.twilio.client import TwilioSender

BROKER_WAIT_SECONDS = 2
_NUDGE = "shirehall-nudge"
_WAITS_TOO_LONG = timedelta(minutes=1)

log = logging.getLogger("shirehall.jobs")


def init_jobs(app: Flask, settings: Settings) -> None:
    huey = make_huey(settings)
    app.extensions["huey"] = huey
    app.extensions["delivery"] = _delivery(app, settings)

    @huey.task(name="deliver_outbox")
    def deliver_outbox() -> int:
        with app.app_context():
            return the_delivery().deliver_due()

    app.extensions["deliver_outbox"] = deliver_outbox
    with app.app_context():
        event.listen(db.sessionmaker, "after_commit", lambda session: _after_commit(app, session))
    add_check(app, "jobs", check_jobs)


def make_huey(settings: Settings) -> Huey:
    """Results are not kept and nothing here needs to survive: what a lost nudge would have done, the sweep does."""
    options: dict[str, Any] = {"results": False, "store_none": False, "utc": True}
    if settings.redis_url:
        waits = f"socket_timeout={BROKER_WAIT_SECONDS}&socket_connect_timeout={BROKER_WAIT_SECONDS}"
        joined = "&" if "?" in settings.redis_url else "?"
        return RedisHuey("shirehall", url=f"{settings.redis_url}{joined}{waits}", blocking=False, **options)
    if settings.jobs_database_url:
        # Its tables are made by the worker: the database may be down when the site starts.
        return PostgresHuey(
            "shirehall",
            dsn=settings.jobs_database_url,
            create_tables=False,
            connect_timeout=BROKER_WAIT_SECONDS,
            **options,
        )
    return SqliteHuey(
        "shirehall", filename=str(settings.home / "jobs.sqlite3"), timeout=BROKER_WAIT_SECONDS, fsync=False, **options
    )


def the_delivery() -> Delivery:
    delivery: Delivery = current_app.extensions["delivery"]
    return delivery


def nudge_outbox(app: Flask | None = None) -> None:
    """Tell the worker that there is something to send. A broker that is down costs a few seconds' delay, no more."""
    app = app or current_app
    try:
        app.extensions["deliver_outbox"]()
    except Exception as error:  # whatever the broker does, what was committed stands
        log.warning("nudge not taken: %s", type(error).__name__)


def retry_inbox(most: int = 100) -> int:
    """Try again what could not be acted on when it arrived; how many were tried."""
    tried = 0
    while tried < most:
        with write_transaction() as session:
            item_id = claim_pending(session, now())
        if item_id is None:
            break
        with write_transaction() as session:
            process_inbox_item(session, item_id, handle_item, now())
        tried += 1
    return tried


def check_jobs() -> None:
    """Not ready when a worker has gone, or when none has ever come and messages wait for it."""
    at = now()
    with read_transaction() as session:
        if is_worker_alive(session, at):
            return
        has_gone = session.get(Lease, HEARTBEAT) is not None
        waits = session.scalar(
            select(Message.id)
            .where(Message.state == MessageState.QUEUED, Message.not_before < at - _WAITS_TOO_LONG)
            .limit(1)
        )
    if has_gone or waits:
        raise NotReadyError("no worker has been seen: run flask worker")


def _delivery(app: Flask, settings: Settings) -> Delivery:
    senders: dict[Channel, Sender] = {
        Channel.SMS: HandsetSender() if settings.sms_provider == "handset" else _twilio(settings),
        Channel.EMAIL: _email(app, settings),
        Channel.LETTER: KeptSender("by-post"),
    }
    kit = app.extensions["kit"]
    clock = app.extensions["clock"]
    return Delivery(write_transaction, senders, app.extensions["random"], kit.sealer.new_token, clock.now)


def _twilio(settings: Settings) -> TwilioSender:
    return TwilioSender(
        settings.twilio_account_sid or "",
        settings.twilio_auth_token or "",
        settings.public_base_url,
        number=settings.twilio_number,
        messaging_service_sid=settings.twilio_messaging_service_sid,
        api_base=settings.twilio_api_base,
    )


def _email(app: Flask, settings: Settings) -> Sender:
    """Without a mail server the practice phone shows them; elsewhere they fail where staff can see it."""
    if not settings.smtp_url:
        return HandsetSender() if settings.sms_provider == "handset" else KeptSender("no-mail-server")
    host = settings.public_base_url.split("://", 1)[-1].split(":")[0]
    return SmtpSender(settings.smtp_url, app.extensions["register"].partnership.name, host)


@event.listens_for(Message, "after_insert")
def _note_message(mapper: Mapper[Any], connection: Any, message: Message) -> None:
    session = object_session(message)
    if session is not None:
        session.info[_NUDGE] = True


def _after_commit(app: Flask, session: Session) -> None:
    """One nudge for each transaction that has written messages, once it can be seen by others."""
    if session.in_nested_transaction() or not session.info.pop(_NUDGE, False):
        return
    nudge_outbox(app)
