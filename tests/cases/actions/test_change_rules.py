"""Changes of rules as actions: numbers, conflicts, and two administrators at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cases.access import Actor, Post
from cases.actions.change_rules import (
    BadRuleError,
    ChangedMeanwhileError,
    discard_draft,
    draft_agreement,
    draft_service,
    put_in_force,
)
from cases.actions.kit import Kit
from cases.errors import ConflictError, NotAllowedError
from cases.models.audit import AuditEntry
from cases.models.rules import RuleChange, RuleState, RuleSubject
from cases.models.staff import Role
from cases.queries.rehearsal import rehearse_draft
from cases.queries.rules import changes_in_force, history_of
from cases.rules.layering import lay_over
from cases.rules.schema import ServiceChange
from cases.triage import Enquiry
from cases.triage.agreements import Agreement
from tests.cases.conftest import open_engine, stock
from tests.cases.contacts import matter, open_one
from tests.cases.places import AGENT, ASHFIELD, COUNTY, MANSFIELD, NOON, TODAY

FRONT = Actor(AGENT, "Front desk", (Post(Role.ADMINISTRATOR, None),))
POTHOLES = Agreement(
    id="potholes",
    services=("pothole",),
    area=(ASHFIELD,),
    authority=ASHFIELD,
    starts=TODAY,
    reason="Made up for this test.",
    source="Made up",
)


def live(kit: Kit, session: Session) -> Kit:
    """The kit under the rules in force."""
    rules = lay_over(kit.triage.rules.base, changes_in_force(session), TODAY)
    triage = kit.triage.under(rules)
    return replace(kit, triage_now=lambda: triage)


def agreed(session: Session, kit: Kit, agreement: Agreement = POTHOLES, **given: int | None) -> RuleChange:
    draft = draft_agreement(session, live(kit, session), FRONT, agreement, NOON, **given)  # type: ignore[arg-type]
    return put_in_force(session, live(kit, session), FRONT, draft, draft.version_id, "Agreed", NOON)


def test_numbers_count_the_changes_in_force_and_the_history_keeps_each(session: Session, kit: Kit) -> None:
    agreed(session, kit)
    agreed(session, kit, POTHOLES.model_copy(update={"ends": TODAY + timedelta(9)}), opened_on=1)
    newest, first = history_of(session, RuleSubject.AGREEMENT, "potholes")
    assert (first.number, first.before) == (1, None)
    assert (newest.number, newest.before) == (2, first.after)
    assert newest.reason is not None and newest.reason.text == "Agreed"
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "rule-change")).all()
    assert acts == ["rule.draft", "rule.put-in-force"] * 2


def test_a_draft_changes_nothing_until_it_is_in_force_and_nothing_once_thrown_away(session: Session, kit: Kit) -> None:
    draft = draft_agreement(session, kit, FRONT, POTHOLES, NOON)
    assert changes_in_force(session) == []
    discard_draft(session, kit, FRONT, draft, draft.version_id, NOON)
    session.flush()
    with pytest.raises(ConflictError):
        put_in_force(session, kit, FRONT, draft, draft.version_id, "Why", NOON)


def test_a_form_opened_on_an_older_version_is_a_conflict(session: Session, kit: Kit) -> None:
    agreed(session, kit)
    with pytest.raises(ChangedMeanwhileError) as caught:
        draft_agreement(session, live(kit, session), FRONT, POTHOLES, NOON, opened_on=None)
    assert caught.value.newest == 1


def test_what_became_bad_since_the_draft_was_begun_is_refused(session: Session, kit: Kit) -> None:
    draft = draft_agreement(session, kit, FRONT, POTHOLES.model_copy(update={"id": "late"}), NOON)
    agreed(session, kit)
    with pytest.raises(BadRuleError) as caught:
        put_in_force(session, live(kit, session), FRONT, draft, draft.version_id, "Why", NOON)
    assert caught.value.field == "starts"


@pytest.mark.parametrize(
    ("gss", "agreement", "allowed"),
    [
        (ASHFIELD, POTHOLES, True),
        (COUNTY, POTHOLES, False),
        (ASHFIELD, POTHOLES.model_copy(update={"area": (MANSFIELD,)}), False),
        (COUNTY, POTHOLES.model_copy(update={"authority": COUNTY, "services": ("missed-bin",)}), True),
        (ASHFIELD, POTHOLES.model_copy(update={"authority": "district", "area": (ASHFIELD, MANSFIELD)}), False),
    ],
)
def test_a_councils_administrator_changes_only_what_concerns_it_alone(
    session: Session, kit: Kit, gss: str, agreement: Agreement, allowed: bool
) -> None:
    actor = Actor(AGENT, "One council's", (Post(Role.ADMINISTRATOR, gss),))
    if allowed:
        assert draft_agreement(session, kit, actor, agreement, NOON).state is RuleState.DRAFT
    else:
        with pytest.raises(NotAllowedError):
            draft_agreement(session, kit, actor, agreement, NOON)


def test_a_service_going_back_to_the_delivered_leads_takes_the_earlier_change_away(session: Session, kit: Kit) -> None:
    for number, change in ((None, ServiceChange(tier="district")), (1, ServiceChange())):  # type: ignore[arg-type]
        draft = draft_service(
            session, live(kit, session), FRONT, "pothole", change, TODAY, None, NOON, opened_on=number
        )
        put_in_force(session, live(kit, session), FRONT, draft, draft.version_id, "Why", NOON)
    decision = live(kit, session).triage.best(Enquiry(on=TODAY, service="pothole", district=ASHFIELD))
    assert decision.authority is not None and decision.authority.gss == COUNTY
    assert decision.data_version.endswith(".r2")


def test_a_rehearsal_tells_the_cases_that_would_go_elsewhere_and_changes_none(session: Session, kit: Kit) -> None:
    case = open_one(session, kit, matter(service="pothole"))
    draft = draft_agreement(session, kit, FRONT, POTHOLES.model_copy(update={"starts": date(2027, 5, 1)}), NOON)
    rehearsal = rehearse_draft(session, kit, draft, NOON)
    assert [(m.source, m.target, m.references) for m in rehearsal.moves] == [(COUNTY, ASHFIELD, [case.reference])]
    assert (rehearsal.looked_at, rehearsal.untold, rehearsal.is_all) == (1, 0, True)
    assert case.authority_gss == COUNTY
    case.is_sensitive = True
    assert [(m.count, m.references) for m in rehearse_draft(session, kit, draft, NOON).moves] == [(1, [])]
    much_later = NOON + timedelta(days=31)
    assert rehearse_draft(session, kit, draft, much_later).looked_at == 0


def test_two_administrators_at_the_same_moment_never_overwrite_each_other(database_url: str, kit: Kit) -> None:
    engine = open_engine(database_url)
    stock(engine, kit.register, kit.catalogue)
    with Session(engine) as session:
        ids = [draft_agreement(session, kit, FRONT, POTHOLES, NOON).id for _ in range(2)]
        session.commit()
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda draft_id: _put(engine, kit, draft_id, barrier), ids))
    assert sorted(results) == ["conflict", "in force"]
    with Session(engine) as session:
        assert [change.number for change in changes_in_force(session)] == [1]
    engine.dispose()


def _put(engine: Engine, kit: Kit, draft_id: int, barrier: Barrier) -> str:
    with Session(engine) as session:
        barrier.wait()
        draft = session.get_one(RuleChange, draft_id)
        try:
            put_in_force(session, kit, FRONT, draft, draft.version_id, "Why", NOON)
            session.commit()
        except ConflictError:
            return "conflict"
        return "in force"
