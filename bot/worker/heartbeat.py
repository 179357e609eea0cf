"""Records that each process is alive, and reads whether the others are."""

from datetime import timedelta

import peewee

from bot import localtime, outages
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, write_transaction

SEEN_LATELY = timedelta(seconds=60)
CLOCKS_DIFFER = timedelta(seconds=2)
"""How far the clocks of machines that share a database may differ."""


class Heartbeat(Model):
    """When a process was last seen, by the machine's clock, and what the shop's clock said then."""

    process = peewee.CharField(unique=True)
    seen_at = UtcDateTimeField()
    shop_time_at = UtcDateTimeField()


def beat(process: str) -> None:
    """Record that this process is alive and can write."""
    now = {Heartbeat.seen_at: localtime.machine_now(), Heartbeat.shop_time_at: localtime.now()}
    with write_transaction():
        (
            Heartbeat.insert({Heartbeat.process: process, **now})
            .on_conflict(conflict_target=[Heartbeat.process], update=now)
            .execute()
        )
    outages.end()


def seen_lately(process: str) -> bool:
    """Whether that process was seen in the last minute. A heartbeat from the future does not count: the
    machine's clock was set back since, and nobody can say how old it is."""
    now = localtime.machine_now()
    seen = Heartbeat.seen_at.between(now - SEEN_LATELY, now + CLOCKS_DIFFER)
    return bool(Heartbeat.select().where(Heartbeat.process == process, seen).exists())


def last_beat(process: str) -> Heartbeat | None:
    """When that process was last seen; None when it never was."""
    found: Heartbeat | None = Heartbeat.get_or_none(Heartbeat.process == process)
    return found


erasure.nothing("It is about processes of the machine.", Heartbeat)
