"""Changing who does what: a draft first, then in force with a reason. Nothing in force is ever rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases.access import Actor, may_change_rules_of
from cases.actions.audit import record_audit
from cases.actions.kit import Kit
from cases.actions.timeline import keep_words
from cases.errors import ConflictError, NotAllowedError, RuleError
from cases.models.rules import RuleChange, RuleState, RuleSubject
from cases.models.words import WordsKind
from cases.queries.rules import newest_change, newest_number_of, newest_of
from cases.rules.check import Fault, agreement_faults, service_faults
from cases.rules.schema import ServiceChange
from cases.triage.agreements import Agreement

SOMEBODY_ELSE = "Somebody else has put a change of this in force since. Look at it, and begin a new draft from there."

SAME_MOMENT = "Somebody else put a change in force at the same moment. Look at the draft again, then try again."


class ChangedMeanwhileError(ConflictError):
    """A form was opened on an older version than is in force now; ``newest`` is the number it would be based on."""

    message = "Somebody else has changed this since you opened it. Compare with its history, then send it again."

    def __init__(self, newest: int | None) -> None:
        super().__init__()
        self.newest = newest


class BadRuleError(RuleError):
    """Every fault of a rule as typed, each with the keys that lead to it; ``field`` is the first one's."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        message, where = self.faults[0]
        super().__init__(str(where[0]), message[:1].upper() + message[1:] + ".")


def draft_agreement(
    session: Session,
    kit: Kit,
    actor: Actor,
    agreement: Agreement,
    now: datetime,
    *,
    opened_on: int | None = None,
    is_new: bool = False,
) -> RuleChange:
    """``opened_on`` is the number that the form was opened on; none: the agreement as delivered.

    Raises ChangedMeanwhileError when that is no longer the newest, BadRuleError with the fields at fault, and
    NotAllowedError for another council's agreement.
    """
    standing = find_agreement(kit, agreement.id)
    if is_new and (standing or newest_of(session, RuleSubject.AGREEMENT, agreement.id)):
        raise BadRuleError([(f"there is an agreement called {agreement.id} already", ("id",))])
    for each in (standing, agreement):
        if each and not may_change_rules_of(actor, councils_of(kit, each)):
            raise NotAllowedError("You may only change agreements that concern your own council and no other.")
    _refuse(agreement_faults(agreement, kit.triage.rules.agreements.all(), kit.catalogue.services, [kit.register]))
    before = standing.model_dump(mode="json") if standing else None
    after = agreement.model_dump(mode="json")
    starts, subject = agreement.starts, RuleSubject.AGREEMENT
    return _draft(session, actor, subject, agreement.id, before, after, starts, None, now, opened_on)


def draft_service(
    session: Session,
    kit: Kit,
    actor: Actor,
    slug: str,
    change: ServiceChange,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
    *,
    opened_on: int | None = None,
) -> RuleChange:
    """``change`` is what differs from the delivered catalogue. Raises as ``draft_agreement`` does."""
    if not may_change_rules_of(actor, frozenset()):
        raise NotAllowedError("A service is the same for all councils: only the front desk's administrators change it.")
    delivered = kit.triage.rules.base.catalogue
    service = delivered.services.get(slug)
    if service is None:
        raise RuleError("service", "There is no such service.")
    faults = list(service_faults(change, service, delivered.services, delivered.agencies))
    if ends_on and ends_on <= starts_on:
        faults.append(("ends before it starts", ("ends",)))
    _refuse(faults)
    newest = newest_of(session, RuleSubject.SERVICE, slug)
    before = newest.after if newest else ServiceChange().model_dump(mode="json")
    after = change.model_dump(mode="json")
    return _draft(session, actor, RuleSubject.SERVICE, slug, before, after, starts_on, ends_on, now, opened_on)


def put_in_force(
    session: Session, kit: Kit, actor: Actor, draft: RuleChange, version_id: int, reason: str, now: datetime
) -> RuleChange:
    """From here on, for every process; what was in force before stays in its history.

    Raises ConflictError when somebody else changed the draft or its subject meanwhile, RuleError without a reason.
    """
    _require_draft(kit, actor, draft, version_id)
    if not reason.strip():
        raise RuleError("reason", "Say why, for those who read this later.")
    if newest_number_of(session, draft.subject, draft.subject_slug) != draft.based_on:
        raise ConflictError(SOMEBODY_ELSE)
    newest = newest_change(session)
    if kit.triage.rules.version.partition(".")[0] != (f"r{newest}" if newest else ""):
        raise ConflictError(SAME_MOMENT)  # what it is checked against is no longer what is in force
    _check_again(kit, draft)
    words = keep_words(session, reason, WordsKind.REASON, None, now)
    draft.reason_id = words.id if words else None
    draft.state, draft.number = RuleState.IN_FORCE, (newest or 0) + 1
    draft.in_force_by_id, draft.in_force_at, draft.updated_at = actor.staff_id, now, now
    try:
        session.flush()
    except IntegrityError as error:  # two at once: the second takes its number from what it has not seen
        raise ConflictError(SAME_MOMENT) from error
    _audit(session, actor, draft, "rule.put-in-force", now)
    return draft


def discard_draft(
    session: Session, kit: Kit, actor: Actor, draft: RuleChange, version_id: int, now: datetime
) -> None:
    _require_draft(kit, actor, draft, version_id)
    draft.state, draft.updated_at = RuleState.DISCARDED, now
    _audit(session, actor, draft, "rule.discard", now)


def draft_version(
    session: Session, kit: Kit, actor: Actor, change: RuleChange, now: datetime, *, before: bool, today: date
) -> RuleChange:
    """A draft that goes back to what ``change`` brought, or (``before``) to what held before it."""
    content = change.before if before else change.after
    newest = newest_number_of(session, change.subject, change.subject_slug)
    if change.subject is RuleSubject.SERVICE:
        again = ServiceChange.model_validate(content or {})
        return draft_service(
            session, kit, actor, change.subject_slug, again, today, None, now, opened_on=newest
        )
    if content is None:  # it had not been there: it ends today, or, begun today or later, on its second day
        agreement = Agreement.model_validate(change.after)
        raise_if_over(agreement, today)
        ends = max(today, _day_after(agreement.starts))
        content = agreement.model_copy(update={"ends": ends}).model_dump(mode="json")
    return draft_agreement(session, kit, actor, Agreement.model_validate(content), now, opened_on=newest)


def raise_if_over(agreement: Agreement, today: date) -> None:
    if agreement.ends and agreement.ends <= today:
        raise ConflictError("This agreement has ended already.")


def find_agreement(kit: Kit, agreement_id: str) -> Agreement | None:
    return next((a for a in kit.triage.rules.agreements.all() if a.id == agreement_id), None)


def councils_of(kit: Kit, agreement: Agreement) -> frozenset[str]:
    """Whom it concerns: the council that does the work, and those whose area it is but for a county's own districts."""
    named = frozenset({agreement.authority}) - {"county", "district"}
    area = {code for code in agreement.area if not _is_in_county(kit, code, agreement.authority)}
    return named | area


def _is_in_county(kit: Kit, code: str, county: str) -> bool:
    council = kit.register.by_gss(code)
    return council is not None and council.parent == county


def _check_again(kit: Kit, draft: RuleChange) -> None:
    """Other rules may have changed since the draft was begun."""
    base = kit.triage.rules.base.catalogue
    if draft.subject is RuleSubject.AGREEMENT:
        agreement = Agreement.model_validate(draft.after)
        others = kit.triage.rules.agreements.all()
        _refuse(agreement_faults(agreement, others, kit.catalogue.services, [kit.register]))
    elif draft.subject_slug in base.services:
        change = ServiceChange.model_validate(draft.after)
        _refuse(service_faults(change, base.services[draft.subject_slug], base.services, base.agencies))


def _refuse(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise BadRuleError(found)


def _draft(
    session: Session,
    actor: Actor,
    subject: RuleSubject,
    slug: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    starts_on: date,
    ends_on: date | None,
    now: datetime,
    opened_on: int | None,
) -> RuleChange:
    newest = newest_number_of(session, subject, slug)
    if newest != opened_on:
        raise ChangedMeanwhileError(newest)
    draft = RuleChange(
        subject=subject,
        subject_slug=slug,
        state=RuleState.DRAFT,
        before=before,
        after=after,
        starts_on=starts_on,
        ends_on=ends_on,
        based_on=newest,
        drafted_by_id=actor.staff_id,
        drafted_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.flush()
    _audit(session, actor, draft, "rule.draft", now)
    return draft


def _require_draft(kit: Kit, actor: Actor, draft: RuleChange, version_id: int) -> None:
    if draft.state is not RuleState.DRAFT or draft.version_id != version_id:
        raise ConflictError("This draft has been changed, put in force or thrown away since you opened it.")
    councils: frozenset[str] = frozenset()
    if draft.subject is RuleSubject.AGREEMENT:
        said = [Agreement.model_validate(each) for each in (draft.before, draft.after) if each]
        councils = frozenset[str]().union(*(councils_of(kit, agreement) for agreement in said))
    if not may_change_rules_of(actor, councils):
        raise NotAllowedError


def _audit(session: Session, actor: Actor, draft: RuleChange, action: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.staff_id,
        authority_gss=None,
        action=action,
        subject_kind="rule-change",
        subject_id=draft.id,
        now=now,
        data={"number": draft.number} if draft.number else {},
    )


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
