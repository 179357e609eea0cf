"""A platform with a bot that only records events, for the tests of the platform itself."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import urllib3

from demo.phone.platform import Platform, create_platform

SECRET = "the-channel-secret"
TOKEN = "the-access-token"


@dataclass
class NoteTakingBot:
    """Takes the place of the shop's bot: stores every event, answers with the statuses it is given."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    signatures_good: bool = True

    def deliver(self, raw: bytes, headers: dict[str, str]) -> int:
        digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()
        if headers["x-line-signature"] != base64.b64encode(digest).decode():
            self.signatures_good = False
        self.bodies.append(json.loads(raw))
        return self.statuses.pop(0) if self.statuses else 200

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body in self.bodies for event in body["events"]]

    @property
    def last(self) -> dict[str, Any]:
        return self.events[-1]


@dataclass
class ManualClock:
    """A clock that the test sets."""

    at: float = 1_770_000_000.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        with self.lock:
            return self.at

    def forward(self, seconds: float) -> None:
        with self.lock:
            self.at += seconds


@dataclass
class Shop:
    """Calls LINE's API as a shop would."""

    base: str
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def call(
        self, method: str, path: str, body: Any = None, *, token: str = TOKEN, key: str | None = None
    ) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {token}"}
        if key is not None:
            headers["X-Line-Retry-Key"] = key
        if body is not None:
            headers["Content-Type"] = "application/json"
        raw = None if body is None else json.dumps(body).encode()
        return self.http.request(method, self.base + path, body=raw, headers=headers, timeout=5)

    def reply(self, token: str, *texts: str) -> urllib3.BaseHTTPResponse:
        return self.call("POST", "/v2/bot/message/reply", {"replyToken": token, "messages": said(*texts)})

    def push(self, to: str, *texts: str, key: str | None = None) -> urllib3.BaseHTTPResponse:
        return self.call("POST", "/v2/bot/message/push", {"to": to, "messages": said(*texts)}, key=key)


def said(*texts: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text} for text in texts or ("こんにちは",)]


@pytest.fixture
def bot() -> NoteTakingBot:
    return NoteTakingBot()


@pytest.fixture
def manual_clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def platform(bot: NoteTakingBot, manual_clock: ManualClock) -> Iterator[Platform]:
    made = create_platform(
        channel_secret=SECRET,
        access_token=TOKEN,
        now=manual_clock.now,
        deliver=bot.deliver,
        retry_seconds=(0.01, 0.01, 0.01),
    )
    with made:
        yield made


@pytest.fixture
def shop(platform: Platform) -> Shop:
    return Shop(platform.url)
