"""Sends the labelled messages through the real webhook: `python -m benchmarks.listening --routing [--misses]`."""

import atexit
import itertools
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from app import create_app
from benchmarks.listening import Labelled, report
from bot import localtime
from bot.config import settings, shop
from bot.db import database
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.worker.sender import Sender
from demo.phone.platform import create_platform
from support.faq import entries
from tests.conversations.listening_play import play
from tests.conversations.scenario import NOON, Scenario


def player() -> Callable[[Labelled], str]:
    """Sends one message after the other, each by another customer, to one shop."""
    stack = ExitStack()
    atexit.register(stack.close)
    scenario, numbers = _scenario(stack), itertools.count()
    return lambda each: play(scenario, each, f"お客さま{next(numbers)}")


def _scenario(stack: ExitStack) -> Scenario:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    given = {
        "LINE_CHANNEL_SECRET": "channel-secret-of-the-benchmark",
        "LINE_CHANNEL_ACCESS_TOKEN": "channel-access-token-of-the-benchmark",
        "LINE_BASIC_ID": "@goenbench",
        "PUBLIC_URL": "https://goen.example",
        "SECRET_KEY": "secret-key-of-the-benchmark-32-letters",
        "SHOP_NAME": "ひだまり堂",
        "DATABASE_URL": f"sqlite:///{folder / 'goen.sqlite3'}",
        "DATA_DIR": str(folder / "data"),
        "LOG_LEVEL": "ERROR",
    }
    config = settings.load(given)
    stack.enter_context(localtime.fixed(NOON))
    web = create_app(config).test_client()
    platform = create_platform(
        channel_secret=config.line_channel_secret,
        access_token=config.line_channel_access_token,
        basic_id=config.line_basic_id,
        shop_name=config.shop_name,
        deliver=lambda raw, headers: web.post("/callback", data=raw, headers=headers).status_code,
        now=lambda: localtime.now().timestamp(),
        clock=lambda: localtime.now().timestamp(),
        retry_seconds=(),
    )
    platform.start()
    stack.callback(platform.stop)
    config = config.model_copy(update={"line_api_url": platform.url, "line_data_api_url": platform.url})
    settings.use(config)
    database.connect(config.database_url)
    database.migrate()
    shop.use({})
    with write_transaction():
        entries.seed_if_empty()
    sender = Sender(LineClient(config), thread_count=2)
    stack.callback(sender.stop)
    return Scenario(platform, web, sender)


if __name__ == "__main__":
    report(player())
