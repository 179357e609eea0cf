"""One running demo for all tests of this folder, and the phone page in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from bot.config import settings as bot_settings
from bot.db import database as bot_database
from commands.demo import MACHINERY, hire
from demo.setup import Stage, free_port
from tests.browser.visitor import PATIENCE_MS


@pytest.fixture(scope="session")
def running_demo() -> Iterator[Stage]:
    """The demo with a small shop and all its processes."""
    with Stage(free_port(), free_port(), None, customer_count=30, hire=hire, machinery=MACHINERY) as running:
        yield running


@pytest.fixture
def stage(running_demo: Stage) -> Iterator[Stage]:
    """The same, with this process connected to its database and settings, which the test before may have changed."""
    before = bot_settings._current
    bot_settings.use(running_demo.settings)
    bot_database.connect(running_demo.settings.database_url)
    yield running_demo
    bot_database.close()
    bot_settings._current = before


@pytest.fixture
def phone(stage: Stage, page: Page) -> Iterator[Page]:
    """The phone page; any error the browser reports fails the test."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stage.platform.url}/phone")
    yield page
    assert complaints == []
