"""Time travel: advances the shop's clock day by day, and waits for each day's scheduled work before the next."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from bot import localtime
from bot.db import database
from bot.line.delivery import DUE
from bot.queue.inbox import PENDING, InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.worker.heartbeat import Heartbeat

OPENS, CLOSES, ARRIVES = 10, 19, 11
LONGEST_DAY_SECONDS = 30.0


class ClockStalled(Exception):
    """A day's work did not end in time."""


def travel(demo_dir: Path, days: int) -> datetime:
    """Advance by `days` days, to an hour in which messages may be sent; returns the shop's local time then."""
    for _ in range(days):
        localtime.travel(demo_dir, _to_next_day(localtime.local(localtime.now())))
        _wait_for_the_days_work()
    database.close()
    return localtime.local(localtime.now())


def open_the_shop(demo_dir: Path) -> None:
    """Start at an hour in which messages may be sent, whatever the time of day is here."""
    local = localtime.local(localtime.now())
    if local.hour >= CLOSES:
        localtime.travel(demo_dir, _to_next_day(local))
    elif local.hour < OPENS:
        localtime.travel(demo_dir, local.replace(hour=ARRIVES, minute=0) - local)


def _to_next_day(local: datetime) -> timedelta:
    tomorrow = local + timedelta(days=1)
    if not OPENS <= tomorrow.hour < CLOSES:
        tomorrow = tomorrow.replace(hour=ARRIVES, minute=0)
    return tomorrow - local


def _wait_for_the_days_work() -> None:
    arrived = localtime.now()
    deadline = time.monotonic() + LONGEST_DAY_SECONDS
    while time.monotonic() < deadline:
        if _clock_has_seen(arrived) and _nothing_to_do():
            return
        time.sleep(0.05)
    raise ClockStalled("時計の仕事が終わりませんでした。worker.log と clock.log を確かめてください。")


def _clock_has_seen(moment: datetime) -> bool:
    beat = Heartbeat.get_or_none(Heartbeat.process == "clock")
    return beat is not None and beat.shop_time_at >= moment - timedelta(seconds=1)


def _nothing_to_do() -> bool:
    handling = InboxEvent.select().where(InboxEvent.state == PENDING).exists()
    sending = OutboxMessage.select().where(OutboxMessage.state == DUE).exists()
    return not handling and not sending
