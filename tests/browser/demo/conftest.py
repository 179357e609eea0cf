"""One running demo for all tests of this folder, and the phone page in a browser."""

import os
import sys
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from playwright.sync_api import Page

from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database as bot_database
from commands.demo import MACHINERY, hire
from demo.setup import Stage, free_port
from tests.browser.visitor import PATIENCE_MS

NOBODY_HELD_OUT = "[proof]\nfirst_percent = 0\nlater_percent = 0\nshop_percent = 0\n"
"""Who is held out hangs on the demo's key, which is another each time: so it could be whom a test writes to, or all
who are due in so small a shop."""


@pytest.fixture(scope="session")
def running_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo with a small shop and all its processes."""
    shop_file = tmp_path_factory.mktemp("demo") / "shop.toml"
    shop_file.write_text(NOBODY_HELD_OUT)
    shop.load(shop_file)
    with (
        patch.dict(os.environ, SHOP_TOML=str(shop_file)),
        Stage(free_port(), free_port(), None, customer_count=30, hire=hire, machinery=MACHINERY) as running,
    ):
        yield running


@pytest.fixture
def stage(running_demo: Stage) -> Iterator[Stage]:
    """The same, with this process connected to its database, settings and shop.toml, which the test before may have
    changed."""
    before = bot_settings._current
    bot_settings.use(running_demo.settings)
    shop.load(running_demo.settings.shop_toml)
    bot_database.connect(running_demo.settings.database_url)
    yield running_demo
    sys.stdout.write(running_demo.last_words())  # pytest shows it beside a failed test
    bot_database.close()
    shop.use({})
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
