"""The page at the server's address and the page for unknown addresses: on a phone and a computer, axe finds nothing."""

from collections.abc import Iterator

import peewee
import pytest
from playwright.sync_api import Page

from app import create_app
from bot.config.settings import Settings
from tests.browser.console_site import Server, violations


@pytest.fixture
def site(settings: Settings, database: peewee.Database) -> Iterator[str]:
    server = Server(create_app(settings))
    yield server.address.removesuffix("/console")
    server.stop()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_axe_finds_nothing_and_nothing_runs_over(page: Page, site: str, path: str, width: int) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + path)
    assert page.get_by_role("link", name="LINE").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert not violations(page)
    assert not refused
