"""Who may work a case, and who may see at a desk how it stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.access import Actor, Post, cases_seen_at_desk_by, cases_worked_by
from cases.actions.kit import Kit
from cases.errors import NotFoundError
from cases.models import Case, Channel, Role
from cases.queries.load_case import get_case_for, get_desk_case_for
from tests.cases.contacts import matter, open_one
from tests.cases.places import ASHFIELD, COUNTY, MANSFIELD

FRONT = None
# Each case by a short name: what it is, and whether it is sensitive.
COUNTYS, COUNTYS_PRIVATE, ASHFIELDS, ASHFIELDS_PRIVATE = "county", "county-private", "ashfield", "ashfield-private"
AT_DESK, AT_DESK_PRIVATE = "desk", "desk-private"
EVERYTHING = {COUNTYS, COUNTYS_PRIVATE, ASHFIELDS, ASHFIELDS_PRIVATE, AT_DESK, AT_DESK_PRIVATE}
OPEN_ONES = {COUNTYS, ASHFIELDS, AT_DESK}


@pytest.fixture
def cases(session: Session, kit: Kit) -> dict[str, Case]:
    asked = {
        COUNTYS: matter(),
        COUNTYS_PRIVATE: matter("adult-safeguarding"),
        ASHFIELDS: matter("missed-bin"),
        ASHFIELDS_PRIVATE: matter("homelessness", council="ashfield"),
        AT_DESK: matter(place=None),
        AT_DESK_PRIVATE: matter("child-protection", place=None),
    }
    return {name: open_one(session, kit, new, channel=Channel.PHONE) for name, new in asked.items()}


def actor(*posts: tuple[Role, str | None]) -> Actor:
    return Actor(staff_id=1, name="Staff", posts=tuple(Post(role, gss) for role, gss in posts))


WHO = [
    ("nobody", actor(), set(), set()),
    ("agent-front-desk", actor((Role.AGENT, FRONT)), {AT_DESK, AT_DESK_PRIVATE}, OPEN_ONES | {AT_DESK_PRIVATE}),
    ("counter-front-desk", actor((Role.COUNTER, FRONT)), {AT_DESK, AT_DESK_PRIVATE}, OPEN_ONES | {AT_DESK_PRIVATE}),
    ("counter-ashfield", actor((Role.COUNTER, ASHFIELD)), set(), {ASHFIELDS}),
    ("agent-ashfield", actor((Role.AGENT, ASHFIELD)), set(), {ASHFIELDS}),
    (
        "officer-county",
        actor((Role.OFFICER, COUNTY)),
        {COUNTYS, COUNTYS_PRIVATE},
        {COUNTYS, COUNTYS_PRIVATE},
    ),
    (
        "officer-ashfield",
        actor((Role.OFFICER, ASHFIELD)),
        {ASHFIELDS, ASHFIELDS_PRIVATE},
        {ASHFIELDS, ASHFIELDS_PRIVATE},
    ),
    ("officer-mansfield", actor((Role.OFFICER, MANSFIELD)), set(), set()),
    (
        "supervisor-county",
        actor((Role.SUPERVISOR, COUNTY)),
        {COUNTYS, COUNTYS_PRIVATE},
        {COUNTYS, COUNTYS_PRIVATE},
    ),
    (
        "supervisor-front-desk",
        actor((Role.SUPERVISOR, FRONT)),
        {AT_DESK, AT_DESK_PRIVATE},
        OPEN_ONES | {AT_DESK_PRIVATE},
    ),
    ("administrator-front-desk", actor((Role.ADMINISTRATOR, FRONT)), set(), set()),
    ("administrator-county", actor((Role.ADMINISTRATOR, COUNTY)), set(), set()),
    (
        "agent-who-is-also-officer",
        actor((Role.AGENT, FRONT), (Role.OFFICER, ASHFIELD)),
        {AT_DESK, AT_DESK_PRIVATE, ASHFIELDS, ASHFIELDS_PRIVATE},
        OPEN_ONES | {AT_DESK_PRIVATE, ASHFIELDS_PRIVATE},
    ),
    (
        "officer-of-two",
        actor((Role.OFFICER, COUNTY), (Role.OFFICER, ASHFIELD)),
        EVERYTHING - {AT_DESK, AT_DESK_PRIVATE},
        EVERYTHING - {AT_DESK, AT_DESK_PRIVATE},
    ),
]


@pytest.mark.parametrize(("who", "worked", "seen"), [row[1:] for row in WHO], ids=[row[0] for row in WHO])
def test_each_sees_and_works_what_their_posts_allow(
    session: Session, cases: dict[str, Case], who: Actor, worked: set[str], seen: set[str]
) -> None:
    names = {case.id: name for name, case in cases.items()}
    assert {names[i] for i in session.scalars(select(Case.id).where(cases_worked_by(who)))} == worked
    assert {names[i] for i in session.scalars(select(Case.id).where(cases_seen_at_desk_by(who)))} == seen
    for name, case in cases.items():
        for get, allowed in ((get_case_for, worked), (get_desk_case_for, seen)):
            if name in allowed:
                assert get(session, who, case.reference).id == case.id
            else:
                with pytest.raises(NotFoundError):
                    get(session, who, case.reference)


def test_absent_and_forbidden_are_the_same_words(session: Session, cases: dict[str, Case]) -> None:
    stranger = actor((Role.OFFICER, MANSFIELD))
    said = []
    for reference in (cases[COUNTYS].reference, "4000000000", "nonsense", ""):
        with pytest.raises(NotFoundError) as refused:
            get_case_for(session, stranger, reference)
        said.append(refused.value.message)
    assert len(set(said)) == 1


def test_a_reference_may_be_written_with_dashes(session: Session, cases: dict[str, Case]) -> None:
    reference = cases[COUNTYS].reference
    shown = f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"
    assert get_case_for(session, actor((Role.OFFICER, COUNTY)), shown).id == cases[COUNTYS].id
