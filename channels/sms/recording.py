"""A text that starts something: recorded as a contact, and answered once for all that is in it."""

from __future__ import annotations

from datetime import timedelta

from cases import message_texts
from cases.actions.given import NewContact, NewMatter, PersonGiven, SafeWays
from cases.actions.record_contact import MatterResult, Recorded, record_contact
from cases.models.case import Case
from cases.models.contact import Channel, Contact
from cases.triage.decision import Decision, OutcomeKind
from channels.sms import texts
from channels.sms.answers import signpost_words
from channels.sms.opting import copy_to_new_records, is_opted_out
from channels.sms.own_cases import sensitive_case
from channels.sms.questions import ask
from channels.sms.silence import must_be_silent
from channels.sms.talk import Talk, last_message, say

_REMEMBERED = timedelta(days=7)


def record_text(talk: Talk) -> None:
    given = NewContact(
        channel=Channel.SMS,
        matters=(NewMatter(text=talk.body),),
        received_at=talk.now,
        person=_person(talk) if talk.number else None,
        inbox_item_id=talk.item_id,
    )
    opted_out = is_opted_out(talk.session, talk.number)
    recorded = record_contact(talk.session, talk.kit, given, now=talk.now)
    if recorded.repeated:
        return
    if opted_out:
        copy_to_new_records(talk.session, talk.number, talk.now)
    decisions = [result.decision for result in recorded.results]
    if must_be_silent(talk.kit, decisions, recorded.cases):
        _mark_unsafe(recorded)
        return
    _answer_recorded(talk, recorded)


def _person(talk: Talk) -> PersonGiven:
    """Whoever has the phone in hand. A number in a sensitive case gets a record apart from that case's.

    What was said there about being safe must not be overwritten because somebody has texted about a pothole.
    """
    return PersonGiven(
        phone=talk.number,
        phone_is_shared=sensitive_case(talk) is not None,
        phone_is_verified=talk.can_be_answered,
        safe=SafeWays(text=talk.can_be_answered),
    )


def _mark_unsafe(recorded: Recorded) -> None:
    """That somebody wrote from a phone does not say that an answer to it is safe."""
    contact: Contact = recorded.contact
    for role in [role for case in recorded.cases for role in case.roles]:
        for point in role.person.contact_points:
            point.safe_text = False
    if contact.person is not None:
        for point in contact.person.contact_points:
            point.safe_text = False


def _answer_recorded(talk: Talk, recorded: Recorded) -> None:
    """One answer for the whole text: what is urgent first; of several questions only the first is asked."""
    parts: list[str] = []
    purpose, asked = "noise", False
    for result in sorted(recorded.results, key=lambda r: not r.decision.urgent):
        decision = result.decision
        if decision.outcome is OutcomeKind.NOISE:
            parts.append(_noise_words(talk, decision))
        elif decision.outcome is OutcomeKind.SIGNPOST:
            purpose = "signpost" if purpose == "noise" else purpose
            parts.append(signpost_words(decision))
        elif _is_to_ask(result) and not asked and result.case is not None:
            asked, purpose = True, "question"
            parts.append(_question_words(talk, result, result.case))
        elif result.case is not None:
            purpose = "case-opened" if purpose != "question" else purpose
            parts.append(_opened_words(talk, result, result.case))
    say(talk, purpose, "\n".join(part for part in parts if part), *recorded.cases)


def _is_to_ask(result: MatterResult) -> bool:
    """What nobody has yet; also what the likeliest council has, when the answer may make it another's."""
    decision, case = result.decision, result.case
    return case is not None and bool(decision.needs and (case.authority_gss is None or decision.areas))


def _question_words(talk: Talk, result: MatterResult, case: Case) -> str:
    question = ask(talk, result.matter, result.decision)
    words = message_texts.question_asked(talk.kit.partnership_name, case.reference, question)
    return _after_advice(result.decision, words)


def _opened_words(talk: Talk, result: MatterResult, case: Case) -> str:
    service = talk.kit.service(case.service_slug)
    words = message_texts.case_opened(
        talk.kit.authority_name(case.authority_gss),
        service.title if service else None,
        case.reference,
        case.due_at,
        f"{talk.kit.base_url}/track",
    )
    return _after_advice(result.decision, words)


def _after_advice(decision: Decision, words: str) -> str:
    return f"{decision.advice} {words}" if decision.advice else words


def _noise_words(talk: Talk, decision: Decision) -> str:
    kind = decision.rule.partition(":")[2]
    if kind.startswith(("greet", "empty", "test")):
        return help_words(talk)
    if kind.startswith("thank"):
        last = last_message(talk, _REMEMBERED)
        return texts.THANKS if last is not None and last.purpose != "thanks" else ""
    return ""


def help_words(talk: Talk) -> str:
    return texts.help_words(talk.kit.partnership_name, talk.kit.base_url)
