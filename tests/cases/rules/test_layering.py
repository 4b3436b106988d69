"""Laying changes over the delivered rules, and going back, whatever they are and in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cases.rules.layering import AGREEMENT, SERVICE, Change, lay_over
from cases.triage import Enquiry, Triage
from tests.cases.places import ASHFIELD, CITY, COUNTY, DISTRICTS, TODAY

DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
SLUGS = st.sampled_from(["pothole", "missed-bin", "tree-problem"])
TIERS = st.sampled_from([{}, {"tier": "county"}, {"tier": "district"}])


@st.composite
def service_changes(draw: st.DrawFn) -> Change:
    starts, length = draw(DAYS), draw(st.none() | st.integers(1, 400))
    ends = starts + timedelta(length) if length else None
    return Change(SERVICE, draw(SLUGS), draw(TIERS), starts, ends, 0)


def numbered(changes: list[Change]) -> list[Change]:
    return [replace(change, number=number) for number, change in enumerate(changes, 1)]


def decided(triage: Triage, on: date) -> list[tuple[str | None, str]]:
    """Each service in each district, with what the version has no part in."""
    asked = [(slug, gss) for slug in ("pothole", "missed-bin", "tree-problem") for gss in (*DISTRICTS, CITY)]
    found = [triage.best(Enquiry(on=on, service=slug, district=gss)) for slug, gss in asked]
    return [(d.authority.gss if d.authority else None, d.rule) for d in found]


@given(changes=st.lists(service_changes(), min_size=1, max_size=4), on=DAYS, today=DAYS)
def test_what_is_decided_for_a_day_does_not_depend_on_the_day_on_which_it_is_asked(
    triage: Triage, changes: list[Change], on: date, today: date
) -> None:
    one, two = (triage.under(lay_over(triage.rules, numbered(changes), day)) for day in (today, TODAY))
    assert decided(one, on) == decided(two, on)


@given(changes=st.lists(service_changes(), max_size=4), on=DAYS)
def test_going_back_to_the_delivered_content_leaves_responsibility_as_it_was(
    triage: Triage, changes: list[Change], on: date
) -> None:
    back = [Change(SERVICE, slug, {}, date(2025, 1, 1), None, 0) for slug in ("pothole", "missed-bin", "tree-problem")]
    rules = lay_over(triage.rules, numbered([*changes, *back]), TODAY)
    assert decided(triage.under(rules), on) == decided(triage, on)


def test_a_change_of_what_a_later_release_dropped_is_passed_over(triage: Triage) -> None:
    gone = Change(SERVICE, "no-longer-there", {"tier": "county"}, TODAY, None, 1)
    half = Change(SERVICE, "pothole", {"goes_to": {"no-question": {"x": "county"}}}, TODAY, None, 2)
    assert decided(triage.under(lay_over(triage.rules, [gone, half], TODAY)), TODAY) == decided(triage, TODAY)


def test_the_newest_change_of_an_agreement_is_the_one_that_counts(triage: Triage) -> None:
    held: dict[str, Any] = {
        "id": "a",
        "services": ["pothole"],
        "area": [ASHFIELD],
        "authority": ASHFIELD,
        "starts": "2026-01-01",
        "reason": "Made up",
        "source": "Made up",
    }
    first = Change(AGREEMENT, "a", held, TODAY, None, 1)
    ended = Change(AGREEMENT, "a", held | {"ends": "2026-02-01"}, TODAY, None, 2)
    asked = Enquiry(on=TODAY, service="pothole", district=ASHFIELD)
    gss = []
    for changes in ([first], [first, ended], [ended, first]):
        decision = triage.under(lay_over(triage.rules, changes, TODAY)).best(asked)
        gss.append(decision.authority.gss if decision.authority else None)
    assert gss == [ASHFIELD, COUNTY, COUNTY]
