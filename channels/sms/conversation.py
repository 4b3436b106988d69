"""Reading one text and answering it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cases import message_texts
from cases.actions.casework import reopen_case
from cases.actions.follow_place import is_untouched
from cases.actions.kit import Kit
from cases.models.case import Case
from cases.models.contact import Channel
from cases.triage.decision import Decision, Enquiry, OutcomeKind
from channels.sms import texts
from channels.sms.answers import (
    case_of,
    is_another_matter,
    is_not_known,
    join_to_case,
    take_answer,
)
from channels.sms.inbound import InboundText
from channels.sms.keywords import Keyword, asked_reference, read_keyword, without_references
from channels.sms.opting import is_opted_out, opt_in, opt_out
from channels.sms.own_cases import answer_status, case_to_add_to, sensitive_case
from channels.sms.questions import likeliest, open_question
from channels.sms.recording import help_words, record_text
from channels.sms.talk import Talk, begin_talk, last_message, lock_number, say

_ANSWERS_TO_STAFF = frozenset({"reply", "closed"})
_CLEARLY_ELSE, _LIKELY_ELSE = 0.85, 0.7  # how sure triage must be that words start something new
_STAFF_WAITS, _JUST_OPENED = timedelta(days=7), timedelta(hours=24)


def answer_text(session: Session, kit: Kit, text: InboundText, item_id: int, now: datetime) -> None:
    """Everything that follows from one text: contact, case, answer in the outbox. Never commits."""
    talk = begin_talk(session, kit, text, item_id, now)
    lock_number(talk)
    keyword = read_keyword(talk.body)
    if keyword is Keyword.YES and not is_opted_out(session, talk.number):
        keyword = None  # a plain yes
    if keyword is not None:
        _answer_keyword(talk, keyword)
    elif not (_added_by_reference(talk) or _taken_as_answer(talk) or _kept_in_silence(talk) or _taken_as_reply(talk)):
        record_text(talk)


def _answer_keyword(talk: Talk, keyword: Keyword) -> None:
    if keyword is Keyword.STOP:
        opt_out(talk.session, talk.number, talk.now)
        if not talk.text.stop_is_confirmed:
            say(talk, "opted-out", texts.STOPPED)
    elif keyword in (Keyword.START, Keyword.YES):
        opt_in(talk.session, talk.number)
        if not talk.text.stop_is_confirmed:
            say(talk, "opted-in", texts.STARTED)
    elif keyword is Keyword.HELP:
        if not talk.text.help_is_answered:
            say(talk, "help", help_words(talk))
    else:
        answer_status(talk)


def _added_by_reference(talk: Talk) -> bool:
    reference, _ = asked_reference(talk.body)
    if reference is None or not without_references(talk.body):
        return False
    found = case_to_add_to(talk, reference)
    if found is None:
        return False
    _add(talk, found[0])
    return True


def _add(talk: Talk, case: Case, *, is_answer: bool = False) -> None:
    advice = join_to_case(talk, case, is_answer=is_answer)
    if not case.is_open:
        reopen_case(talk.session, case, None, talk.now)
    words = message_texts.added(talk.kit.authority_name(case.authority_gss), case.reference)
    say(talk, "added", f"{advice} {words}" if advice else words, case)


def _taken_as_answer(talk: Talk) -> bool:
    conversation = open_question(talk)
    case = case_of(talk, conversation.matter) if conversation else None
    if conversation is None or case is None:
        return False
    if not case.is_open or case.authority_gss != likeliest(conversation):  # a person has settled it meanwhile
        conversation.answered_at, conversation.note = talk.now, "settled-otherwise"
        return False
    if not is_untouched(case) and not is_another_matter(talk, conversation, case):
        conversation.answered_at, conversation.note = talk.now, "left-to-a-person"
        _add(talk, case, is_answer=True)  # somebody has begun on it, and reads the answer there
        return True
    if is_not_known(talk.body):
        join_to_case(talk, case)
        conversation.answered_at, conversation.note = talk.now, "left-to-a-person"
        say(talk, "left-to-a-person", texts.PERSON_WILL_LOOK, case)
        return True
    if is_another_matter(talk, conversation, case):
        return False
    take_answer(talk, conversation, case)
    return True


def _kept_in_silence(talk: Talk) -> bool:
    """A further word from somebody in a sensitive case belongs to it, and is not answered, unless it is clearly
    about something else."""
    case = sensitive_case(talk, is_open=True)
    if case is None:
        return False
    heard = talk.kit.triage.decide(Enquiry(on=talk.today, text=talk.body, channel=Channel.SMS.value))
    if any(d.urgent or (d.confidence >= _CLEARLY_ELSE and _is_about_else(d, case)) for d in heard):
        return False
    join_to_case(talk, case)
    return True


def _is_about_else(decision: Decision, case: Case) -> bool:
    return decision.signpost is not None or (
        decision.service is not None and decision.service.slug != case.service_slug
    )


def _taken_as_reply(talk: Talk) -> bool:
    """An answer to a member of staff, or a word more about what was just reported."""
    last = last_message(talk, _STAFF_WAITS)
    case = talk.session.get(Case, last.case_id) if last and last.case_id else None
    if last is None or case is None or case_to_add_to(talk, case.reference) is None:
        return False
    is_recent = last.created_at > talk.now - _JUST_OPENED
    if last.purpose not in _ANSWERS_TO_STAFF and not (is_recent and last.purpose in ("case-opened", "added")):
        return False
    heard = talk.kit.triage.decide(Enquiry(on=talk.today, text=talk.body, channel=Channel.SMS.value))
    if any(d.urgent or d.outcome is OutcomeKind.NOISE or d.confidence >= _LIKELY_ELSE for d in heard):
        return False
    _add(talk, case, is_answer=True)
    return True
