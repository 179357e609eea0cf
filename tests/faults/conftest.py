"""A shop at noon on either database; and the order of the fault tests: of the two long ones one first and one last,
for two processes to share."""

from collections.abc import Iterator

import peewee
import pytest

from app import create_app
from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.line.client import LineClient
from bot.worker.sender import Sender
from demo.phone.platform import create_platform
from journeys.sending.settings import may_push_now
from tests.conversations.scenario import NOON, Scenario


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of two processes each begins with its half of the list."""
    items.sort(key=lambda item: item.path.name == "test_kill.py" and "[postgres]" in item.name)


@pytest.fixture
def shop_at_noon(settings: bot_settings.Settings, any_database: peewee.Database) -> Iterator[Scenario]:
    """A shop at noon with nobody in it, on either database, as the sender finds it that keeps the quiet hours."""
    assert any_database

    def now() -> float:
        return localtime.now().timestamp()

    def deliver(raw: bytes, headers: dict[str, str]) -> int:
        return web.post("/callback", data=raw, headers=headers).status_code

    with (
        create_platform(
            channel_secret=settings.line_channel_secret,
            access_token=settings.line_channel_access_token,
            now=now,
            clock=now,
            deliver=deliver,
            retry_seconds=(),
        ) as platform,
        localtime.fixed(NOON),
    ):
        config = settings.model_copy(
            update={
                "line_api_url": platform.url,
                "line_data_api_url": platform.url,
                "log_level": "CRITICAL",
                "database_url": bot_settings.current().database_url,
            }
        )
        web = create_app(bot_settings.use(config)).test_client()
        shop.use({})
        sender = Sender(LineClient(config), may_write_now=may_push_now, thread_count=2, monotonic=now)
        yield Scenario(platform, web, sender)
        sender.stop()
