"""What must run once at a time takes a lease in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Dialect, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cases.models.messages import Lease

HEARTBEAT = "worker-heartbeat"


def take_lease(session: Session, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """True when nobody else holds it; one's own is renewed. It lapses by itself."""
    until = now + timedelta(seconds=seconds)
    insert = _insert(session.get_bind().dialect)(Lease).values(name=name, holder=holder, until=until)
    taken = session.execute(
        insert.on_conflict_do_update(
            index_elements=[Lease.name],
            set_={"holder": holder, "until": until},
            where=or_(Lease.until <= now, Lease.holder == holder),
        )
        .returning(Lease.holder)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return taken is not None


def beat(session: Session, holder: str, now: datetime, seconds: float = 30) -> None:
    """A worker says that it lives. Several workers share the one row: any of them will do."""
    insert = _insert(session.get_bind().dialect)(Lease)
    until = now + timedelta(seconds=seconds)
    session.execute(
        insert.values(name=HEARTBEAT, holder=holder, until=until).on_conflict_do_update(
            index_elements=[Lease.name], set_={"holder": holder, "until": until}
        )
    )


def is_worker_alive(session: Session, now: datetime) -> bool:
    return session.scalar(select(Lease.name).where(Lease.name == HEARTBEAT, Lease.until > now)) is not None


def _insert(dialect: Dialect) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return postgresql.Insert if dialect.name == "postgresql" else sqlite.Insert
