"""Opening the tracking page: by reference and PIN, or by a code texted to the number that was verified.

Whatever is wrong (no such reference, a sensitive case, no PIN, a wrong one), the answer is the same and takes as long.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.kit import Kit
from cases.actions.outgoing import put_in_outbox
from cases.attempts import Limit, check_attempts, record_attempt
from cases.models.case import Case, CaseRole, RoleKind, TrackingCode
from cases.models.contact import Channel
from cases.models.messages import Message
from cases.models.person import ContactPoint, ContactPointKind
from cases.models.staff import Attempt
from cases.models.words import Words
from cases.references import PIN_DIGITS

# A guesser gets about fifteen tries an hour at one reference, and the person whose it is never waits long.
REFERENCE_LIMIT = Limit("track", free_tries=5, longest_wait=300, window=timedelta(hours=1))
# A library's computers share an address, so this one is looser; it stops one guess at each of many references.
ADDRESS_LIMIT = Limit("track-address", free_tries=20, longest_wait=120, window=timedelta(hours=1))
# Nobody's phone is to be filled with codes.
CODE_LIMIT = Limit("track-code", free_tries=3, first_wait=60, longest_wait=900, window=timedelta(hours=1))
CODE_ADDRESS_LIMIT = Limit(
    "track-code-address", free_tries=10, first_wait=60, longest_wait=900, window=timedelta(hours=1)
)
CODE_LASTS = timedelta(minutes=10)


def record_tracking_attempt(
    session: Session, kit: Kit, reference: str, address: str, now: datetime, *, asks_for_code: bool = False
) -> list[Attempt]:
    """Note a try under the reference and the address. Raises TooManyAttemptsError when the next has to wait.

    Commit before checking what was tried: then tries at the same moment count each other.
    """
    limits = (CODE_LIMIT, CODE_ADDRESS_LIMIT) if asks_for_code else (REFERENCE_LIMIT, ADDRESS_LIMIT)
    tried = [(limit, _bucket(kit, what)) for limit, what in zip(limits, (reference, address), strict=True)]
    for limit, bucket in tried:
        check_attempts(session, limit, bucket, now=now)
    return [record_attempt(session, limit, bucket, now=now) for limit, bucket in tried]


def settle_tracking_attempt(session: Session, attempts: list[Attempt]) -> None:
    """It was right. The reference's failures are forgotten; the address's are not, or a guesser's own case would
    wipe out every wrong guess at other people's."""
    by_reference, by_address = attempts
    by_reference.succeeded = True
    session.delete(by_address)


def open_with_pin(session: Session, kit: Kit, reference: str, pin: str) -> Case | None:
    case = session.scalar(select(Case).where(Case.reference == reference))
    fits = kit.sealer.matches(case.pin_hash if case else None, "pin", reference, pin)
    return case if fits and case is not None and not case.is_sensitive else None


def open_with_code(session: Session, kit: Kit, reference: str, code: str, now: datetime) -> Case | None:
    """The case, once: of two who use one code at the same moment only the first is let in."""
    row = session.execute(
        select(Case, TrackingCode)
        .outerjoin(
            TrackingCode,
            (TrackingCode.case_id == Case.id) & TrackingCode.used_at.is_(None) & (TrackingCode.expires_at > now),
        )
        .where(Case.reference == reference)
        .order_by(TrackingCode.id.desc())
        .limit(1)
    ).first()
    case: Case | None = row[0] if row else None
    sent: TrackingCode | None = row[1] if row else None
    fits = kit.sealer.matches(sent.code_hash if sent else None, "code", reference, code)
    if not fits or case is None or sent is None or case.is_sensitive:
        return None
    use = update(TrackingCode).where(TrackingCode.id == sent.id, TrackingCode.used_at.is_(None)).values(used_at=now)
    if cast("CursorResult[Any]", session.execute(use)).rowcount != 1:
        return None
    _blank_text(session, sent.id, now)
    return case


def text_code(session: Session, kit: Kit, reference: str, now: datetime) -> None:
    """Text a code to the reporter where that is possible and safe; say nothing of whether it was."""
    case = session.scalar(select(Case).where(Case.reference == reference))
    point = _verified_phone(session, case)
    code = kit.sealer.new_pin()
    sealed = kit.sealer.seal("code", reference, code)
    if case is None or point is None or case.is_sensitive:
        return
    lapse = update(TrackingCode).where(TrackingCode.case_id == case.id, TrackingCode.used_at.is_(None))
    session.execute(lapse.where(TrackingCode.expires_at > now).values(expires_at=now))
    row = TrackingCode(case_id=case.id, code_hash=sealed, created_at=now, expires_at=now + CODE_LASTS)
    session.add(row)
    session.flush()
    put_in_outbox(
        session,
        Channel.SMS,
        point.value_key,
        "tracking-code",
        message_texts.tracking_code(kit.authority_name(case.authority_gss), code, row.expires_at),
        _dedupe_key(row.id),
        now,
        case=case,
        contact_point_id=point.id,
    )


def _verified_phone(session: Session, case: Case | None) -> ContactPoint | None:
    """A phone that was proved to be the reporter's, is theirs alone, and was said to be safe to text."""
    query = (
        select(ContactPoint)
        .join(CaseRole, CaseRole.person_id == ContactPoint.person_id)
        .where(
            CaseRole.case_id == (case.id if case else None),
            CaseRole.role.in_((RoleKind.REPORTER, RoleKind.ACTING_FOR)),
            ContactPoint.kind == ContactPointKind.PHONE,
            ContactPoint.verified_at.is_not(None),
            ContactPoint.opted_out_at.is_(None),
            ContactPoint.safe_text,
            ~ContactPoint.is_shared,
        )
        .order_by(CaseRole.id, (ContactPoint.id == CaseRole.contact_point_id).desc(), ContactPoint.id)
    )
    return session.scalars(query.limit(1)).first()


def _blank_text(session: Session, code_id: int, now: datetime) -> None:
    """A used code need not lie readable among the messages."""
    words = session.scalar(
        select(Words).join(Message, Message.words_id == Words.id).where(Message.dedupe_key == _dedupe_key(code_id))
    )
    if words:
        words.blank(now)


def _dedupe_key(code_id: int) -> str:
    return f"tracking-code:{code_id}"


def _bucket(kit: Kit, what: str) -> str:
    return kit.sealer.seal("tracking-attempt", what)[:40]


def is_code(text: str) -> bool:
    return len(text) == PIN_DIGITS and text.isascii() and text.isdigit()
