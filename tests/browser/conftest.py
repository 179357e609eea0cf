"""One running demo for every test of this folder that plays it, and the phone page in a browser; the console alone."""

from collections.abc import Iterator

import peewee
import pytest
from playwright.sync_api import Page

from bot import database as bot_database
from bot import settings as bot_settings
from bot.database import write_transaction
from commands.demo import hire
from demo.stage import Stage, free_port
from support import faq
from tests.browser.console_site import Server
from tests.browser.visitor import PATIENCE_MS
from tests.console import chats
from tests.console.conftest import make_app


@pytest.fixture(scope="session")
def running_demo() -> Iterator[Stage]:
    """The demo with a small shop, all its processes running."""
    with Stage(free_port(), free_port(), None, customer_count=30, hire=hire) as running:
        yield running


@pytest.fixture
def stage(running_demo: Stage) -> Iterator[Stage]:
    """The same, with this process bound to its database and settings: the test before may have been of another."""
    before = bot_settings._current
    bot_settings.use(running_demo.settings)
    bot_database.connect(running_demo.settings.database_url)
    yield running_demo
    bot_database.close()
    bot_settings._current = before


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


@pytest.fixture
def server(settings: bot_settings.Settings, database: peewee.Database) -> Iterator[Server]:
    """A demo, so that signing in is one click. A staff, an owner, and a chat that waits."""
    config = settings.model_copy(update={"public_url": "http://127.0.0.1", "demo_dir": settings.data_dir})
    bot_settings.use(config)
    chats.person()
    chats.person("鈴木 一郎", "owner")
    with write_transaction():
        faq.seed_if_empty()
    chats.unhappy_customer()
    running = Server(make_app(config))
    yield running
    running.stop()


@pytest.fixture
def site(server: Server) -> str:
    """The console's address."""
    return server.address


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the browser complains about: errors of scripts, and what the page's policy refuses."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []
