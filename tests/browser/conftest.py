"""Serves the console alone on a port for browser tests, and spreads the tests of this folder over processes."""

from collections.abc import Iterator
from functools import cache

import peewee
import pytest
from flask import Flask
from playwright.sync_api import Page
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from support.faq import entries
from tests.browser.console_site import Server
from tests.console import chats
from tests.console.conftest import make_app


@pytest.fixture
def server(settings: bot_settings.Settings, database: peewee.Database) -> Iterator[Server]:
    """A console in demo mode, so that signing in is one click, with a staff member, an owner and a waiting ticket."""
    config = settings.model_copy(update={"public_url": "http://127.0.0.1", "demo_dir": settings.data_dir})
    bot_settings.use(config)
    chats.person()
    chats.person("鈴木 一郎", "owner")
    with write_transaction():
        entries.seed_if_empty()
    chats.unhappy_customer()
    shop.use({})
    running = Server(_console())
    yield running
    running.stop()


@cache
def _console() -> Flask:
    """Built once, with its templates parsed once: the same for every test."""
    return make_app(bot_settings.current())


@pytest.fixture
def site(server: Server) -> str:
    """The console's address."""
    return server.address


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """Errors that the browser reports: of scripts, and of the page's security policy."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


class DemoTestsTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives each test to the process with room for it, but all tests with the demo to one process: it is slow to
    start."""

    def _split_scope(self, nodeid: str) -> str:
        demo = "tests/browser/demo"
        return demo if nodeid.startswith(demo) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> DemoTestsTogether:
    """How the tests of this folder are spread over processes, whatever `--dist` says."""
    return DemoTestsTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first, so that no process works on them alone at the end."""
    items.sort(key=lambda item: item.path.name not in {"test_every_page.py", "test_english_pages.py"})
