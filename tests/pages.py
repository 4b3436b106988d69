"""What every HTML page must be, whichever test fetched it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NOT_FILLED_IN = {"hidden", "submit", "button", "reset", "image"}
# html5lib is stricter than today's standard about these; both are how the design system's own macros write.
TOLERATED = {"unexpected-character-in-unquoted-attribute-value"}


class CheckedClient(FlaskClient):
    """Checks each HTML page on its way to the test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # what a file is served from is closed again
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not response.is_streamed and response.data:
            check_page(response.text, response.request.path)
        return response


def check_page(html: str, path: str) -> None:
    """A whole page, or a fragment for a page that is there already."""
    faults = page_faults(html)
    assert faults == [], f"{path}:\n" + "\n".join(faults)


def page_faults(html: str) -> list[str]:
    document, parse_faults = _parse(html)
    if "<html" not in html:
        return [*_inline_faults(document)]
    return [*parse_faults, *_frame_faults(document), *_form_faults(document), *_inline_faults(document)]


def _parse(html: str) -> tuple[Element, list[str]]:
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    document = parser.parse(html)
    faults = [f"line {place[0]}: {code} {names or ''}" for place, code, names in parser.errors if code not in TOLERATED]
    return document, faults


def _frame_faults(document: Element) -> Iterator[str]:
    title = _text(document.find(".//head/title"))
    if not title:
        yield "the page has no title"
    if (headings := len(document.findall(".//h1"))) != 1:
        yield f"the page has {headings} headings of level 1"
    if not document.get("lang"):
        yield "the page does not name its language"
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    for repeated in sorted({name for name in ids if ids.count(name) > 1 and name}):
        yield f"the id {repeated!r} is there more than once"
    summary = next((element for element in document.iter() if "govuk-error-summary" in _classes(element)), None)
    if summary is not None:
        if not title.startswith("Error: "):
            yield "the page has errors but its title does not begin with “Error: ”"
        for link in summary.iter("a"):
            if link.get("href", "").lstrip("#") not in ids:
                yield f"the error summary links to {link.get('href')!r}, which is not on the page"
    if "GDS Transport" in _text(document):
        yield "the page names GDS Transport"


def _form_faults(document: Element) -> Iterator[str]:
    ids = {element.get("id") for element in document.iter()}
    labelled = {label.get("for") for label in document.iter("label")}
    wrapped = {id(field) for label in document.iter("label") for field in label.iter()}
    for field in document.iter():
        if field.tag not in ("input", "select", "textarea") or field.get("type") in NOT_FILLED_IN:
            continue
        named = field.get("aria-label") or set((field.get("aria-labelledby") or "none").split()) <= ids
        if not (field.get("id") in labelled or id(field) in wrapped or named):
            yield f"the field {field.get('name')!r} has no label"
        for described in (field.get("aria-describedby") or "").split():
            if described not in ids:
                yield f"the field {field.get('name')!r} is described by {described!r}, which is not on the page"
    for form in document.iter("form"):
        if form.get("method", "get").lower() == "post" and not any(
            field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input")
        ):
            yield f"the form to {form.get('action', 'this page')!r} has no CSRF token"


def _inline_faults(document: Element) -> Iterator[str]:
    """What the content security policy would stop."""
    for element in document.iter():
        if not isinstance(element.tag, str):  # a comment
            continue
        if element.get("style") is not None:
            yield f"<{element.tag}> has a style attribute"
        if handlers := [name for name in element.keys() if re.match(r"on[a-z]+$", str(name))]:  # noqa: SIM118
            yield f"<{element.tag}> has {', '.join(handlers)}"
        if element.tag == "style":
            yield "the page has a <style> of its own"
        if element.tag == "script" and not element.get("src") and not element.get("nonce"):
            yield "the page has an inline script without the page's nonce"


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()
