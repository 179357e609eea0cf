"""Fixtures of the robustness tests: the whole web process and a worker on each database, with people signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import peewee
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database as bot_database
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.worker.sender import Sender
from console.auth import staff_accounts
from demo.phone.platform import create_platform
from support.faq import entries
from tests.console import chats
from tests.console.conftest import post
from tests.conversations.conftest import LineServer
from tests.conversations.scenario import NOON, Scenario

SHOPIFY_SECRET = "shpss_of_the_tests"
ROLES = ("anonymous", "staff", "owner")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Real password hashes are slow on purpose, which every test that signs in would pay for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff_accounts, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@cache
def _web() -> Flask:
    """Built once; every test gives it settings and a database of its own."""
    return create_app(bot_settings.current())


@cache
def _line() -> LineServer:
    return LineServer()


class Shop(Scenario):
    """A scenario together with its web process, `app`."""

    app: Flask

    def client(self, role: str) -> FlaskClient:
        """A client signed in with that role; not signed in for `anonymous`."""
        client = self.app.test_client()
        if role != "anonymous":
            page = "/console/sign-in"
            answer = post(client, page, page=page, email=f"{role}@example.jp", password=chats.PASSWORD)
            assert answer.status_code == 303
        return client


@contextmanager
def _opened(settings: bot_settings.Settings) -> Iterator[Shop]:
    more = {
        "line_api_url": _line().url,
        "line_data_api_url": _line().url,
        "log_level": "ERROR",
        "shopify_webhook_secret": SHOPIFY_SECRET,
        "line_login_channel_id": "1234567890",
        "line_login_channel_secret": "secret-of-the-login-channel",
        "trusted_proxy_count": 1,
    }
    config = bot_settings.use(settings.model_copy(update=more))
    app = _web()
    bot_settings.use(config)
    bot_database.connect(config.database_url)
    web = app.test_client()

    def deliver(raw: bytes, headers: dict[str, str]) -> int:
        return web.post("/callback", data=raw, headers=headers).status_code

    def clock() -> float:
        return localtime.now().timestamp()

    platform = create_platform(
        channel_secret=config.line_channel_secret,
        access_token=config.line_channel_access_token,
        basic_id=config.line_basic_id,
        shop_name=config.shop_name,
        deliver=deliver,
        now=clock,
        clock=clock,
        retry_seconds=(),
    )
    _line().play(platform)
    shop.use({})
    sender = Sender(LineClient(config), thread_count=2)
    with localtime.fixed(NOON):
        with write_transaction():
            entries.seed_if_empty()
        made = Shop(platform, web, sender)
        made.app = app
        yield made
    sender.stop()
    bot_database.close()


@pytest.fixture
def open_shop(settings: bot_settings.Settings, any_database: peewee.Database) -> Iterator[Shop]:
    """The shop at noon of 1 April 2026 on an empty database, with its FAQ."""
    with _opened(bot_settings.current()) as made:
        yield made
