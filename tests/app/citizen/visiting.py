"""Somebody at the web door: fetches pages, fills in what is on them and presses the button."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.database import read_transaction
from cases.catalogue.schema import AskFirst, QuestionType, Service
from cases.models.case import Case
from tests.app.doors import token

HUCKNALL = "NG15 7AA"  # Ashfield
NOTTINGHAM = "NG1 5DT"
GEDLING = "NG15 8AE"
BOLSOVER = "S44 6AB"
JERSEY = "JE2 3AB"
NOWHERE = "NG99 9ZZ"


class Visitor:
    """One browser. ``page`` is where it is, redirects followed."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()
        self.page: TestResponse

    def go(self, path: str) -> TestResponse:
        self.page = self.client.get(path, follow_redirects=True)
        return self.page

    def press(self, **fields: str | list[str]) -> TestResponse:
        """Send the form of the page with these fields; a dash in a name is written as two underscores."""
        data = {name.replace("__", "-"): value for name, value in fields.items()}
        self.page = self.client.post(self.path, data={"csrf_token": token(self.page), **data}, follow_redirects=True)
        return self.page

    def start(self, service: str) -> TestResponse:
        self.go(f"/report/{service}")
        return self.press()

    @property
    def path(self) -> str:
        return self.page.request.path

    @property
    def step(self) -> str:
        """The part of the address after the form's own."""
        return self.path.split("/", 4)[4] if self.path.count("/") >= 4 else self.path

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.DOTALL)
        assert found
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())

    @property
    def text(self) -> str:
        """What is read on the page, without markup."""
        body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def title(self) -> str:
        found = re.search(r"<title[^>]*>(.*?)</title>", self.page.text, re.DOTALL)
        assert found
        return unescape(found[1]).strip()

    def answer_anything_until(
        self, stops: tuple[str, ...], service: Service, answers: dict[str, dict[str, str | list[str]]]
    ) -> None:
        """As below, with whatever fits where ``answers`` has nothing."""
        for _ in range(80):
            if self.step in stops:
                return
            before = self.path
            self.press(**(answers.get(self.step) or any_answer(self.step, service)))
            assert self.page.status_code == 200, f"{before}: {self.text}"
        raise AssertionError(f"{stops} were not reached, but {self.path}")

    def answer_until(self, stop: str, answers: dict[str, dict[str, str | list[str]]], most: int = 40) -> None:
        """Press on through the pages until ``stop``; each page's fields by its step."""
        for _ in range(most):
            if self.step == stop:
                return
            before = self.path
            self.press(**answers.get(self.step, {}))
            assert self.page.status_code == 200, f"{before}: {self.text}"
        raise AssertionError(f"{stop} was not reached, but {self.path}")


def any_answer(step: str, service: Service) -> dict[str, str | list[str]]:
    """The first thing that fits a question of the service and leads nowhere else."""
    head, _, rest = step.partition("/")
    if head == "council":
        return {"council": "unknown"}
    if head == "before":
        rule = next(c for c in service.check_first if isinstance(c, AskFirst) and c.id == rest)
        values = [c.value for c in rule.choices] or ["yes", "no"]
        return {"answer": next(v for v in values if v not in rule.stop_on)}
    question = service.question(rest) if head == "questions" else None
    if question is None:
        return {}
    plain = [c.value for c in question.choices if not c.goes_to] or [c.value for c in question.choices]
    typed: dict[QuestionType, dict[str, str | list[str]]] = {
        QuestionType.DATE: {"answer__day": "1", "answer__month": "11", "answer__year": "2026"},
        QuestionType.TIME: {"answer": "9:30am"},
        QuestionType.NUMBER: {"answer": "2"},
        QuestionType.YES_NO: {"answer": "no"},
        QuestionType.CHOICES: {"answer": plain[:1]},
        QuestionType.CHOICE: {"answer": plain[0] if plain else ""},
    }
    return typed.get(question.type, {"answer": "something"})


def cases_in(app: Flask) -> list[tuple[Case, str]]:
    """Every case with its queue's slug, oldest first."""
    with app.app_context(), read_transaction() as session:
        session.expire_on_commit = False
        found = [(case, case.queue.slug) for case in session.scalars(select(Case).order_by(Case.id))]
        session.expunge_all()
        return found


def all_rows(app: Flask, model: type[Any]) -> list[Any]:
    """By id; usable after their session has ended."""
    with app.app_context(), read_transaction() as session:
        session.expire_on_commit = False
        found = list(session.scalars(select(model).order_by(model.id)))
        session.expunge_all()
        return found


def first_row(app: Flask, model: type[Any]) -> Any:
    return all_rows(app, model)[0]


def rows_of(app: Flask, model: type[Any]) -> int:
    return len(all_rows(app, model))
