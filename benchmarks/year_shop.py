"""Opens the shop of `year.py`: the product's web application, worker functions and clock jobs in one process, against
the demo's LINE, on an empty SQLite database."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from app import create_app
from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.worker.sender import Sender
from demo.phone.platform import _QuietHandler, create_platform
from support.faq import entries
from tests.conversations.scenario import NOON, Scenario


@contextmanager
def opened(folder: Path, begins_at: datetime = NOON) -> Iterator[Scenario]:
    """The shop with its FAQ and nobody in it, at that moment. Files go into `folder`."""

    def now() -> float:
        return localtime.now().timestamp()

    def deliver(raw: bytes, headers: dict[str, str]) -> int:
        return web.post("/callback", data=raw, headers=headers).status_code

    config = _settings(folder)
    platform = create_platform(
        channel_secret=config.line_channel_secret,
        access_token=config.line_channel_access_token,
        basic_id=config.line_basic_id,
        shop_name=config.shop_name,
        deliver=deliver,
        now=now,
        clock=now,
        retry_seconds=(),
    )
    server = make_server("127.0.0.1", 0, platform.app, threaded=True, request_handler=_QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    bot_settings.use(config.model_copy(update={"line_api_url": url, "line_data_api_url": url}))
    database.connect(config.database_url)
    database.migrate()
    shop.use({})
    bound: Any = database.database.obj
    bound.pragma("synchronous", "off", permanent=True)  # nobody needs this database after a power cut
    web = create_app(bot_settings.current()).test_client()
    sender = Sender(LineClient(bot_settings.current()), thread_count=2, monotonic=now)
    try:
        with localtime.fixed(begins_at):
            with write_transaction():
                entries.seed_if_empty()
            yield Scenario(platform, web, sender)
    finally:
        sender.stop()
        database.close()
        server.shutdown()


def _settings(folder: Path) -> bot_settings.Settings:
    return bot_settings.load(
        {
            "LINE_CHANNEL_SECRET": "channel-secret-of-the-year",
            "LINE_CHANNEL_ACCESS_TOKEN": "channel-access-token-of-the-year",
            "LINE_BASIC_ID": "@goenyear",
            "PUBLIC_URL": "https://goen.example",
            "SECRET_KEY": "a-secret-key-of-the-simulated-year-0123456789",
            "SHOP_NAME": "ひだまり堂",
            "DATABASE_URL": f"sqlite:///{folder / 'year.sqlite3'}",
            "DATA_DIR": str(folder / "data"),
            "LOG_LEVEL": "ERROR",
        }
    )
