"""Plays the sample shop's last weeks through the product itself, in simulated time: events go through its inbox,
messages through its limits to the simulated LINE.

What the customers do in these weeks is in `fill.py` and `flows.py`. The product's handlers and jobs are passed in
by `commands/demo.py`.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.queue import inbox
from bot.web import webhook
from bot.worker.multicast_sender import MulticastSender
from bot.worker.sender import Sender
from bot.worker.worker import handle_next
from demo.phone.platform import Platform

Happen = Callable[[], None]
Event = tuple[datetime, Happen]
CLOCK_AT = ((9, 5), (11, 1), (12, 1), (17, 0))
"""Local hours and minutes at which the clock works in these weeks: after the quiet hours, and after the times of
day that the shipped flows use."""


@dataclass(frozen=True, slots=True)
class Machinery:
    """What playing needs of the product above this package."""

    register: Callable[[], None]
    """Makes all handlers active."""
    jobs: Sequence[Callable[[], int | None]]
    """The clock's jobs that bring what is due."""
    may_write_now: Callable[[], bool]


class Weeks:
    """The product at work in this process, in one thread. A context manager: leaving it stops its sender."""

    def __init__(self, platform: Platform, machinery: Machinery) -> None:
        self.platform = platform
        self._machinery = machinery
        machinery.register()
        self._webhooks = platform.channel.webhook_sender
        line = LineClient(settings.current())
        self._sender = Sender(line, thread_count=2, may_write_now=machinery.may_write_now)
        self._multicasts = MulticastSender(line, self._sender.presence, may_write_now=machinery.may_write_now)

    def __enter__(self) -> Self:
        self._deliver, self._webhooks.deliver = self._webhooks.deliver, _receive
        _wait_for_the_disk("off")  # a power cut while the shop is made costs nothing: it is made again
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._webhooks.deliver = self._deliver
        self._sender.stop()
        _wait_for_the_disk("full")

    def play(self, events: Iterable[Event], begins: datetime, ends: datetime) -> None:
        """Let these events happen in order of time, with the clock's work on every day between."""
        days = range((localtime.local_date(ends) - localtime.local_date(begins)).days + 1)
        first = localtime.local(begins)
        ticks = [
            (first.replace(hour=hour, minute=minute) + timedelta(days=day), self._work)
            for day in days
            for hour, minute in CLOCK_AT
        ]
        timed = [each for each in (*ticks, *events) if begins <= each[0] <= ends]
        for moment, happen in sorted(timed, key=lambda event: event[0]):
            with localtime.fixed(moment):
                happen()
                self._settle()

    def _work(self) -> None:
        for job in self._machinery.jobs:
            job()

    def _settle(self) -> None:
        """Handle every event and send every message, until nothing is left to do."""
        while True:
            self._webhooks.deliver_all()
            while self._multicasts.send_next():
                pass
            if not inbox.anything_pending():
                return
            handle_next(self._sender)
            while self._sender.backlog():
                time.sleep(0.0005)
            self._sender.maintain()


def _wait_for_the_disk(mode: str) -> None:
    database.database.obj.pragma("synchronous", mode, permanent=True)


def _receive(raw: bytes, _headers: dict[str, str]) -> int:
    """Store a webhook body as the web process does, which does not run yet."""
    with write_transaction():
        inbox.store(webhook.split(raw, localtime.now()))
    return 200
