from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from channels.delivery.leases import beat, is_worker_alive, take_lease
from tests.cases.places import NOON


def test_only_one_holds_a_lease_until_it_lapses(session: Session) -> None:
    assert take_lease(session, "seal", "one", NOON, 30)
    assert not take_lease(session, "seal", "two", NOON, 30)
    assert take_lease(session, "seal", "one", NOON + timedelta(seconds=20), 30)
    assert not take_lease(session, "seal", "two", NOON + timedelta(seconds=40), 30)
    assert take_lease(session, "seal", "two", NOON + timedelta(seconds=51), 30)


def test_another_lease_is_free(session: Session) -> None:
    assert take_lease(session, "seal", "one", NOON, 30)
    assert take_lease(session, "sweep", "two", NOON, 30)


def test_a_worker_is_alive_for_half_a_minute_after_it_was_heard_of(session: Session) -> None:
    assert not is_worker_alive(session, NOON)
    beat(session, "one", NOON)
    beat(session, "two", NOON + timedelta(seconds=5))
    assert is_worker_alive(session, NOON + timedelta(seconds=34))
    assert not is_worker_alive(session, NOON + timedelta(seconds=36))
