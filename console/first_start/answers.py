"""Holds what was answered in set-up so far, by the names of the settings, and writes it where it may be kept.

On one machine that is `.env`; on a platform, whose disk is not kept, this process's memory until the person has
copied all of it into the platform's settings.
"""

import secrets
import threading
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from bot.config import env_file, first_start

TRIED, LATER = "tried", "later"
NEEDED = (
    *("SHOP_NAME", "PUBLIC_URL", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "LINE_BASIC_ID"),
    "SECRET_KEY",
)
OPTIONAL = ("TRUSTED_PROXY_COUNT", "SHOPIFY_WEBHOOK_SECRET", "OLD_SECRET_KEY")


class StepName(StrEnum):
    """The steps, in their order."""

    SHOP = "shop"
    LINE = "line"
    WEBHOOK = "webhook"
    ORDERS = "orders"
    FINISH = "finish"


class Answers:
    """The answers of one set-up; used by several threads."""

    def __init__(self, token: str, given: Mapping[str, str], path: Path | None) -> None:
        """`given` are the settings there are already; `path` is `.env`, None where nothing can be kept."""
        self.token = token
        self.language = ""
        """The language the person chose on the page; empty for the browser's own."""
        self.is_over = threading.Event()
        """Set when everything is answered and written."""
        self._path = path
        self._lock = threading.Lock()
        self._given = dict(given)

    @property
    def is_stored(self) -> bool:
        """Whether they are written to `.env`; otherwise the person copies them."""
        return self._path is not None

    def get(self, name: str) -> str:
        """The answer for that setting; empty when there is none yet."""
        with self._lock:
            return self._given.get(name, "")

    def all(self) -> dict[str, str]:
        """All settings there are so far."""
        with self._lock:
            return dict(self._given)

    def save(self, **values: str | None) -> None:
        """Add or remove answers. Raises OSError when `.env` cannot be written, and then changes nothing."""
        with self._lock:
            if self._path is not None:
                env_file.write(self._path, values)
            for name, value in values.items():
                if value is None:
                    self._given.pop(name, None)
                else:
                    self._given[name] = value

    def next_step(self) -> StepName:
        """The first step that is not done."""
        if not (self.get("SHOP_NAME") and self.get("PUBLIC_URL")):
            return StepName.SHOP
        if not all(self.get(name) for name in (*first_start.GIVEN_BY_HAND, "LINE_BASIC_ID")):
            return StepName.LINE
        if not self.get(first_start.WEBHOOK):
            return StepName.WEBHOOK
        return StepName.FINISH if self.get(first_start.ORDERS) else StepName.ORDERS

    def may_open(self, step: StepName) -> bool:
        """Whether all steps before it are done."""
        order = list(StepName)
        return order.index(step) <= order.index(self.next_step())

    def complete(self) -> None:
        """Make the key that signs sign-ins, unless there is one. Raises OSError."""
        if not self.get("SECRET_KEY"):
            self.save(SECRET_KEY=secrets.token_urlsafe(32))

    def end(self) -> None:
        """Write that set-up is over: the address ends here, and the next start is the product's. Raises OSError."""
        self.complete()
        self.save(
            **dict.fromkeys(
                (first_start.TOKEN, first_start.WEBHOOK, first_start.ORDERS, first_start.RESTORED)
            )
        )
        self.is_over.set()

    def variables(self) -> list[tuple[str, str]]:
        """What a platform's settings must hold."""
        return [(name, value) for name in (*NEEDED, *OPTIONAL) if (value := self.get(name))]
