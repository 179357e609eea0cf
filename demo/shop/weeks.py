"""Plays the sample shop's last weeks through the product itself, in simulated time: events go through its inbox,
messages through its limits to the simulated LINE.

What the customers do in these weeks is in `fill.py`, `flows.py`, `campaigns.py` and `contacts.py`. The
product's handlers and jobs are passed in by `commands/demo.py`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.line.client import LineClient, support_client
from bot.queue import inbox
from bot.web import webhook
from bot.worker.multicast_sender import MulticastSender
from bot.worker.sender import Sender
from bot.worker.worker import handle_next
from demo.phone.platform import Platform
from demo.shop.plan.agenda import Agenda

CLOCK_AT = ((9, 5), (11, 1), (12, 1), (17, 0))
"""Local hours and minutes at which the clock works in these weeks: after the quiet hours, and after the times of
day that the shipped flows use."""

DAY_ENDS = (23, 50)
"""Local hour and minute at which the stages of the day's customers are computed."""


@dataclass(frozen=True, slots=True)
class Machinery:
    """What playing needs of the product above this package."""

    register: Callable[[], None]
    """Makes all handlers active."""
    jobs: Sequence[Callable[[], int | None]]
    """The clock's jobs that bring what is due."""
    daily_jobs: Sequence[Callable[[], int | None]]
    """Those that are enough once a day, before the others."""
    keep_profiles: Callable[[], int]
    """Brings up to date by what audiences are chosen."""
    keep_changed_profiles: Callable[[], int]
    """The same of those alone of whom something has changed, within a transaction."""
    may_write_now: Callable[[], bool]
    may_send: Callable[[str], bool]
    """Whether the call with that cause may be made now."""


class Weeks:
    """The product at work in this process, in one thread. A context manager: leaving it stops its sender."""

    def __init__(self, platform: Platform, machinery: Machinery) -> None:
        self.platform = platform
        self._machinery = machinery
        machinery.register()
        self._webhooks = {
            name: channel.webhook_sender
            for name, channel in zip(webhook.PATHS.values(), platform.channels, strict=False)
        }
        config, may_write_now = settings.current(), machinery.may_write_now
        line = LineClient(config)
        self._sender = Sender(
            line, thread_count=2, may_write_now=may_write_now, support=support_client(config)
        )
        self._multicasts = MulticastSender(line, self._sender.presence, machinery.may_send, may_write_now)

    def __enter__(self) -> Self:
        self._deliver = {name: each.deliver for name, each in self._webhooks.items()}
        for name, each in self._webhooks.items():
            each.deliver = partial(_receive, name)
        _wait_for_the_disk("off")  # a power cut while the shop is made costs nothing: it is made again
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, each in self._webhooks.items():
            each.deliver = self._deliver[name]
        self._sender.stop()
        _wait_for_the_disk("full")

    def play(self, agenda: Agenda, begins: datetime, ends: datetime) -> None:
        """Let what is on the agenda happen, up to the end, with the clock's work on every day between."""
        first = localtime.local(begins)
        works = (self._begin_the_day, *(self._work for _ in CLOCK_AT[1:]))
        for day in range((localtime.local_date(ends) - localtime.local_date(begins)).days + 1):
            for (hour, minute), work in zip(CLOCK_AT, works, strict=True):
                moment = first.replace(hour=hour, minute=minute) + timedelta(days=day)
                if moment >= begins:
                    agenda.add(moment, work)
            evening = first.replace(hour=DAY_ENDS[0], minute=DAY_ENDS[1]) + timedelta(days=day)
            agenda.add(evening, self._end_the_day)
        for moment, happen in agenda.until(ends):
            with localtime.fixed(moment):
                happen()
                self._settle()

    def _begin_the_day(self) -> None:
        for job in self._machinery.daily_jobs:
            job()
        self._work()

    def _end_the_day(self) -> None:
        with write_transaction():
            self._machinery.keep_changed_profiles()

    def _work(self) -> None:
        for job in self._machinery.jobs:
            job()

    def _settle(self) -> None:
        """Handle every event and send every message, until nothing is left to do."""
        while True:
            for each in self._webhooks.values():
                each.deliver_all()
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


def _receive(channel: str, raw: bytes, _headers: dict[str, str]) -> int:
    """Store a webhook body as the web process does, which does not run yet."""
    with write_transaction():
        inbox.store(webhook.split(raw, localtime.now(), channel))
    return 200
