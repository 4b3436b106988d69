"""The pages that ask one question each: those before the form, and the form's own."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import abort

from app.citizen.answers import AnswerError, Asked, asked_first, read_answer, too_long
from app.citizen.filling import Filling
from app.citizen.flow import danger_in, means_danger
from app.citizen.pages import Page, go_on, show, step_page
from app.citizen.sending import end_with_advice, send_at_once
from app.wiring import the_kit
from cases.catalogue.schema import QuestionType
from cases.triage.decision import Answer


@step_page("before")
def before(filling: Filling, rest: str) -> Page:
    assert filling.service is not None
    question = next((q for q in asked_first(filling.service) if q.id == rest), None)
    if question is None:
        abort(404)
    return _ask(filling, Asked.of(question), f"before/{rest}")


@step_page("questions")
def question(filling: Filling, rest: str) -> Page:
    assert filling.service is not None
    found = filling.service.question(rest)
    if found is None:
        abort(404)
    return _ask(filling, Asked.of(found), f"questions/{rest}")


def _ask(filling: Filling, asked: Asked, step: str) -> Page:
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            answer = read_answer(asked, request.form)
        except AnswerError as error:
            errors["answer-day" if asked.type is QuestionType.DATE else "answer"] = str(error)
        else:
            if answer != filling.answers.get(asked.id):
                filling.keep_answer(asked.id, answer)
                _warn_again(filling, step, answer)
            return go_on(filling)
    return show(filling, step, "question.html", errors, asked=asked, answer=filling.answers.get(asked.id))


def _warn_again(filling: Filling, step: str, answer: Answer) -> None:
    """A new answer that means danger brings the advice up, also when it has been seen before."""
    found = filling.service.question(step.removeprefix("questions/")) if filling.service else None
    if found and means_danger(filling, found, answer):
        filling.keep(warned=None)


@step_page("advice")
def advice(filling: Filling, rest: str) -> Page:
    """What to do instead, after an answer that makes a report needless. Nothing that was given is lost."""
    assert filling.service is not None
    rule = next(q for q in asked_first(filling.service) if q.id == rest)
    if request.method == "POST":
        return end_with_advice(filling, rule.say)
    kit = the_kit()
    agencies = [
        kit.catalogue.agencies[c.removeprefix("agency:")] for c in filling.service.could_be if c.startswith("agency:")
    ]
    services = [kit.catalogue.services[c] for c in filling.service.could_be if not c.startswith("agency:")]
    return show(filling, f"advice/{rest}", "advice.html", rule=rule, services=services, agencies=agencies)


@step_page("danger")
def danger(filling: Filling, rest: str) -> Page:
    if request.method == "POST":
        filling.keep(warned=True)
        if request.form.get("do") == "send":  # nothing that is still to be asked may hold it up
            return send_at_once(filling)
        return go_on(filling)
    return show(filling, "danger", "danger.html", advice=_danger_advice(filling))


def _danger_advice(filling: Filling) -> str:
    said = [filling.data.get("text", ""), *(a for a in filling.answers.values() if isinstance(a, str))]
    in_words = next((advice for text in said if text and (advice := danger_in(filling, text))), None)
    own = filling.service.danger if filling.service else None
    return in_words or own or "If anybody is in danger, call 999."


@step_page("words")
def words(filling: Filling, rest: str) -> Page:
    errors: dict[str, str] = {}
    if request.method == "POST":
        text = request.form.get("text", "").strip()
        problem = too_long(text) if text else "Tell us what you need, in your own words"
        if problem:
            errors["text"] = problem
        else:
            filling.keep(text=text, warned=None if text != filling.data.get("text") else filling.data.get("warned"))
            return go_on(filling)
    return show(filling, "words", "words.html", errors)
