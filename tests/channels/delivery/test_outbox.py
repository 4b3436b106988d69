"""Claiming, sending and settling, with a provider that does what it likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from threading import Lock

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.actions.given import NewContact, NewMatter, PersonGiven, PlaceGiven, SafeWays
from cases.actions.kit import Kit
from cases.actions.outgoing import put_in_outbox, queue_message
from cases.actions.record_contact import record_contact
from cases.models.contact import Channel
from cases.models.messages import Message, MessageState
from cases.models.person import ContactPoint, ContactPointKind, Person
from cases.models.place import PlaceKind
from channels.delivery.outbox import GIVE_UP_AFTER, LEASE, Delivery, claim, seconds_until_next_try
from channels.delivery.receipts import keep_receipt
from channels.delivery.senders import Fate, HandsetSender, KeptSender, Outgoing, Sender, SendError, Sent
from channels.sms.opting import is_opted_out, opt_out
from tests.cases.conftest import Sessions
from tests.cases.places import IN_ASHFIELD, NOON

NUMBER = "+447700900123"


@dataclass
class Carrier:
    """Takes messages, or does to each in turn what ``fates`` says."""

    is_repeatable = False
    fates: list[SendError | Exception | None] = field(default_factory=list)
    taken: list[Outgoing] = field(default_factory=list)
    meanwhile: Callable[[Outgoing], None] | None = None
    _lock: Lock = field(default_factory=Lock)

    def send(self, outgoing: Outgoing) -> Sent:
        with self._lock:
            fate = self.fates.pop(0) if self.fates else None
            if self.meanwhile:
                self.meanwhile(outgoing)
            if fate:
                raise fate
            self.taken.append(outgoing)
            return Sent(f"SM{outgoing.message_id}")


@dataclass
class Post:
    """The outbox of one test, its carrier, and a clock."""

    sessions: Sessions
    carrier: Sender
    now: object = NOON

    def __post_init__(self) -> None:
        self._tokens = iter(range(10**6))
        self.delivery = Delivery(
            self.transaction,
            {Channel.SMS: self.carrier, Channel.EMAIL: KeptSender("no-mail-server")},
            Random(1),
            lambda: f"token-{next(self._tokens)}",
            lambda: self.now,  # type: ignore[arg-type, return-value]
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self.sessions() as session:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.commit()

    def write(self, text: str = "Hello", number: str = NUMBER, channel: Channel = Channel.SMS, **given: object) -> int:
        with self.transaction() as session:
            key = f"key-{next(self._tokens)}"
            return put_in_outbox(session, channel, number, "status", text, key, NOON, **given).id  # type: ignore[arg-type]

    def message(self, message_id: int) -> Message:
        with self.transaction() as session:
            message = session.get_one(Message, message_id)
            session.expunge(message)
        return message

    def wait(self, **parts: float) -> None:
        self.now += timedelta(**parts)  # type: ignore[operator]


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def post(sessions: Sessions, carrier: Carrier) -> Post:
    return Post(sessions, carrier)


def test_a_message_is_sent_once_and_marked(post: Post, carrier: Carrier) -> None:
    written = post.write("Your case is open.")
    assert post.delivery.deliver_due() == 1
    assert post.delivery.deliver_due() == 0
    assert [o.text for o in carrier.taken] == ["Your case is open."]
    message = post.message(written)
    assert (message.state, message.provider_id, message.attempts) == (MessageState.SENT, f"SM{written}", 1)
    assert (message.sent_at, message.lease_until) == (NOON, None)


def test_no_transaction_is_open_while_the_carrier_is_waited_for(post: Post, carrier: Carrier) -> None:
    carrier.meanwhile = lambda outgoing: post.write("written meanwhile", "+447700900456") and None
    post.write()
    assert post.delivery.deliver_one()


def test_many_workers_send_each_message_once(post: Post, carrier: Carrier) -> None:
    for n in range(30):
        post.write(number=f"+447700900{n:03d}")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: post.delivery.deliver_due(), range(6)))
    assert sorted(o.to_value for o in carrier.taken) == sorted(f"+447700900{n:03d}" for n in range(30))


def test_messages_to_one_number_keep_their_order(post: Post, carrier: Carrier) -> None:
    for n in range(3):
        post.write(f"{n}")
    carrier.fates = [SendError(Fate.TEMPORARY, "20429", 5)]
    post.delivery.deliver_due()
    assert carrier.taken == []
    post.wait(seconds=10)
    post.delivery.deliver_due()
    assert [o.text for o in carrier.taken] == ["0", "1", "2"]


def test_a_temporary_failure_is_tried_again_later(post: Post, carrier: Carrier) -> None:
    carrier.fates = [SendError(Fate.TEMPORARY, "http-500")]
    written = post.write()
    post.delivery.deliver_due()
    message = post.message(written)
    assert (message.state, message.error_code, message.attempts) == (MessageState.QUEUED, "http-500", 1)
    assert message.not_before > NOON
    assert post.delivery.deliver_due() == 0
    post.wait(seconds=6)
    assert post.delivery.deliver_due() == 1
    assert post.message(written).state is MessageState.SENT
    assert post.message(written).error_code is None


def test_the_time_that_the_carrier_names_is_kept(post: Post, carrier: Carrier) -> None:
    carrier.fates = [SendError(Fate.TEMPORARY, "20429", 60)]
    written = post.write()
    post.delivery.deliver_due()
    assert post.message(written).not_before >= NOON + timedelta(seconds=60)


def test_waits_grow_and_are_spread() -> None:
    error = SendError(Fate.TEMPORARY, "http-500")
    waits = [seconds_until_next_try(n, error, Random(n)) for n in range(1, 30)]
    assert 2.5 <= waits[0] <= 5
    assert max(waits) <= 900
    assert len({seconds_until_next_try(5, error, Random(n)) for n in range(10)}) == 10


def test_a_carrier_that_is_down_for_half_a_day_ends_in_a_failure_that_is_seen(post: Post, carrier: Carrier) -> None:
    carrier.fates = [SendError(Fate.TEMPORARY, "http-500")] * 2
    written = post.write()
    post.delivery.deliver_due()
    post.wait(seconds=GIVE_UP_AFTER.total_seconds() + 1)
    post.delivery.deliver_due()
    message = post.message(written)
    assert (message.state, message.error_code) == (MessageState.FAILED, "http-500")


def test_a_permanent_failure_is_not_tried_again(post: Post, carrier: Carrier) -> None:
    carrier.fates = [SendError(Fate.PERMANENT, "21211")]
    written = post.write()
    post.delivery.deliver_due()
    post.wait(days=1)
    assert post.delivery.deliver_due() == 0
    message = post.message(written)
    assert (message.state, message.error_code) == (MessageState.FAILED, "21211")


def test_a_number_that_has_blocked_us_counts_as_opted_out(post: Post, carrier: Carrier) -> None:
    carrier.fates = [SendError(Fate.PERMANENT, "21610")]
    post.write()
    later = post.write("second")
    post.delivery.deliver_due()
    assert carrier.taken == []
    assert post.message(later).state is MessageState.SUPPRESSED
    with post.transaction() as session:
        assert is_opted_out(session, NUMBER)


@pytest.mark.parametrize("fate", [SendError(Fate.UNCERTAIN, "provider-cut-off"), RuntimeError("a bug")], ids=str)
def test_what_may_have_gone_is_never_repeated(post: Post, carrier: Carrier, fate: Exception) -> None:
    carrier.fates = [fate]
    written = post.write()
    post.delivery.deliver_due()
    for _ in range(3):
        post.wait(hours=1)
        post.delivery.mend_lapsed()
        assert post.delivery.deliver_due() == 0
    assert post.message(written).state is MessageState.UNCERTAIN


def test_a_worker_that_dies_with_a_message_in_hand_leaves_it_uncertain(post: Post, carrier: Carrier) -> None:
    written = post.write()
    with post.transaction() as session:
        assert claim(session, "the dead worker's", NOON) == written
    assert post.delivery.mend_lapsed() == 0
    post.wait(seconds=LEASE.total_seconds() + 1)
    assert post.delivery.mend_lapsed() == 1
    assert post.message(written).state is MessageState.UNCERTAIN
    assert post.delivery.deliver_due() == 0


def test_a_sender_that_cannot_repeat_itself_is_simply_asked_again(sessions: Sessions) -> None:
    post = Post(sessions, HandsetSender())
    written = post.write()
    with post.transaction() as session:
        claim(session, "the dead worker's", NOON)
    post.wait(seconds=LEASE.total_seconds() + 1)
    assert post.delivery.mend_lapsed() == 1
    post.delivery.deliver_due()
    assert post.message(written).state is MessageState.DELIVERED


def test_a_lease_lasts_half_a_minute_at_most() -> None:
    assert timedelta(seconds=30) >= LEASE


def test_a_report_that_comes_before_the_answer_is_not_undone_by_it(post: Post, carrier: Carrier) -> None:
    def report(outgoing: Outgoing) -> None:
        with post.transaction() as session:
            sid = f"SM{outgoing.message_id}"
            keep_receipt(session, sid, outgoing.message_id, "delivered", MessageState.DELIVERED, None, NOON)

    carrier.meanwhile = report
    written = post.write()
    post.delivery.deliver_due()
    message = post.message(written)
    assert (message.state, message.provider_id) == (MessageState.DELIVERED, f"SM{written}")


def test_a_report_without_our_id_waits_for_the_commit_of_the_carriers(post: Post, carrier: Carrier) -> None:
    def report(outgoing: Outgoing) -> None:
        with post.transaction() as session:
            keep_receipt(session, f"SM{outgoing.message_id}", None, "delivered", MessageState.DELIVERED, None, NOON)

    carrier.meanwhile = report
    written = post.write()
    post.delivery.deliver_due()
    assert post.message(written).state is MessageState.DELIVERED


def test_nothing_goes_to_whoever_has_told_us_to_stop_meanwhile(post: Post, carrier: Carrier) -> None:
    written = post.write()
    with post.transaction() as session:
        opt_out(session, NUMBER, NOON)
    assert post.message(written).state is MessageState.SUPPRESSED
    again = post.write()
    post.delivery.deliver_due()
    assert carrier.taken == []
    assert post.message(again).error_code == "opted-out"


def test_nothing_goes_about_a_case_that_has_become_sensitive(post: Post, carrier: Carrier, kit: Kit) -> None:
    with post.transaction() as session:
        matter = NewMatter("Deep hole", "pothole", PlaceGiven(PlaceKind.POSTCODE, postcode=IN_ASHFIELD))
        person = PersonGiven(name="Jo Example", phone=NUMBER, safe=SafeWays(text=True))
        recorded = record_contact(session, kit, NewContact(Channel.WEB, (matter,), NOON, person), now=NOON)
        case = recorded.cases[0]
        assert queue_message(session, case, "closed", "Closed.", "key", NOON) is not None
        case.is_sensitive = True
    post.delivery.deliver_due()
    assert carrier.taken == []
    with post.transaction() as session:
        assert {m.state for m in session.scalars(select(Message))} == {MessageState.SUPPRESSED}


def test_a_blanked_message_does_not_go(post: Post, carrier: Carrier) -> None:
    written = post.write()
    with post.transaction() as session:
        session.get_one(Message, written).words.blank(NOON)
    post.delivery.deliver_due()
    assert carrier.taken == []


def test_a_channel_nobody_has_set_up_fails_where_it_is_seen(post: Post) -> None:
    written = post.write(channel=Channel.EMAIL, number="jo@example.org")
    post.delivery.deliver_due()
    message = post.message(written)
    assert (message.state, message.error_code) == (MessageState.FAILED, "no-mail-server")


def test_what_is_not_due_yet_waits(post: Post, carrier: Carrier) -> None:
    written = post.write()
    with post.transaction() as session:
        session.get_one(Message, written).not_before = NOON + timedelta(hours=1)
    assert post.delivery.deliver_due() == 0
    post.wait(hours=1)
    assert post.delivery.deliver_due() == 1


def test_nothing_goes_by_a_way_that_is_no_longer_safe(post: Post, carrier: Carrier) -> None:
    with post.transaction() as session:
        phone = ContactPoint(
            kind=ContactPointKind.PHONE, value=NUMBER, value_key=NUMBER, safe_text=True, created_at=NOON
        )
        session.add(Person(created_at=NOON, contact_points=[phone]))
        session.flush()
        point_id = phone.id
    written = post.write(contact_point_id=point_id)
    with post.transaction() as session:
        session.get_one(ContactPoint, point_id).safe_text = False
    post.delivery.deliver_due()
    assert carrier.taken == []
    assert post.message(written).error_code == "not-safe"
