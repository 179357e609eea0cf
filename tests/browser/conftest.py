"""The console alone, on a port, for a browser; how the tests of this folder are spread over processes."""

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
    """A demo, so that signing in is one click. A staff, an owner, and a chat that waits."""
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
    """Put together once, with its templates read once: what it is made of is the same for every test."""
    return make_app(bot_settings.current())


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


class DemoTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Each test goes to the process that has room for it; those that play the demo, which is dear to start, to one."""

    def _split_scope(self, nodeid: str) -> str:
        demo = "tests/browser/demo"
        return demo if nodeid.startswith(demo) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> DemoTogether:
    """How the tests of this folder are spread over processes, whatever `--dist` says."""
    return DemoTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests go first, so that nobody waits for them alone at the end."""
    items.sort(key=lambda item: item.path.name != "test_every_page.py")
