"""Stores what LINE said of the month's paid messages, so that pages can show what is left without asking
LINE.

The worker asks (`bot/worker/worker.py`); what we pushed since then, and the recipients of multicasts that are not
settled yet, are counted from the outbox.
"""

import peewee

from bot import localtime
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField
from bot.line.channels import MAIN
from bot.line.delivery import IN_A_CALL
from bot.line.month import Month
from bot.queue.outbox import PUSH, OutboxMessage


class MonthQuota(Model):
    """LINE's last answer: one row for each of the shop's accounts, or none yet."""

    quota = peewee.IntegerField(null=True)
    """Null when the plan has no limit."""
    used_count = peewee.IntegerField()
    asked_at = UtcDateTimeField()
    outbox_id = peewee.IntegerField()
    """The newest row of the outbox at that time: what was pushed since is among those after it."""
    channel = peewee.CharField(8, default=MAIN)
    """The account (`bot/line/channels.py`); each has a plan of its own."""


def keep(month: Month, channel: str = MAIN) -> None:
    """Store LINE's answer for that account."""
    database.require_transaction()
    MonthQuota.delete().where(MonthQuota.channel == channel).execute()
    newest = OutboxMessage.select(peewee.fn.MAX(OutboxMessage.id)).scalar()
    MonthQuota.create(
        channel=channel,
        quota=month.quota,
        used_count=month.used_count,
        asked_at=localtime.now(),
        outbox_id=newest or 0,
    )


def this_month(channel: str = MAIN) -> Month | None:
    """LINE's answer of this month for that account, with what we pushed since and what is on its way; None when
    there is none of this month."""
    known = _known(channel)
    today = localtime.today()
    if known is None or localtime.local_date(known.asked_at).replace(day=1) != today.replace(day=1):
        return None
    calls = OutboxMessage.select().where(OutboxMessage.channel == channel)
    pushed = calls.where(OutboxMessage.sent_as == PUSH)
    since = pushed.where(OutboxMessage.id > known.outbox_id).count()
    # Written before LINE answered, sent after it.
    earlier = pushed.where(
        OutboxMessage.id <= known.outbox_id, OutboxMessage.sent_at > known.asked_at
    ).count()
    on_the_way = calls.where(OutboxMessage.state == IN_A_CALL).count()
    return Month(known.quota, known.used_count + int(since) + int(earlier) + int(on_the_way))


def latest_quota() -> int | None:
    """The limit of LINE's last answer for the main account, whichever month it is of: a plan goes on. None without
    a limit or answer."""
    known = _known(MAIN)
    return known.quota if known is not None else None


def _known(channel: str) -> MonthQuota | None:
    found: MonthQuota | None = MonthQuota.select().where(MonthQuota.channel == channel).first()
    return found


def left(channel: str = MAIN) -> int | None:
    """Paid messages that account has left this month; None when there is no limit, LINE has not answered, or its
    answer is last month's."""
    month = this_month(channel)
    return None if month is None or month.quota is None else max(month.quota - month.used_count, 0)


erasure.nothing("It is about the shop's messages of a month.", MonthQuota)
