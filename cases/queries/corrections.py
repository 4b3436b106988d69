"""What staff put under another service than triage would have, for learning."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.contact import Channel, Contact, Matter, MatterCase
from cases.models.words import Words
from cases.triage.learning import Correction

MOST = 5_000


def corrections(session: Session) -> list[Correction]:
    """The newest matters whose words and service are both from people, never from sensitive cases or blanked rows."""
    query = (
        select(Words.text, Matter.service_slug)
        .join(Matter, Matter.words_id == Words.id)
        .join(Contact, Contact.id == Matter.contact_id)
        .join(MatterCase, MatterCase.matter_id == Matter.id)
        .join(Case, Case.id == MatterCase.case_id)
        .where(Contact.channel.in_((Channel.PHONE, Channel.COUNTER)), Contact.staff_user_id.is_not(None))
        .where(Words.text.is_not(None), Matter.service_slug.is_not(None), Case.is_sensitive.is_(False))
        .where(MatterCase.is_chaser.is_(False))
        .order_by(Matter.id.desc())
        .limit(MOST)
    )
    return [Correction(text, slug) for text, slug in session.execute(query) if text and slug]
