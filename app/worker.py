"""The worker: jobs as they come, and every few seconds a look at everything that should have happened."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from flask import Flask
from huey.api import PostgresHuey
from huey.consumer import Consumer
from sqlalchemy.orm import Session

from app.clock import now
from app.database import write_transaction
from app.jobs import retry_inbox, the_delivery
from app.wiring import the_kit
from cases.actions.audit import seal_audit
from cases.actions.carry_out_plans import carry_out_plans
from cases.actions.drafts import forget_drafts
from cases.actions.handover_answers import flag_unanswered
from cases.actions.urgent import escalate_urgent
from cases.attempts import forget_attempts
from channels.delivery.leases import beat, take_lease

SWEEP_SECONDS = 5
STOP_SECONDS = 25
log = logging.getLogger("shirehall.worker")

# What runs once at a time over all workers: name, every how many seconds, and what it does.
Round = Callable[[Session, datetime], object]
ROUNDS: dict[str, tuple[int, Round]] = {
    "seal-audit": (SWEEP_SECONDS, lambda session, at: seal_audit(session)),
    "escalate-urgent": (SWEEP_SECONDS, lambda session, at: escalate_urgent(session, the_kit(), at)),
    "flag-unanswered": (SWEEP_SECONDS, flag_unanswered),
    "forget-attempts": (3600, lambda session, at: forget_attempts(session, now=at)),
    "forget-drafts": (600, forget_drafts),
    "reorganise": (SWEEP_SECONDS, lambda session, at: carry_out_plans(session, the_kit(), at)),
}


class SteadyConsumer(Consumer):
    """Both signals end it cleanly: the job in hand is finished first."""

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app.extensions["huey"],
            workers=2,
            periodic=False,
            # Huey's own back-off would let an answer wait for seconds after a quiet spell.
            initial_delay=0.05,
            max_delay=0.1,
            backoff=1,
            shutdown_timeout=STOP_SECONDS,
        )
        self._signal_actions = {signal.SIGINT: (False, True), signal.SIGTERM: (False, True)}


class Worker:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = Event()
        self._next_rounds: dict[str, datetime] = {}
        with app.app_context():
            self.name = f"worker-{the_kit().sealer.new_token(12)}"

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        sweeper = Thread(target=self._sweep_again_and_again, name="sweep")
        sweeper.start()
        try:
            self._prepare_broker()
            SteadyConsumer(self._app).run()
        finally:
            self._stopping.set()
            sweeper.join(STOP_SECONDS)

    def sweep(self) -> None:
        """All that is due now, each part by itself: one that fails does not stop the others."""
        with self._app.app_context():
            for part in (self._beat, self._mend, retry_inbox, self._deliver, self._rounds):
                try:
                    part()
                except Exception as error:  # an edge: the next sweep tries again
                    log.error("sweep failed: %s", getattr(part, "__name__", "part"), exc_info=error)

    def _sweep_again_and_again(self) -> None:
        while not self._stopping.is_set():
            self.sweep()
            self._stopping.wait(SWEEP_SECONDS)

    def _prepare_broker(self) -> None:
        """Wait for a jobs database that is not up yet; meanwhile the sweep does all the work."""
        huey = self._app.extensions["huey"]
        while isinstance(huey, PostgresHuey) and not self._stopping.is_set():
            try:
                huey.storage.initialize_schema()
            except Exception as error:  # down, or not to be reached: try again
                log.warning("jobs database not reached: %s", type(error).__name__)
                self._stopping.wait(SWEEP_SECONDS)
            else:
                return

    def _beat(self) -> None:
        with write_transaction() as session:
            beat(session, self.name, now())

    def _mend(self) -> None:
        the_delivery().mend_lapsed()

    def _deliver(self) -> None:
        the_delivery().deliver_due()

    def _rounds(self) -> None:
        at = now()
        for name, (seconds, act) in ROUNDS.items():
            if self._next_rounds.get(name, at) > at:
                continue
            self._next_rounds[name] = at + timedelta(seconds=seconds)
            with write_transaction() as session:
                if take_lease(session, name, self.name, at, min(seconds, 30)):
                    act(session, at)
