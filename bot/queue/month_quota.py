"""Stores what LINE said of the month's paid messages, so that pages can show what is left without asking
LINE.

The worker asks (`bot/worker/worker.py`); what we pushed since then is counted from the outbox.
"""

import peewee

from bot import localtime
from bot.db import database
from bot.db.database import Model, UtcDateTimeField
from bot.line.month import Month
from bot.queue.outbox import PUSH, OutboxMessage


class MonthQuota(Model):
    """LINE's last answer: one row, or none yet."""

    quota = peewee.IntegerField(null=True)
    """Null when the plan has no limit."""
    used_count = peewee.IntegerField()
    asked_at = UtcDateTimeField()
    outbox_id = peewee.IntegerField()
    """The newest row of the outbox at that time: what was pushed since is among those after it."""


def keep(month: Month) -> None:
    """Store LINE's answer."""
    database.require_transaction()
    MonthQuota.delete().execute()
    newest = OutboxMessage.select(peewee.fn.MAX(OutboxMessage.id)).scalar()
    MonthQuota.create(
        quota=month.quota, used_count=month.used_count, asked_at=localtime.now(), outbox_id=newest or 0
    )


def left() -> int | None:
    """Paid messages left this month; None when there is no limit, LINE has not answered, or its answer is
    last month's."""
    known: MonthQuota | None = MonthQuota.select().first()
    if known is None or known.quota is None:
        return None
    if localtime.local(known.asked_at).month != localtime.today().month:
        return None
    since = OutboxMessage.select().where(OutboxMessage.id > known.outbox_id, OutboxMessage.sent_as == PUSH)
    return max(int(known.quota) - known.used_count - int(since.count()), 0)
