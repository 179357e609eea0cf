"""Time travel: advances the shop's clock day by day, and waits for each day's scheduled work before the next.

Nobody would sleep through a campaign's time: the clock stops on the way whenever one has something to send, so that
it goes out then, and is not late as after an outage.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import localtime
from bot.db import database
from bot.line.delivery import DUE, IN_A_CALL
from bot.line.multicast_delivery import DUE as CALL_DUE
from bot.queue.inbox import PENDING, InboxEvent
from bot.queue.multicasts import Multicast
from bot.queue.outbox import OutboxMessage
from bot.worker.heartbeat import Heartbeat
from demo import campaign_times
from journeys.enrolments.tables import HELD, WAITING, Enrolment
from journeys.sending.tables import WAITING as PLANNED
from journeys.sending.tables import PlannedMessage

OPENS, CLOSES = (10, 0), (19, 0)
ARRIVES = (12, 5)
"""A travel ends after the hours at which flows usually send, so that the day's messages have arrived."""
LONGEST_DAY_SECONDS = 30.0
SHORTEST_LEAP = timedelta(minutes=6)
"""So far the clock jumps at least, so that all its jobs become due at once (`clock.py`)."""
A_MOMENT = timedelta(minutes=1)
ALL_HAVE_READ_IT_SECONDS = 2 * localtime.OFFSET_READ_EVERY_SECONDS


class ClockStalled(Exception):
    """A day's work did not end in time."""


def travel(demo_dir: Path, days: int, each_day: Callable[[], None] = lambda: None) -> datetime:
    """Advance by `days` days, to an hour in which the day's messages have been sent; returns the shop's local time
    then. `each_day` is what the shop's other systems do on each."""
    for _ in range(days):
        arrival = localtime.now() + _to_next_day(localtime.local(localtime.now()))
        while (stop := campaign_times.next_one(localtime.now(), arrival - SHORTEST_LEAP)) is not None:
            _leap(demo_dir, max(stop + A_MOMENT - localtime.now(), SHORTEST_LEAP))
            _wait_for_the_days_work()
        _leap(demo_dir, arrival - localtime.now())
        each_day()
        _wait_for_the_days_work()
    database.close()
    return localtime.local(localtime.now())


def open_the_shop(demo_dir: Path) -> None:
    """Start at an hour in which messages may be sent, whatever the time of day is here."""
    local = localtime.local(localtime.now())
    if (local.hour, local.minute) >= CLOSES:
        localtime.travel(demo_dir, _to_next_day(local))
    elif (local.hour, local.minute) < OPENS:
        localtime.travel(demo_dir, _arriving(local) - local)


def _leap(demo_dir: Path, by: timedelta) -> None:
    """Advance the clock when nothing is being handled, and wait until every process has the new time. What is handled
    by the old time and committed after the leap may be due in between, and the clock has looked for that already: its
    job for planned messages runs again only after a minute."""
    _wait_until_empty(lambda: _names(_events_to_handle()))
    localtime.travel(demo_dir, by)
    time.sleep(ALL_HAVE_READ_IT_SECONDS)


def _to_next_day(local: datetime) -> timedelta:
    tomorrow = local + timedelta(days=1)
    if not ARRIVES <= (tomorrow.hour, tomorrow.minute) < CLOSES:
        tomorrow = _arriving(tomorrow)
    return tomorrow - local


def _arriving(day: datetime) -> datetime:
    hour, minute = ARRIVES
    return day.replace(hour=hour, minute=minute)


def _wait_for_the_days_work() -> None:
    arrived = localtime.now()
    _wait_until_empty(lambda: _open_work(arrived))


def _wait_until_empty(open_work: Callable[[], list[str]]) -> None:
    deadline = time.monotonic() + LONGEST_DAY_SECONDS
    while left := open_work():
        if time.monotonic() > deadline:
            open_kinds = "、".join(left)
            raise ClockStalled(
                f"時計の仕事が終わりませんでした（残り: {open_kinds}）。worker.log と clock.log を確かめてください。"
            )
        time.sleep(0.05)


def _clock_has_seen(moment: datetime) -> bool:
    beat = Heartbeat.get_or_none(Heartbeat.process == "clock")
    return beat is not None and beat.shop_time_at >= moment - timedelta(seconds=1)


def _open_work(moment: datetime) -> list[str]:
    """What is still handled or sent, and what was due at that moment and waits for the clock."""
    if not _clock_has_seen(moment):
        return [Heartbeat.__name__]
    steps = Enrolment.select().where(Enrolment.state.in_((WAITING, HELD)), Enrolment.due_at <= moment)
    planned = PlannedMessage.select().where(PlannedMessage.state == PLANNED, PlannedMessage.due_at <= moment)
    sending = OutboxMessage.select().where(OutboxMessage.state.in_((DUE, IN_A_CALL)))
    calls = Multicast.select().where(Multicast.state == CALL_DUE)
    found = _names(steps, planned, _events_to_handle(), sending, calls)
    return found or (["Campaign"] if campaign_times.anything_due(moment) else [])


def _events_to_handle() -> Any:
    return InboxEvent.select().where(InboxEvent.state == PENDING)


def _names(*found: Any) -> list[str]:
    return [rows.model.__name__ for rows in found if rows.exists()]
