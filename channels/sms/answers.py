"""An answer to the one question: joined to its matter and case, and decided again."""

from __future__ import annotations

import re
from dataclasses import replace

from cases import message_texts
from cases.actions.casework import close_case
from cases.actions.follow_place import follow_place, is_untouched
from cases.actions.given import NewContact, NewMatter, PersonGiven, SafeWays
from cases.actions.move_case import decide_again, enquiry_of, keep_further_answer, settle_place, words_of
from cases.actions.record_contact import record_contact
from cases.models.case import Case, CaseRole, Outcome
from cases.models.contact import Channel, Matter, MatterCase, MatterOutcome, TextConversation
from cases.triage.decision import Decision, Enquiry, OutcomeKind
from cases.triage.signals import fold
from channels.sms import texts
from channels.sms.own_cases import role_of
from channels.sms.questions import Option, ask, is_number_only, kept_options, open_question, read_choice
from channels.sms.silence import must_be_silent
from channels.sms.talk import Talk, say

_SURE_OF_ANOTHER, _SURE_AT_LENGTH = 0.9, 0.75
_WHERE_FIRST = re.compile(
    r"\W*(?:it'?s |it is )?(?:just )?"
    r"(?:outside|near|by|opposite|at|on|in|behind|next to|corner|junction|along|between|end of)\b",
    re.IGNORECASE,
)
_ASKED_AGAIN = "asked-again"
_NOT_KNOWN = frozenset(
    {"dont know", "don't know", "not sure", "no idea", "dunno", "idk", "i dont know", "i don't know"}
)


def case_of(talk: Talk, matter: Matter) -> Case | None:
    link = next(iter(matter.case_links), None)
    return talk.session.get(Case, link.case_id) if isinstance(link, MatterCase) else None


def is_another_matter(talk: Talk, conversation: TextConversation, case: Case) -> bool:
    """Whether the text is no answer but tells of something else, clearly enough."""
    if is_number_only(talk.body) or read_choice(kept_options(conversation), talk.body):
        return False
    matters = talk.kit.triage.decide(Enquiry(on=talk.today, text=talk.body, channel=Channel.SMS.value))
    heard = matters[0]
    if heard.outcome is OutcomeKind.NOISE or any(m.urgent for m in matters):
        return True
    if conversation.asks_for == "service":
        return len(matters) > 1
    if _WHERE_FIRST.match(talk.body):
        return False  # "outside the library": named to say where it is
    known = heard.signpost.code if heard.signpost and heard.service is None else None
    slug = heard.service.slug if heard.service else known
    sure = _SURE_OF_ANOTHER if len(talk.body.split()) < 5 else _SURE_AT_LENGTH
    return slug is not None and slug != case.service_slug and heard.confidence >= sure


def take_answer(talk: Talk, conversation: TextConversation, case: Case) -> None:
    """Keep the answer with its case; ask once more when it settles nothing, then leave it to a person."""
    join_to_case(talk, case, is_answer=True)
    chosen = read_choice(kept_options(conversation), talk.body)
    decision = _decided(talk, conversation, case, chosen)
    matter = conversation.matter
    conversation.answered_at = talk.now
    if must_be_silent(talk.kit, [decision], [case]):
        return
    if decision.outcome is OutcomeKind.SIGNPOST:
        _sent_on(talk, case, matter, decision)
    elif decision.outcome is OutcomeKind.AUTHORITY and case.authority_gss and not decision.areas:
        reason = decision.public_reasons[0] if decision.public_reasons else ""
        council = talk.kit.authority_name(case.authority_gss)
        words = message_texts.place_settled(council, reason, case.reference, case.due_at)
        say(talk, "case-opened", _with_advice(decision, words), case)
    elif decision.needs and not _asked_in_vain(conversation, decision):
        same = conversation.asks_for == decision.needs[0] and not _says_where_instead(talk, conversation)
        question = ask(talk, matter, decision)
        _mark_asked_again(talk, conversation, same)
        say(talk, "question", f"{texts.NOT_UNDERSTOOD + ' ' if same else 'Thank you. '}{question}", case)
    else:
        conversation.note = "left-to-a-person"
        say(talk, "left-to-a-person", texts.PERSON_WILL_LOOK, case)


def join_to_case(talk: Talk, case: Case, *, is_answer: bool = False) -> str | None:
    """The text is a contact of its own, joined to the case. What to do at once, when it tells of danger."""
    role = role_of(talk, case)
    person = PersonGiven(person_id=role.person_id) if role else _stranger(talk)
    given = NewContact(
        channel=Channel.SMS,
        matters=(NewMatter(text=talk.body, join_case_id=case.id, is_answer=is_answer),),
        received_at=talk.now,
        person=person,
        inbox_item_id=talk.item_id,
    )
    recorded = record_contact(talk.session, talk.kit, given, now=talk.now)
    _mark_proved(talk, role)
    return next((r.decision.advice for r in recorded.results if r.decision.urgent), None)


def _stranger(talk: Talk) -> PersonGiven:
    return PersonGiven(phone=talk.number, phone_is_verified=True, safe=SafeWays(text=True))


def _mark_proved(talk: Talk, role: CaseRole | None) -> None:
    """A text from a number proves it, whoever keyed it in before."""
    for point in role.person.contact_points if role else ():
        if point.value_key == talk.number and point.verified_at is None:
            point.verified_at = talk.now


def _decided(talk: Talk, conversation: TextConversation, case: Case, chosen: Option | None) -> Decision:
    enquiry = enquiry_of(talk.session, case, talk.today)
    need = conversation.asks_for
    if need in ("place", "address"):
        enquiry = _placed(talk, conversation, enquiry, chosen)
    elif need == "council":
        enquiry = replace(enquiry, council=chosen.value if chosen else None, text=talk.body)
    elif need == "service":
        if talk.kit.triage.where(Enquiry(on=talk.today, text=talk.body)).districts:
            enquiry = replace(enquiry, postcode=None, district=None)  # the answer names a place of its own
        enquiry = replace(
            enquiry, service=chosen.value if chosen else None, text=_all_words(talk, conversation, chosen)
        )
    elif need == "answer" and chosen:
        question_id = str(conversation.options.get("question") or "")
        keep_further_answer(talk.session, talk.kit, case, question_id, chosen.value, talk.now)
        enquiry = replace(enquiry, answers={**enquiry.answers, question_id: chosen.value})
    decision = decide_again(talk.session, talk.kit, case, enquiry, talk.now, conversation.matter_id)
    if need == "address":
        follow_place(talk.session, talk.kit, case, decision, talk.now)
    if need in ("place", "address") or case.place is None:
        settle_place(talk.session, case, talk.body if need in ("place", "address") else "", decision, talk.now)
    conversation.matter.service_slug = case.service_slug
    return decision


def _placed(talk: Talk, conversation: TextConversation, enquiry: Enquiry, chosen: Option | None) -> Enquiry:
    """The place from the answer; the first words still say which numbered road it was."""
    triage = talk.kit.triage
    first = triage.where(Enquiry(on=talk.today, text=words_of(talk.session, conversation.matter.words_id)))
    said = f"{talk.body} ({first.road.name})" if first.road else talk.body
    district = chosen.value if chosen else _named_district(talk)
    is_elsewhere = bool(triage.where(Enquiry(on=talk.today, text=talk.body)).districts)
    postcode = None if is_elsewhere or not kept_options(conversation) else enquiry.postcode
    return replace(enquiry, postcode=postcode, district=district, text=talk.body, place_said=said)


def _named_district(talk: Talk) -> str | None:
    """ "Ashfield" is an answer where no postcode or town is given: the council's area itself."""
    said = f" {fold(talk.body)} "
    for authority in talk.kit.register.authorities.values():
        if authority.tier != "county" and authority.is_open(talk.today) and f" {fold(authority.short_name)} " in said:
            is_placed = talk.kit.triage.where(Enquiry(on=talk.today, text=talk.body)).districts
            return None if is_placed else authority.gss
    return None


def _all_words(talk: Talk, conversation: TextConversation, chosen: Option | None) -> str:
    """The answer alone when it says enough by itself, else with what was said first."""
    if chosen is None:
        alone = talk.kit.triage.best(Enquiry(on=talk.today, text=talk.body))
        if alone.service or alone.signpost:
            return talk.body
    first = words_of(talk.session, conversation.matter.words_id)
    return f"{first}\n{talk.body}" if chosen is None else first


def _sent_on(talk: Talk, case: Case, matter: Matter, decision: Decision) -> None:
    """Not a job of ours after all: say whose it is, and close the case that was only waiting to know."""
    if case.is_open and is_untouched(case) and not decision.urgent:  # in danger it stays until it is taken
        matter.outcome = MatterOutcome.SIGNPOSTED
        matter.signpost = decision.signpost.code if decision.signpost else None
        words = signpost_words(decision)
        close_case(talk.session, talk.kit, case, None, Outcome.NOT_OURS, words, talk.now, tell=False)
    say(talk, "signpost", signpost_words(decision), case)


def signpost_words(decision: Decision) -> str:
    """Advice alone in danger; else who does it and how to reach them."""
    if decision.urgent and decision.advice:
        return decision.advice  # it says whom to ring: more words only stand in the way
    outside = decision.outside
    agency = decision.signpost.agency if decision.signpost else None
    if agency:
        return message_texts.signposted(agency.name, agency.how, f"{agency.name} deals with this, not a council.")
    reason = decision.public_reasons[0] if decision.public_reasons else ""
    return message_texts.signposted(outside.agency, outside.how, reason) if outside else reason


def _with_advice(decision: Decision, words: str) -> str:
    return f"{decision.advice} {words}" if decision.advice else words


def is_not_known(body: str) -> bool:
    return body.casefold().strip(" .!?").replace("’", "'") in _NOT_KNOWN


def _says_where_instead(talk: Talk, conversation: TextConversation) -> bool:
    """A place is a help, though it was not what we asked."""
    where = talk.kit.triage.where(Enquiry(on=talk.today, text=talk.body))
    return conversation.asks_for == "service" and bool(where.districts)


def _asked_in_vain(conversation: TextConversation, decision: Decision) -> bool:
    return conversation.note == _ASKED_AGAIN and conversation.asks_for == decision.needs[0]


def _mark_asked_again(talk: Talk, conversation: TextConversation, same: bool) -> None:
    asked = open_question(talk)
    if same and asked is not None:
        asked.note = _ASKED_AGAIN
