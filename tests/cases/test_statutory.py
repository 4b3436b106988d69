"""The law's days, each with the bank holidays in its way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.catalogue.schema import CaseKind
from cases.statutory import ClockKind, clocks_at_receipt, due_on


@pytest.mark.parametrize(
    ("kind", "received", "due"),
    [
        pytest.param("foi", date(2026, 10, 1), date(2026, 10, 29), id="foi-without-a-holiday"),
        pytest.param("foi", date(2026, 11, 20), date(2026, 12, 21), id="foi-over-saint-andrews-day"),
        pytest.param("foi", date(2026, 12, 1), date(2026, 12, 31), id="foi-over-christmas"),
        pytest.param("foi", date(2026, 12, 10), date(2027, 1, 13), id="foi-a-scottish-bank-holiday-is-no-working-day"),
        pytest.param("foi", date(2027, 3, 25), date(2027, 4, 26), id="foi-received-before-good-friday"),
        pytest.param("foi", date(2026, 12, 26), date(2027, 1, 27), id="foi-received-on-a-holiday"),
        pytest.param("eir", date(2026, 12, 10), date(2027, 1, 13), id="eir-counts-the-same-days"),
        pytest.param("sar", date(2026, 9, 3), date(2026, 10, 5), id="sar-due-on-a-saturday-goes-to-monday"),
        pytest.param("sar", date(2026, 1, 31), date(2026, 3, 2), id="sar-the-next-month-is-shorter"),
        pytest.param("sar", date(2028, 1, 31), date(2028, 2, 29), id="sar-leap-day"),
        pytest.param("sar", date(2026, 11, 25), date(2026, 12, 29), id="sar-due-at-christmas"),
        pytest.param("sar", date(2026, 12, 4), date(2027, 1, 4), id="sar-over-the-year"),
        pytest.param("complaint-ack", date(2026, 11, 20), date(2026, 11, 27), id="acknowledge-in-five-days"),
        pytest.param("complaint-ack", date(2026, 12, 23), date(2027, 1, 4), id="acknowledge-over-christmas"),
        pytest.param("complaint-ack", date(2027, 4, 30), date(2027, 5, 10), id="acknowledge-over-may-day"),
        pytest.param("complaint-stage-1", date(2026, 12, 18), date(2027, 1, 6), id="first-stage-over-christmas"),
        pytest.param("complaint-stage-1", date(2026, 8, 24), date(2026, 9, 8), id="first-stage-over-august"),
    ],
)
def test_the_last_day_in_time(kind: str, received: date, due: date) -> None:
    assert due_on(ClockKind(kind), received) == due


@given(st.sampled_from(ClockKind), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_later_receipt_is_never_due_earlier_and_never_on_a_weekend(kind: ClockKind, day: date) -> None:
    due = due_on(kind, day)
    assert day < due <= due_on(kind, day + timedelta(days=1))
    assert due.weekday() < 5


@pytest.mark.parametrize(
    ("kind", "service", "clocks"),
    [
        (CaseKind.INFORMATION_REQUEST, "freedom-of-information", (ClockKind.FOI,)),
        (CaseKind.INFORMATION_REQUEST, "subject-access-request", (ClockKind.SAR,)),
        (CaseKind.COMPLAINT, "complaint", (ClockKind.COMPLAINT_ACK,)),
        (CaseKind.REPORT, "pothole", ()),
    ],
    ids=["information", "own-data", "complaint", "report"],
)
def test_what_receipt_starts(kind: CaseKind, service: str, clocks: tuple[ClockKind, ...]) -> None:
    assert clocks_at_receipt(kind, service) == clocks
