"""A real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.servers.parts import find_program

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def find_chromium() -> Path | None:
    return find_program("chromium", "chromium-browser", "google-chrome")


@contextmanager
def running_chromium(program: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Faults:
    """What a page's scripts threw and what its content security policy stopped: a test that met one fails."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message))

    def _note(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.found.append(f"{page.url}: {message.text}")


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing against WCAG 2.2 A and AA on the page as it stands."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    found = [
        f"{violation['id']}: {violation['help']}\n    {node['html']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
    assert found == [], f"axe-core on {page.url}:\n" + "\n".join(found)
