"""The call form as staff fill it in, and what is in the tables afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.database import read_transaction, write_transaction
from cases.models.case import Case
from cases.models.contact import Contact
from cases.models.messages import Message
from tests.app.doors import token

HUCKNALL = "NG15 7EF"
MANSFIELD = "NG18 1NG"
POTHOLE = {
    "m1-service": "pothole",
    "m1-about": "Pothole or broken road surface",
    "m1-place": f"Watnall Road, Hucknall {HUCKNALL}",
    "m1-text": "Large pothole by the Co-op",
    "m1-q-road-kind": "other-road",
    "m1-q-pothole-size": "large",
    "m1-q-pothole-depth": "deep",
    "m1-q-road-position": "wheel-path",
    "m1-q-traffic-swerving": "no",
}
JO = {"name": "Jo Sample", "phone": "07700 900123"}


@dataclass
class Desk:
    app: Flask
    client: FlaskClient
    staff_id: int
    path: str = "/staff/telephone"

    def blank(self) -> dict[str, str]:
        """The hidden fields of a form just opened."""
        page = self.client.get(self.path)
        assert page.status_code == 200, page.status
        found = re.search(r'name="key" value="([^"]+)"', page.text)
        assert found
        return {"csrf_token": token(page), "key": found[1], "matters": "1", "door": self.path.rpartition("/")[2]}

    def save(self, *parts: dict[str, object], **fields: object) -> TestResponse:
        """Sends the form and follows to the confirmation; a form that came back is returned as it is."""
        data: dict[str, object] = {**self.blank()}
        for part in parts:
            data.update(part)
        data.update(fields)
        return self.client.post(self.path, data=data, follow_redirects=True)

    def press(self, button: str, *parts: dict[str, object], **fields: object) -> TestResponse:
        """A button that is not "Save"."""
        data: dict[str, object] = {**self.blank(), "do": button}
        for part in parts:
            data.update(part)
        data.update(fields)
        return self.client.post(f"{self.path}/form", data=data)

    def ask(self, what: str, *parts: dict[str, object], **fields: object) -> TestResponse:
        """A part of the page, asked for while typing."""
        data: dict[str, object] = {**self.blank(), "n": "1"}
        for part in parts:
            data.update(part)
        data.update(fields)
        return self.client.post(f"/staff/desk/{what}", data=data)

    def cases(self) -> list[Case]:
        with self.reading() as session:
            found = list(session.scalars(select(Case).order_by(Case.id)))
            for case in found:
                _ = (case.queue.slug, case.events, case.roles, case.decisions, case.place)
            session.expunge_all()
            return found

    def count(self, model: type) -> int:
        with self.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    @property
    def contacts(self) -> int:
        return self.count(Contact)

    @property
    def messages(self) -> int:
        return self.count(Message)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.app.app_context(), read_transaction() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.app.app_context(), write_transaction() as session:
            yield session


def shown_references(page: TestResponse) -> list[str]:
    return re.findall(r"\b[46]\d{3}-\d{4}-\d{2}\b", page.text)


def complaints(page: TestResponse) -> list[str]:
    """What the error summary says, in its order."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', page.text, re.DOTALL)
    return [" ".join(t.split()) for t in re.findall(r"<a [^>]*>(.*?)</a>", summary[1], re.DOTALL)] if summary else []
