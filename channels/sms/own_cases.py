"""The cases that a number may hear of or add to. A stranger's number learns nothing."""

from __future__ import annotations

from sqlalchemy import Select, select

from cases.actions.casework import OUTCOME_WORDS
from cases.models.case import Case, CaseRole, CaseStatus, RoleKind
from cases.models.contact import Openness
from cases.models.person import ContactPoint, ContactPointKind, Person
from channels.sms import texts
from channels.sms.keywords import asked_reference
from channels.sms.talk import Talk, say

MOST_LISTED = 5
_REPORTERS = (RoleKind.REPORTER, RoleKind.ACTING_FOR)


def answer_status(talk: Talk) -> None:
    """The same words for a reference that is unknown, somebody else's or about something sensitive."""
    reference, asked_for_one = asked_reference(talk.body)
    if asked_for_one:
        case = talk.session.scalar(_to_tell(talk).where(Case.reference == (reference or "")))
        say(talk, "status", _about(talk, case) if case else texts.no_case(True), *([case] if case else []))
        return
    found = talk.session.scalars(_to_tell(talk).where(Case.closed_at.is_(None)).limit(MOST_LISTED + 1)).all()
    if not found:
        say(talk, "status", texts.no_case(False))
    elif len(found) == 1:
        say(talk, "status", _about(talk, found[0]), found[0])
    else:
        say(talk, "status", _listed(talk, list(found)))


def case_to_add_to(talk: Talk, reference: str) -> tuple[Case, CaseRole] | None:
    """The case and this number's role in it, only where the number is one of its reporters'."""
    row = talk.session.execute(
        select(Case, CaseRole)
        .join(CaseRole, CaseRole.case_id == Case.id)
        .join(ContactPoint, ContactPoint.person_id == CaseRole.person_id)
        .where(Case.reference == reference, CaseRole.role.in_(_REPORTERS))
        .where(ContactPoint.kind == ContactPointKind.PHONE, ContactPoint.value_key == talk.number)
        .order_by(CaseRole.id)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def sensitive_case(talk: Talk, *, is_open: bool = False) -> Case | None:
    """The newest sensitive case that this number stands in."""
    query = (
        select(Case)
        .join(CaseRole, CaseRole.case_id == Case.id)
        .join(ContactPoint, ContactPoint.person_id == CaseRole.person_id)
        .where(Case.is_sensitive, ContactPoint.kind == ContactPointKind.PHONE, ContactPoint.value_key == talk.number)
        .order_by(Case.id.desc())
        .limit(1)
    )
    return talk.session.scalars(query.where(Case.closed_at.is_(None)) if is_open else query).first()


def role_of(talk: Talk, case: Case) -> CaseRole | None:
    """This number's own role in a case."""
    query = (
        select(CaseRole)
        .join(ContactPoint, ContactPoint.person_id == CaseRole.person_id)
        .where(CaseRole.case_id == case.id)
        .where(ContactPoint.kind == ContactPointKind.PHONE, ContactPoint.value_key == talk.number)
        .order_by(CaseRole.id)
        .limit(1)
    )
    return talk.session.scalars(query).first()


def _to_tell(talk: Talk) -> Select[Case]:
    """Reported from this number, which was proved, is nobody else's and may be texted; newest first."""
    return (
        select(Case)
        .join(CaseRole, CaseRole.case_id == Case.id)
        .join(ContactPoint, ContactPoint.id == CaseRole.contact_point_id)
        .join(Person, Person.id == CaseRole.person_id)
        .where(CaseRole.role.in_(_REPORTERS), CaseRole.openness != Openness.ANONYMOUS)
        .where(ContactPoint.kind == ContactPointKind.PHONE, ContactPoint.value_key == talk.number)
        .where(ContactPoint.verified_at.is_not(None), ContactPoint.is_shared.is_(False), ContactPoint.safe_text)
        .where(Person.blanked_at.is_(None), Case.is_sensitive.is_(False))
        .order_by(Case.received_at.desc(), Case.id.desc())
    )


def _about(talk: Talk, case: Case) -> str:
    service = talk.kit.service(case.service_slug)
    title = service.title if service else None
    if case.closed_at is not None and case.outcome is not None:
        return texts.closed_case(case.reference, title, case.closed_at, OUTCOME_WORDS[case.outcome])
    council = talk.kit.authority_name(case.authority_gss)
    due = None if case.status is CaseStatus.WAITING else case.due_at
    return texts.one_case(case.reference, title, case.status, council, due)


def _listed(talk: Talk, found: list[Case]) -> str:
    lines = []
    for n, case in enumerate(found[:MOST_LISTED], 1):
        service = talk.kit.service(case.service_slug)
        title = service.title if service else None
        lines.append(texts.listed_case(n, case.reference, title, case.status, case.due_at))
    if len(found) > MOST_LISTED:
        lines.append("There are more: text STATUS with a reference.")
    return "\n".join(lines)
