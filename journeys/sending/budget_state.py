"""Whether a message may be pushed at the month's cost now, as last computed and stored.

`handlers/budget_jobs.py` computes it again every hour. The rules are in `budget.py`, the counting in
`budget_counts.py`. Messages that wait here may still go along with a reply, which is free.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee

from bot import localtime
from bot.config import shop
from bot.db import database, erasure
from bot.db.database import Model, UtcDateTimeField
from bot.db.per_database import PerDatabase
from bot.line.multicast_delivery import DISSOLVED
from bot.queue.outbox import MULTICAST, PUSH, OutboxMessage
from journeys.sending import budget, budget_counts
from journeys.sending.budget import Cutoff, Demand, Forecast
from journeys.sending.budget_counts import Past
from journeys.sending.budget_settings import BudgetRules
from journeys.sending.message_kinds import CLASS_RULES, MessageClass

COMPUTED_EVERY = timedelta(hours=1)
READ_EVERY_SECONDS = 5.0
COUNTED_EVERY_SECONDS = 1.0
NOTHING_WAITS = Cutoff()
Scheduled = Callable[[Past, datetime], Sequence[Demand]]
"""What is scheduled elsewhere until the end of the month, given the last weeks and that end."""


class MonthBudget(Model):
    """The budget of one month as last computed; the row of the current month is in force."""

    month = peewee.DateField(unique=True)
    """The first day of the month."""
    quota = peewee.IntegerField(null=True)
    limit_count = peewee.IntegerField(null=True)
    used_count = peewee.IntegerField()
    reserved_count = peewee.IntegerField()
    demand_count = peewee.IntegerField()
    waiting_count = peewee.IntegerField()
    cutoff_worth = peewee.IntegerField()
    cutoff_room = peewee.IntegerField()
    cutoff_total = peewee.IntegerField(null=True)
    demand = peewee.TextField()
    """JSON: class, priority and pushes of each group."""
    outbox_id = peewee.IntegerField()
    """The newest row of the outbox then: pushes after it take from `cutoff_room` and `cutoff_total`."""
    computed_at = UtcDateTimeField()

    class Meta:
        table_name = "month_budget"

    @property
    def forecast(self) -> Forecast:
        """The figures as the rules have them."""
        return Forecast(
            self.limit_count,
            self.used_count,
            self.reserved_count,
            self.demand_count,
            self.waiting_count,
            Cutoff(self.cutoff_worth, self.cutoff_room, self.cutoff_total),
        )

    @property
    def groups(self) -> list[Demand]:
        """What is expected of what can wait, the most worth first."""
        found = [
            Demand(MessageClass(name), priority, count) for name, priority, count in json.loads(self.demand)
        ]
        return sorted(found, key=lambda each: -budget.worth(each.message_class, each.priority))


@dataclass(slots=True)
class _Cache:
    """What this process read last."""

    month: date | None = None
    until: float = float("-inf")
    cutoff: Cutoff = NOTHING_WAITS
    outbox_id: int = 0
    pushed_count: int = 0
    counted_until: float = float("-inf")


_cache = PerDatabase(_Cache)


def waits_for_budget(message_class: MessageClass, priority: int) -> bool:
    """Whether a message of that class and priority has to wait for a reply or for the next month, because the
    month's messages are needed for what is worth more.

    Follows the stored figures within seconds; without figures of this month nothing waits.
    """
    if not CLASS_RULES[message_class].waits_for_budget:
        return False
    cutoff = _cutoff()
    return cutoff.total is not None and budget.waits(cutoff, message_class, priority, _pushed_since())


def room_for(message_class: MessageClass, priority: int) -> int | None:
    """How many messages of that class and priority may still be pushed before the next have to wait; None for
    as many as there are."""
    cutoff = _cutoff()
    if not CLASS_RULES[message_class].waits_for_budget or cutoff.total is None:
        return None
    return budget.room_for(cutoff, message_class, priority, _pushed_since())


def current() -> MonthBudget | None:
    """This month's figures as last computed; None before the first time."""
    row: MonthBudget | None = MonthBudget.get_or_none(MonthBudget.month == _month())
    return row


def is_current() -> bool:
    """Whether this month's figures are less than an hour old."""
    row = current()
    return row is not None and localtime.now() - COMPUTED_EVERY < row.computed_at <= localtime.now()


def compute(scheduled: Scheduled = lambda _past, _month_end: ()) -> MonthBudget:
    """This month's figures, counted now and not stored."""
    today, rules = localtime.today(), shop.get(BudgetRules)
    last_day = budget.month_end(today)
    end, days_left = localtime.start_of(last_day + timedelta(days=1)), budget.days_left(today, last_day)
    quota, used_count = budget_counts.used_this_month()
    known = budget_counts.past()
    demand = [*budget_counts.demand(known, end, days_left), *scheduled(known, end)]
    outlook = budget.forecast(
        budget.limit(quota, rules.month_limit),
        used_count,
        budget.until_month_end(known.never_held_count, known.days, days_left),
        demand,
        rules.reserve_percent,
    )
    newest = OutboxMessage.select(peewee.fn.MAX(OutboxMessage.id)).scalar()
    return MonthBudget(
        month=_month(),
        quota=quota,
        limit_count=outlook.limit,
        used_count=outlook.used_count,
        reserved_count=outlook.reserved_count,
        demand_count=outlook.demand_count,
        waiting_count=outlook.waiting_count,
        cutoff_worth=outlook.cutoff.worth,
        cutoff_room=outlook.cutoff.room,
        cutoff_total=outlook.cutoff.total,
        demand=json.dumps(budget.groups(demand)),
        outbox_id=newest or 0,
        computed_at=localtime.now(),
    )


def store(row: MonthBudget) -> None:
    """Put the figures in force, in place of the month's former ones."""
    database.require_transaction()
    values = {name: value for name, value in row.__data__.items() if name != "id"}
    MonthBudget.insert(values).on_conflict(
        conflict_target=[MonthBudget.month],
        update={MonthBudget._meta.fields[name]: value for name, value in values.items() if name != "month"},
    ).execute()
    _cache().until = float("-inf")


def _month() -> date:
    return localtime.today().replace(day=1)


def _cutoff() -> Cutoff:
    """The cutoff in force, read again after some seconds and when the month has changed."""
    cache, month, now = _cache(), _month(), time.monotonic()
    if now >= cache.until or cache.month != month:
        row = current()
        cache.month, cache.until = month, now + READ_EVERY_SECONDS
        cache.cutoff = row.forecast.cutoff if row else NOTHING_WAITS
        cache.outbox_id, cache.counted_until = row.outbox_id if row else 0, float("-inf")
    return cache.cutoff


def _pushed_since() -> int:
    """Pushes written since the figures were computed, counted again after a second."""
    cache = _cache()
    if time.monotonic() >= cache.counted_until:
        paid = OutboxMessage.kind.in_((PUSH, MULTICAST)) & (OutboxMessage.state != DISSOLVED)
        since = OutboxMessage.select().where(OutboxMessage.id > cache.outbox_id, paid)
        cache.pushed_count = int(since.count())
        cache.counted_until = time.monotonic() + COUNTED_EVERY_SECONDS
    return cache.pushed_count


erasure.nothing("It is about the shop's messages of a month.", MonthBudget)
