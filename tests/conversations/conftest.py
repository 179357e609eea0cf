"""A shop under LINE in miniature, and customers with phones in their hands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import peewee
import pytest
from flask.testing import FlaskClient

from app import create_app
from bot import localtime, shop
from bot import settings as bot_settings
from bot.database import write_transaction
from bot.line_client import LineClient
from bot.sender import Sender
from bot.worker import handle_next, sweep
from customers import api_keys
from demo.handset import Handset, read_aloud
from demo.platform import Platform, create_platform
from handlers import register, timetable
from support import faq
from tests.line_limits import assert_valid

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


class Phone:
    """A customer's phone: what they do, and what the shop says to it."""

    def __init__(self, town: "Town", handset: Handset) -> None:
        self.town, self.handset = town, handset

    @property
    def user_id(self) -> str:
        return self.handset.user_id

    def follows(self) -> list[str]:
        self.handset.follow()
        return self.hears()

    def blocks(self) -> None:
        self.handset.block()
        self.town.settle()

    def says(self, words: str) -> list[str]:
        self.handset.say(words)
        return self.hears()

    def taps(self, label: str) -> list[str]:
        self.handset.tap(label)
        return self.hears()

    def opens(self, label: str) -> str:
        """Tap what opens an address; that address."""
        address = self.handset.tap(label)
        assert address is not None, f"{label} opens nothing"
        return address

    def buys(self, yen: int, order_number: str) -> list[str]:
        self.town.order(self.user_id, yen, order_number)
        return self.hears()

    def hears(self) -> list[str]:
        """What the shop has said since, each message as it would be read aloud."""
        self.town.settle()
        news = self.handset.news()
        for message in news:
            assert_valid([message])
        return [read_aloud(message) for message in news]

    @property
    def buttons(self) -> set[str]:
        return set(self.handset.buttons())


class Town:
    """The shop, its platform and its clock, all in one thread of events: `settle` works everything off."""

    def __init__(self, platform: Platform, web: FlaskClient, sender: Sender) -> None:
        self.platform, self.web, self.sender = platform, web, sender
        self._now = NOON
        with write_transaction():
            self._api_key = api_keys.create("conversation tests")

    def customer(self, name: str = "佐藤 美咲", *, follows: bool = True) -> Phone:
        phone = Phone(self, self.platform.handset(name))
        if follows:
            phone.follows()
        return phone

    def order(self, line_user_id: str, yen: int, order_number: str) -> None:
        answer = self.web.post(
            "/api/v1/orders",
            json={
                "order_number": order_number,
                "ordered_at": localtime.now().isoformat(),
                "total_yen": yen,
                "line_user_id": line_user_id,
            },
            headers={"Authorization": f"Bearer {self._api_key}"},
        )
        assert answer.status_code in (200, 201, 202), answer.get_data(as_text=True)

    def pass_time(self, **delta: float) -> None:
        """Let time pass, then let the clock do its work."""
        self._now += timedelta(**delta)
        localtime._fixed = self._now
        timetable.run_all()
        self.settle()

    def settle(self) -> None:
        """Carry every webhook, handle every event, send every message, until nothing is left to do."""
        busy = True
        while busy:
            self.platform.settle()
            busy = bool(handle_next(self.sender))
            while self.sender.backlog():
                busy = True
            sweep(self.sender)


@pytest.fixture
def town(settings: bot_settings.Settings, database: peewee.Database) -> Iterator[Town]:
    """The shop on the morning of 1 April 2026, with nobody in it yet."""
    web: FlaskClient

    def deliver(raw: bytes, headers: dict[str, str]) -> int:
        return web.post("/callback", data=raw, headers=headers).status_code

    platform = create_platform(
        channel_secret=settings.line_channel_secret,
        access_token=settings.line_channel_access_token,
        basic_id=settings.line_basic_id,
        shop_name=settings.shop_name,
        deliver=deliver,
        clock=lambda: localtime.now().timestamp(),
    )
    platform.start()
    with_platform = settings.model_copy(
        update={"line_api_url": platform.url, "line_data_api_url": platform.url}
    )
    register()
    shop.use({})
    web = create_app(with_platform).test_client()
    sender = Sender(LineClient(with_platform), thread_count=2)
    with localtime.fixed(NOON):
        with write_transaction():
            faq.seed_if_empty()
        yield Town(platform, web, sender)
    sender.stop()
    platform.stop()


def said(messages: list[str]) -> str:
    """All that was said, as one text to search in."""
    return "\n".join(messages)


__all__: list[Any] = ["Phone", "Town", "said"]
