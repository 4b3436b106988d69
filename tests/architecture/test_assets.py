"""Walks the built styles, scripts and pictures: complete, kept for ever, and without what is gov.uk's alone."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings

BUILD = Path(__file__).parents[2] / "app" / "static" / "build"
MANIFEST: dict[str, str] = json.loads((BUILD / "manifest.json").read_text()) if BUILD.exists() else {}
OFFICIAL = re.compile(
    rb"GDS ?Transport|govuk-crest|logotype-(?:crown|crest)|light-[0-9a-f]{10}-v2|bold-[0-9a-f]{10}-v2", re.I
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.from_env({"SHIREHALL_HOME": str(tmp_path_factory.mktemp("home"))}))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_assets_are_built() -> None:
    assert {"shirehall.css", "staff.css", "shirehall.js", "favicon.svg"} <= set(MANIFEST), "run scripts/setup"


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_served_file_is_kept_for_ever_and_has_nothing_that_is_only_for_gov_uk(name: str, client: FlaskClient) -> None:
    answer = client.get(f"/assets/{MANIFEST[name]}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert hashlib.sha256(answer.data).hexdigest()[:12] in MANIFEST[name]
    assert OFFICIAL.search(answer.data) is None
    assert b"sourceMappingURL" not in answer.data


@pytest.mark.parametrize("name", sorted(name for name in MANIFEST if name.endswith((".css", ".js"))))
def test_served_file_names_only_files_that_are_there(name: str, client: FlaskClient) -> None:
    text = (BUILD / MANIFEST[name]).read_text()
    addresses = (
        re.findall(r"url\(\"?([^)\"]+)\"?\)", text)
        if name.endswith(".css")
        else re.findall(r"(?:from|import)\s*\(?\"\./([^\"]+)\"", text)
    )
    for address in addresses:
        if not address.startswith("data:"):
            assert client.get(f"/assets/{address}").status_code == 200, address


def test_only_the_files_of_the_manifest_are_there() -> None:
    there = {str(path.relative_to(BUILD)) for path in BUILD.rglob("*") if path.is_file()}
    assert there == {*MANIFEST.values(), "manifest.json"}


@pytest.mark.parametrize("path", ["/", "/staff/sign-in", "/brand.css", "/no-such-page"])
def test_page_has_nothing_that_is_only_for_gov_uk(path: str, client: FlaskClient) -> None:
    assert OFFICIAL.search(client.get(path).data) is None
