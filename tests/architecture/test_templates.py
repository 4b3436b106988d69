"""Walks the templates: nothing inline, no branding that is not ours, no words that only we use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "app" / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))

each_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))


@each_template
def test_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style", text), "styles belong in a style sheet"
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text), "no script in attributes"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "scripts belong in a file"
    assert "javascript:" not in text
    assert "hx-on" not in text and "js:" not in text


@each_template
def test_no_branding_of_gov_uk(path: Path) -> None:
    text = path.read_text()
    for word in ("govukHeader(", "govukFooter(", "crown", "GDS Transport", "govuk-header__"):
        assert word not in text.replace("© Crown copyright", "")


PUBLIC = [path for path in TEMPLATES if path.relative_to(ROOT).parts[0] in ("citizen", "errors", "pages", "handset")]
OUR_WORDS = re.compile(r"\b(triage|LGSL|tier|matters?|users?|citizens?|customers?)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_public_never_reads_our_own_words(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text(), flags=re.DOTALL)
    seen = re.sub(r"<[^>]+>", " ", text)
    assert OUR_WORDS.findall(seen.replace("About some matters", "").replace("does not matter", "")) == []
