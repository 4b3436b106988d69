"""What a test needs to go through the web's doors."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "seven purple kettles"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def token(page: TestResponse) -> str:
    """The CSRF token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, "the page has no form with a token"
    return found[1]


def sign_in(
    client: FlaskClient, email: str = "ada@example.org", password: str = PASSWORD, path: str = "/staff/sign-in"
) -> TestResponse:
    page = client.get(path)
    return client.post(path, data={"csrf_token": token(page), "email": email, "password": password})
