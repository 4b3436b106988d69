"""Filling in the forms of a case page as a person does: with whatever the page carries unseen."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def fields_of(page: TestResponse | str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action (or whose action ends so)."""
    text = page if isinstance(page, str) else page.text
    for form in re.findall(r"<form\b.*?</form>", text, re.S):
        where = re.search(r'<form[^>]*\baction="([^"]*)"', form)
        if where and unescape(where[1]).endswith(action):
            hidden = re.findall(r'<input type="hidden"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form)
            return {name: unescape(value) for name, value in hidden}
    raise AssertionError(f"the page has no form for {action}")


def send(client: FlaskClient, path: str, action: str, page_path: str | None = None, **typed: str) -> TestResponse:
    """Open the case's page (or another of it) and send one of its forms."""
    page = client.get(page_path or path)
    return client.post(f"{path}{action}", data=fields_of(page, action) | typed)
