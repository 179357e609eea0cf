"""Fixtures of the conversation tests: a scenario each. One HTTP server of the simulated LINE API serves all of
them."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.local import LocalProxy
from werkzeug.serving import make_server

from app import create_app
from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database as bot_database
from bot.db.database import write_transaction
from bot.line.client import LineClient, support_client
from bot.worker.sender import Sender
from demo.line.channel import Identity
from demo.phone.platform import Platform, _QuietHandler, create_platform
from support.faq import entries
from tests.conversations.scenario import NOON, Scenario

WsgiApp = Callable[[Any, Any], Iterable[bytes]]


class LineServer:
    """The simulated LINE API on loopback; `platform` is that of the current test.

    Its applications are built once, for whatever channels the current platform has: compiling their routes takes
    each test longer than all else that it sets up.
    """

    platform: Platform

    def __init__(self) -> None:
        self._apps: dict[bool, WsgiApp] = {}

        def serve(environ: Any, start_response: Any) -> Iterable[bytes]:
            return self._apps[self.platform.support is not None](environ, start_response)

        server = make_server("127.0.0.1", 0, serve, threaded=True, request_handler=_QuietHandler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def play(self, platform: Platform) -> None:
        """Serve this platform from now on."""
        self.platform = platform
        has_second = platform.support is not None
        if has_second not in self._apps:
            self._apps[has_second] = self._app(has_second)

    def _app(self, has_second: bool) -> WsgiApp:
        any_platform = Platform(
            self._current("channel"), None, self._current("support") if has_second else None
        )
        for name in ("faults", "calls", "support_faults", "support_calls"):
            setattr(any_platform, name, self._current(name))
        return any_platform.app

    def _current(self, name: str) -> Any:
        return LocalProxy(lambda: getattr(self.platform, name))


@pytest.fixture(scope="session")
def migrated_sqlite(migrated_sqlite: Path) -> Path:
    """With the FAQ's entries in it: copying takes each test a millisecond, inserting them would take a hundred."""
    stocked = migrated_sqlite.with_stem("stocked")
    shutil.copyfile(migrated_sqlite, stocked)
    bot_database.connect(f"sqlite:///{stocked}")
    with localtime.fixed(NOON), write_transaction():
        entries.seed_if_empty()
    bot_database.close()  # as the last connection, so that all is in the one file
    return stocked


@pytest.fixture(scope="session")
def line_server() -> LineServer:
    return LineServer()


class WebApp:
    """The web process's application, built once; each test gives it settings and a database of its own."""

    app: Flask | None = None

    def open(self, config: bot_settings.Settings) -> FlaskClient:
        """The application with these settings."""
        if self.app is None:
            self.app = create_app(config)
        bot_settings.use(config)
        bot_database.connect(config.database_url)
        return self.app.test_client()


@pytest.fixture(scope="session")
def web_app() -> WebApp:
    return WebApp()


@pytest.fixture
def scenario(
    settings: bot_settings.Settings, database: peewee.Database, line_server: LineServer, web_app: WebApp
) -> Iterator[Scenario]:
    """The shop at noon of 1 April 2026, with nobody in it yet. At the end, no event may be parked or pending."""
    yield from _opened(settings, line_server, web_app)


@pytest.fixture
def two_accounts(
    settings: bot_settings.Settings, database: peewee.Database, line_server: LineServer, web_app: WebApp
) -> Iterator[Scenario]:
    """The same shop with a second LINE account for individual contact."""
    second = {
        "line_support_channel_secret": "secret-of-the-second-account",
        "line_support_channel_access_token": "token-of-the-second-account",
        "line_support_basic_id": "@tantou",
    }
    yield from _opened(settings.model_copy(update=second), line_server, web_app)


def _opened(settings: bot_settings.Settings, line_server: LineServer, web_app: WebApp) -> Iterator[Scenario]:
    web: FlaskClient

    def deliver(raw: bytes, headers: dict[str, str]) -> int:
        return web.post("/callback", data=raw, headers=headers).status_code

    def deliver_support(raw: bytes, headers: dict[str, str]) -> int:
        return web.post("/callback/support", data=raw, headers=headers).status_code

    secret, token = settings.line_support_channel_secret, settings.line_support_channel_access_token
    platform = create_platform(
        channel_secret=settings.line_channel_secret,
        access_token=settings.line_channel_access_token,
        basic_id=settings.line_basic_id,
        shop_name=settings.shop_name,
        deliver=deliver,
        now=lambda: localtime.now().timestamp(),
        clock=lambda: localtime.now().timestamp(),
        retry_seconds=(),
        support=Identity(secret, token) if secret and token else None,
        deliver_support=deliver_support,
    )
    line_server.play(platform)
    config = settings.model_copy(
        update={"line_api_url": line_server.url, "line_data_api_url": line_server.url, "log_level": "ERROR"}
    )
    web = web_app.open(config)
    shop.use({})
    bot_database.database.obj.pragma("synchronous", "off", permanent=True)  # as the test's own database
    sender = Sender(
        LineClient(config),
        thread_count=2,
        monotonic=lambda: localtime.now().timestamp(),
        support=support_client(config),
    )  # so that retries are due when the test says so
    with localtime.fixed(NOON):
        made = Scenario(platform, web, sender)
        yield made
        left = made.faults_of_sending() + ([] if made.may_park else made.parked())
    sender.stop()
    bot_database.close()
    assert not left, "\n".join(left)
