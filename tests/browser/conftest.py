"""One running demo for every test of this folder that plays it, and the phone page in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from commands.demo import hire
from demo.stage import Stage, free_port
from tests.browser.visitor import PATIENCE_MS


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The demo with a small shop, all its processes running."""
    with Stage(free_port(), free_port(), None, customer_count=30, hire=hire) as running:
        yield running


@pytest.fixture
def phone(stage: Stage, page: Page) -> Iterator[Page]:
    """The phone page; what the browser complains of fails the test."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stage.platform.url}/phone")
    yield page
    assert complaints == []
