"""The written enquiries against the catalogue: what they answer can be answered so."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.demo.loading import all_enquiries
from app.demo.schema import DemoEnquiry
from app.wiring import the_catalogue
from cases.catalogue.schema import QuestionType, Service
from cases.models.contact import Channel

ENQUIRIES = all_enquiries()
_PLACEHOLDERS = {"street", "town", "number", "postcode"}


def named(enquiry: DemoEnquiry) -> str:
    return f"{enquiry.service}-{enquiry.channel}-{enquiry.say[:24]}"


def test_there_are_many_of_many_kinds() -> None:
    assert len(ENQUIRIES) >= 170
    assert len({enquiry.service for enquiry in ENQUIRIES}) >= 60
    assert set(Counter(enquiry.channel for enquiry in ENQUIRIES)) == {
        Channel.WEB.value, Channel.PHONE.value, Channel.SMS.value, Channel.COUNTER.value
    }  # fmt: skip


def test_no_two_say_the_same() -> None:
    assert len({enquiry.say for enquiry in ENQUIRIES}) == len(ENQUIRIES)


def test_every_team_that_people_turn_to_has_something_to_do() -> None:
    catalogue = the_catalogue()
    teams = {catalogue.services[enquiry.service].team for enquiry in ENQUIRIES}
    assert {service.team for service in catalogue.services.values()} <= teams


@pytest.mark.parametrize("enquiry", ENQUIRIES, ids=named)
def test_fits_the_catalogue(enquiry: DemoEnquiry) -> None:
    catalogue = the_catalogue()
    service = catalogue.services[enquiry.service]
    assert enquiry.who in {reporter.value for reporter in service.reporters}
    texts = [enquiry.say, *(a for a in enquiry.answers.values() if isinstance(a, str))]
    assert set(re.findall(r"{(.*?)}", " ".join(texts))) <= _PLACEHOLDERS
    for question_id, answer in enquiry.answers.items():
        check_answer(service, question_id, answer, enquiry)
    if enquiry.passed_on:
        assert enquiry.passed_on.team in catalogue.teams
    if service.split and enquiry.vague == "no" and enquiry.channel != "sms":
        assert service.split in enquiry.answers


def check_answer(service: Service, question_id: str, answer: str | tuple[str, ...], enquiry: DemoEnquiry) -> None:
    question = service.question(question_id)
    assert question is not None, f"{service.slug} does not ask {question_id}"
    values = (answer,) if isinstance(answer, str) else answer
    if question.type is QuestionType.YES_NO:
        assert answer in ("yes", "no")
    elif question.type in (QuestionType.CHOICE, QuestionType.CHOICES):
        assert set(values) <= {choice.value for choice in question.choices}
        assert isinstance(answer, str) == (question.type is QuestionType.CHOICE)
    elif question.type is QuestionType.DATE:
        assert re.fullmatch(r"[+-]\d+", str(answer))
    elif question.type is QuestionType.NUMBER:
        assert re.fullmatch(r"\d+(\.\d+)?", str(answer))
    for other_id, wanted in question.when.items():
        given = enquiry.answers.get(other_id, ())
        assert set(wanted) & set((given,) if isinstance(given, str) else given), f"{question_id} is not asked then"
