"""What staff put under another service than triage would have, for learning."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cases.actions.move_case import SETTLED, HandoverReason
from cases.models.case import Case, TriageDecision
from cases.models.contact import Channel, Contact, Matter, MatterCase
from cases.models.words import Words
from cases.triage.learning import Correction

MOST = 5_000


def corrections(session: Session) -> list[Correction]:
    """The newest of each kind: words with the service that a person put them under and that the case still has.

    Never from sensitive cases, nor words that were removed.
    """
    found = [*session.execute(_taken_down()), *session.execute(_settled_or_handed_over())]
    return [Correction(text, slug) for text, slug in dict.fromkeys((text, slug) for text, slug in found)]


def _taken_down() -> Select[Any]:
    """At the desk, words and service are both from whoever took the call."""
    return (
        _first_words(Matter.service_slug)
        .join(Contact, Contact.id == Matter.contact_id)
        .where(Contact.channel.in_((Channel.PHONE, Channel.COUNTER)), Contact.staff_user_id.is_not(None))
        .where(Matter.service_slug == Case.service_slug)
        .order_by(Matter.id.desc())
    )


def _settled_or_handed_over() -> Select[Any]:
    """The front desk said what it is about, or a council handed it on as taken for another service."""
    before = aliased(TriageDecision)
    was_other = exists().where(
        before.case_id == TriageDecision.case_id,
        before.id < TriageDecision.id,
        before.service_slug.is_distinct_from(TriageDecision.service_slug),
    )
    wrong = and_(TriageDecision.correction_code == HandoverReason.WRONG_SERVICE.value, was_other)
    return (
        _first_words(TriageDecision.service_slug)
        .join(TriageDecision, TriageDecision.case_id == Case.id)
        .where(TriageDecision.decided_by_id.is_not(None), TriageDecision.service_slug == Case.service_slug)
        .where(or_(TriageDecision.correction_code == SETTLED, wrong))
        .order_by(TriageDecision.id.desc())
    )


def _first_words(service: Any) -> Select[Any]:
    return (
        select(Words.text, service)
        .select_from(Words)
        .join(Matter, Matter.words_id == Words.id)
        .join(MatterCase, MatterCase.matter_id == Matter.id)
        .join(Case, Case.id == MatterCase.case_id)
        .where(Words.text.is_not(None), Case.service_slug.is_not(None), Case.is_sensitive.is_(False))
        .where(MatterCase.is_chaser.is_(False))
        .limit(MOST)
    )
