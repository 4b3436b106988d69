from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from cases.attempts import Limit, bucket_of, check_attempts, forget_attempts, record_attempt
from cases.errors import TooManyAttemptsError
from cases.models.staff import Attempt

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LIMIT = Limit("sign-in", free_tries=3, first_wait=2, longest_wait=60)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Attempt.__table__.create(engine)  # type: ignore[attr-defined]
    with Session(engine) as session:
        yield session
    engine.dispose()


def fail(session: Session, times: int, bucket: str = "a", at: datetime = NOON) -> None:
    for _ in range(times):
        record_attempt(session, LIMIT, bucket, now=at)


def test_the_first_tries_are_free(session: Session) -> None:
    fail(session, 2)
    check_attempts(session, LIMIT, "a", now=NOON)


def test_the_next_try_has_to_wait_and_is_told_how_long(session: Session) -> None:
    fail(session, 3)
    with pytest.raises(TooManyAttemptsError) as refusal:
        check_attempts(session, LIMIT, "a", now=NOON)
    assert refusal.value.retry_after == 2


def test_after_the_wait_the_door_is_open_again(session: Session) -> None:
    fail(session, 3)
    check_attempts(session, LIMIT, "a", now=NOON + timedelta(seconds=2))


def test_one_bucket_does_not_slow_another(session: Session) -> None:
    fail(session, 9, "a")
    check_attempts(session, LIMIT, "b", now=NOON)


def test_a_success_wipes_the_failures_before_it(session: Session) -> None:
    fail(session, 9)
    record_attempt(session, LIMIT, "a", now=NOON).succeeded = True
    fail(session, 2)
    check_attempts(session, LIMIT, "a", now=NOON)


def test_old_failures_no_longer_count(session: Session) -> None:
    fail(session, 9)
    check_attempts(session, LIMIT, "a", now=NOON + timedelta(minutes=16))


def test_old_attempts_can_be_forgotten(session: Session) -> None:
    fail(session, 2)
    fail(session, 1, at=NOON + timedelta(days=2))
    forget_attempts(session, now=NOON + timedelta(days=2))
    assert session.query(Attempt).count() == 1


@given(st.integers(0, 10**6))
def test_waits_grow_but_never_beyond_the_longest(failures: int) -> None:
    assert 0 <= LIMIT.wait_after(failures) <= LIMIT.wait_after(failures + 1) <= LIMIT.longest_wait


def test_a_bucket_does_not_give_away_what_is_in_it() -> None:
    assert bucket_of("key", "ada@example.org") != bucket_of("other key", "ada@example.org")
    assert bucket_of("key", "a", "b") != bucket_of("key", "ab")
    assert "ada" not in bucket_of("key", "ada@example.org")
