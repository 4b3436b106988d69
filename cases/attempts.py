"""Slows down guessing. After some free tries each further one has to wait longer, but nobody is locked out."""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cases.errors import TooManyAttemptsError
from cases.models.staff import Attempt


@dataclass(frozen=True)
class Limit:
    """How one kind of guessing is slowed. Waits double from ``first_wait`` to ``longest_wait`` (seconds)."""

    purpose: str
    free_tries: int
    first_wait: int = 2
    longest_wait: int = 60
    window: timedelta = timedelta(minutes=15)

    def wait_after(self, failures: int) -> int:
        if failures < self.free_tries:
            return 0
        doublings = min(failures - self.free_tries, 16)
        return min(self.longest_wait, self.first_wait << doublings)


def bucket_of(key: str, *what: str) -> str:
    """A keyed hash of what is limited, so that the table of attempts tells nobody who tried what."""
    message = "\x1f".join(what).encode("utf-8", "replace")
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()[:40]


def check_attempts(session: Session, limit: Limit, bucket: str, *, now: datetime) -> None:
    """Raise ``TooManyAttemptsError`` when the next try has to wait. A success wipes the failures before it.

    Others who try under the same bucket wait here until the caller's commit, so that each counts those before it.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{limit.purpose}:{bucket}", 0))))
    mine = (Attempt.purpose == limit.purpose, Attempt.bucket == bucket, Attempt.at > now - limit.window)
    last_success = select(func.coalesce(func.max(Attempt.id), 0)).where(*mine, Attempt.succeeded).scalar_subquery()
    failures, last_at = session.execute(
        select(func.count(), func.max(Attempt.at)).where(*mine, ~Attempt.succeeded, Attempt.id > last_success)
    ).one()
    wait = limit.wait_after(failures)
    if not wait:
        return
    remaining = wait - (now - last_at).total_seconds()
    if remaining > 0:
        raise TooManyAttemptsError(math.ceil(remaining))


def record_attempt(session: Session, limit: Limit, bucket: str, *, now: datetime) -> Attempt:
    """Note a try as failed. Commit before checking what was tried, then mark it ``succeeded`` if it was right:
    tries at the same moment then count each other."""
    attempt = Attempt(purpose=limit.purpose, bucket=bucket, at=now, succeeded=False)
    session.add(attempt)
    return attempt


def forget_attempts(session: Session, *, now: datetime, older_than: timedelta = timedelta(days=1)) -> None:
    session.execute(delete(Attempt).where(Attempt.at < now - older_than))
