"""Counts what the month's budget is computed from: pushes so far, pushes of the last weeks, messages that wait.

The rules are in `budget.py`. Surveys and steps of flows that are still to come are passed to `budget_state.py` by
`handlers/budget_jobs.py`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee

from bot import localtime
from bot.db.database import execute, stored
from bot.line.channels import MAIN
from bot.queue import month_quota
from bot.queue.outbox import PUSH, OutboxMessage
from journeys.sending import budget
from journeys.sending.budget import Demand
from journeys.sending.message_kinds import CLASS_RULES, Kind, MessageClass
from journeys.sending.tables import WAITING, PlannedMessage

PAST_DAYS = 28
FEWEST_DAYS = 7
"""A shop that began to push yesterday is not expected to go on at that pace."""
FEWEST_SENT = 20
"""Messages of a kind from which the share of them that was pushed means something."""
SCHEDULED = {Kind.SURVEY, Kind.SURVEY_REMINDER, Kind.FLOW_STEP, Kind.CAMPAIGN}
"""Kinds that are known beforehand and therefore not expected at the pace of the last weeks."""
Group = tuple[str, MessageClass, int]
"""Kind, class and priority."""


@dataclass(frozen=True, slots=True)
class Past:
    """The last 28 days: what each group sent and pushed, and the pushes that nothing holds."""

    days: int
    groups: Mapping[Group, tuple[int, int]]
    never_held_count: int

    def pushes_of(self, count: int, kind: str) -> int:
        """How many pushes so many messages of that kind will cost, as far as the last weeks say."""
        of_kind = [each for group, each in self.groups.items() if group[0] == kind]
        sent, pushed = sum(each[0] for each in of_kind), sum(each[1] for each in of_kind)
        return budget.share(count, pushed, sent, FEWEST_SENT)


def used_this_month() -> tuple[int | None, int]:
    """LINE's quota (None: no limit, or unknown) and how many pushes this month has used: as LINE said, with what we
    pushed since; without an answer of this month, as many as we pushed."""
    known = month_quota.this_month()
    if known is not None:
        return known.quota, known.used_count
    begin = localtime.start_of(localtime.today().replace(day=1))
    return month_quota.latest_quota(), _pushed(begin).count()


def past() -> Past:
    """What the last 28 days cost."""
    since = localtime.now() - timedelta(days=PAST_DAYS)
    rows = execute(_PAST, stored(since), stored(since)).fetchall()
    groups = {
        (kind, MessageClass(name), priority): (int(sent), int(pushed))
        for kind, name, priority, sent, pushed in rows
    }
    can_wait = sum(
        pushed for (_, name, _), (_, pushed) in groups.items() if CLASS_RULES[name].waits_for_budget
    )
    all_count, first_at = _pushed(
        since, peewee.fn.COUNT(OutboxMessage.id), peewee.fn.MIN(OutboxMessage.sent_at)
    )
    return Past(_days_since(first_at), groups, max(all_count - can_wait, 0))


_PAST = (
    "SELECT p.kind, p.message_class, p.priority, COUNT(*), "
    "SUM(CASE WHEN p.carries_cost AND o.sent_as = 'push' AND o.channel = 'main' THEN 1 ELSE 0 END) "
    "FROM planned_message p JOIN outbox_message o ON o.id = p.outbox_id "
    "WHERE p.state = 'sent' AND p.settled_at >= ? AND o.sent_at >= ? "
    "GROUP BY p.kind, p.message_class, p.priority"
)


def demand(known: Past, month_end: datetime, days_left: int) -> list[Demand]:
    """The pushes expected for messages that wait now, and for kinds that nobody schedules at their pace."""
    waiting = _waiting_until(month_end)
    return [
        Demand(
            message_class,
            priority,
            max(
                known.pushes_of(waiting[group], kind),
                0
                if kind in SCHEDULED
                else budget.until_month_end(known.groups.get(group, (0, 0))[1], known.days, days_left),
            ),
        )
        for group in waiting.keys() | known.groups.keys()
        for kind, message_class, priority in [group]
    ]


def _waiting_until(moment: datetime) -> Counter[Group]:
    rows: Any = (
        PlannedMessage.select(
            PlannedMessage.kind,
            PlannedMessage.message_class,
            PlannedMessage.priority,
            peewee.fn.COUNT(PlannedMessage.id),
        )
        .where(PlannedMessage.state == WAITING, PlannedMessage.due_at < moment)
        .group_by(PlannedMessage.kind, PlannedMessage.message_class, PlannedMessage.priority)
        .tuples()
    )
    return Counter({(kind, MessageClass(name), priority): count for kind, name, priority, count in rows})


def _pushed(since: datetime, *columns: Any) -> Any:
    """Query of the main account's pushes since then; with columns, their values."""
    query = OutboxMessage.select(*columns).where(
        OutboxMessage.sent_as == PUSH, OutboxMessage.sent_at >= since, OutboxMessage.channel == MAIN
    )
    return query.tuples().first() if columns else query


def _days_since(first_at: datetime | None) -> int:
    if first_at is None:
        return PAST_DAYS
    days = (localtime.today() - localtime.local_date(first_at)).days + 1
    return min(max(days, FEWEST_DAYS), PAST_DAYS)
