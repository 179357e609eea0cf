"""Stores the aggregation units that pushes carry, and LINE's sums of each.

A unit's name goes out with a push; LINE sums up by unit what people do with those messages, never by person.
The names are made by whoever pushes (`journeys/links/units.py`); the worker asks LINE (`bot/worker/sender.py`).
"""

from dataclasses import dataclass
from datetime import date, timedelta

import peewee

from bot import localtime
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, advisory_lock, insert_once, require_transaction
from bot.line.unit_statistics import LONGEST_PERIOD, UnitStatistics

MOST_A_MONTH = 1_000
"""Names that LINE accepts in a month.
https://developers.line.biz/en/docs/messaging-api/unit-based-statistics-aggregation/"""
MOST_CALLS_AN_HOUR = 50
"""LINE accepts 60. https://developers.line.biz/en/reference/messaging-api/#rate-limits"""
AN_HOUR = timedelta(hours=1)
ASK_AGAIN_AFTER = timedelta(hours=6)
ASK_UNTIL = LONGEST_PERIOD + timedelta(days=7)
"""After the first use: LINE's sums of a day come some days later."""


class MessageInsight(Model):
    """One aggregation unit with LINE's newest sums; a sum that LINE does not give is null."""

    unit = peewee.CharField(30, unique=True)
    subject = peewee.CharField(150)
    """What the messages of the unit are: a name that the one who pushes finds them by."""
    first_used_on = peewee.DateField(index=True)
    opened_count = peewee.IntegerField(null=True)
    clicked_count = peewee.IntegerField(null=True)
    played_count = peewee.IntegerField(null=True)
    asked_at = UtcDateTimeField(null=True)
    """By the machine's clock, since LINE counts calls by the hour."""
    answered_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "message_insight"


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit that LINE is asked about now, and the days."""

    unit: str
    first_on: date
    last_on: date


def use(unit: str, subject: str) -> bool:
    """Store that pushes carry the unit from now on; False when the month's names are used up, so that the push
    goes without one."""
    require_transaction()
    if MessageInsight.select().where(MessageInsight.unit == unit).exists():
        return True
    today = localtime.today()
    used = MessageInsight.select().where(MessageInsight.first_used_on >= today.replace(day=1))
    if used.count() >= MOST_A_MONTH:
        return False
    insert_once(MessageInsight, unit=unit, subject=subject, first_used_on=today)
    return True


def take_next() -> Asked | None:
    """The unit to ask LINE about: the one not asked for longest, the newer first. None when nothing is due or
    this hour's calls are used up, those of other processes included."""
    require_transaction()
    advisory_lock("line-insight")
    machine_now, today = localtime.machine_now(), localtime.today()
    lately = MessageInsight.select().where(MessageInsight.asked_at > machine_now - AN_HOUR)
    if lately.count() >= MOST_CALLS_AN_HOUR:
        return None
    is_due = MessageInsight.asked_at.is_null() | (
        (MessageInsight.asked_at <= machine_now - AN_HOUR)
        & (
            MessageInsight.answered_at.is_null()
            | (MessageInsight.answered_at <= localtime.now() - ASK_AGAIN_AFTER)
        )
    )
    is_open = MessageInsight.first_used_on.between(today - ASK_UNTIL, today)
    due = MessageInsight.select().where(is_due, is_open)
    row: MessageInsight | None = due.order_by(
        MessageInsight.asked_at.asc(nulls="FIRST"), MessageInsight.id.desc()
    ).first()
    if row is None:
        return None
    MessageInsight.update(asked_at=machine_now).where(MessageInsight.id == row.id).execute()
    return Asked(row.unit, row.first_used_on, min(row.first_used_on + LONGEST_PERIOD, today))


def store(unit: str, sums: UnitStatistics | None) -> None:
    """Store LINE's answer; None when it refused to give any, which leaves earlier sums as they are."""
    require_transaction()
    given = (
        {}
        if sums is None
        else {
            MessageInsight.opened_count: sums.opened,
            MessageInsight.clicked_count: sums.clicked,
            MessageInsight.played_count: sums.played,
        }
    )
    changes = {MessageInsight.answered_at: localtime.now()} | {
        field: value for field, value in given.items() if value is not None
    }
    MessageInsight.update(changes).where(MessageInsight.unit == unit).execute()


erasure.nothing("LINE counts opens of many people together.", MessageInsight)
