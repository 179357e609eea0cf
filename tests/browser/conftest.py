"""Decides what the console's tests in a browser stand on: a console that can be stopped and started again."""

import threading
from collections.abc import Iterator
from typing import Any

import peewee
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, ViewportSize
from werkzeug.serving import make_server

from bot import settings as bot_settings
from bot.database import write_transaction
from support import faq
from tests.console import chats
from tests.console.conftest import make_app

LARGE: ViewportSize = {"width": 1366, "height": 820}
SMALL: ViewportSize = {"width": 390, "height": 844}


class Server:
    """The console on a port that stays the same."""

    def __init__(self, app: Flask) -> None:
        self._app, self._port = app, 0
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/console"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self._app, threaded=True)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


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


def enter(page: Page, site: str, role: str = "staff") -> None:
    page.goto(f"{site}/demo-sign-in/{role}")


def violations(page: Page) -> list[Any]:
    """What axe finds, in short."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
