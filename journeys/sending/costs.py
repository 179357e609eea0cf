"""What a month's unasked messages cost and brought: how many were sent, how many of them free, yen, what pushing each
by itself would have cost, and the orders that followed; by kind, by flow and by campaign.

Counts by sets in SQL. A message belongs to the month in which LINE took it. The forecast is in `budget.py`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot import localtime
from bot.db.database import execute, stored
from bot.db.shifted_moments import days_after
from customers.values.windows import Window
from journeys.sending import budget
from journeys.sending.message_kinds import CLASS_RULES, Kind, MessageClass

FOLLOWS_WITHIN_DAYS = 7
"""An order counts for the last message before it, if that is not older."""
_LONGEST_IN_OUTBOX = timedelta(days=40)
"""A message that LINE's quota held back goes out in the next month at the latest."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages of one kind, of one flow, or of one campaign."""

    name: str
    """The kind, the flow's key, or `campaign:` and its id."""
    title: str
    """The flow's or campaign's name; empty for a kind."""
    sent_count: int = 0
    ride_count: int = 0
    """Free, along with a reply."""
    push_count: int = 0
    """Pushes that cost something; several messages of one call count once."""
    order_count: int = 0
    order_yen: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.name,
            self.title,
            self.sent_count + other.sent_count,
            self.ride_count + other.ride_count,
            self.push_count + other.push_count,
            self.order_count + other.order_count,
            self.order_yen + other.order_yen,
        )

    @property
    def free_share(self) -> float | None:
        """The part that cost nothing, 0 to 1: rides, and what went along with another message's push."""
        return 1 - self.push_count / self.sent_count if self.sent_count else None


@dataclass(frozen=True, slots=True)
class MonthCosts:
    """One month."""

    month: date
    kinds: tuple[Sent, ...]
    """Most sent first."""
    flows: tuple[Sent, ...]
    campaigns: tuple[Sent, ...]
    staff_push_count: int
    """Answers of staff that came after the reply token had expired."""
    late_push_count: int
    """Answers of the bot that had to be pushed for the same reason."""
    unheld_push_count: int
    """All pushes that the budget never holds: those two, and messages about orders and tickets."""
    support_push_count: int = 0
    """Of all pushes, those of the second LINE account, which has a plan of its own."""

    @property
    def total(self) -> Sent:
        """All unasked messages."""
        return sum(self.kinds, Sent("", ""))

    def yen(self, push_cost_yen: int) -> int:
        """What the unasked messages cost."""
        return self.total.push_count * push_cost_yen

    def single_yen(self, push_cost_yen: int) -> int:
        """What they would have cost with each pushed by itself."""
        return self.total.sent_count * push_cost_yen

    def saved_yen(self, push_cost_yen: int) -> int:
        """The difference."""
        return self.single_yen(push_cost_yen) - self.yen(push_cost_yen)


def of_month(month: date) -> MonthCosts:
    """The figures of the month that contains that day, as far as it has gone."""
    first_on = month.replace(day=1)
    after = budget.month_end(first_on) + timedelta(days=1)
    begin, end = localtime.start_of(first_on), localtime.start_of(after)
    rows = [*_sent(begin, end), *_orders(begin, end, first_on, after)]
    pushed, by_staff, from_second = execute(_ALL_PUSHES, stored(begin), stored(end)).fetchone()
    ours = sum(part.push_count for _, part, _ in rows)
    can_wait = sum(
        part.push_count for name, part, _ in rows if CLASS_RULES[MessageClass(name)].waits_for_budget
    )
    return MonthCosts(
        first_on,
        _together(part for _, part, _ in rows),
        _together(of for _, part, of in rows if of is not None and part.name != Kind.CAMPAIGN),
        _together(of for _, part, of in rows if of is not None and part.name == Kind.CAMPAIGN),
        int(by_staff),
        int(pushed) - ours - int(by_staff),
        int(pushed) - can_wait,
        int(from_second),
    )


_Row = tuple[str, Sent, Sent | None]
"""The message class, what is counted for its kind, and the same for its flow or campaign."""


def sent_on(window: Window) -> Sent:
    """All unasked messages that LINE took on these days, of any month; without the orders that followed them."""
    begin, after = localtime.start_of(window.first_on), window.last_on + timedelta(days=1)
    return sum((part for _, part, _ in _sent(begin, localtime.start_of(after))), Sent("", ""))


def _sent(begin: datetime, end: datetime) -> list[_Row]:
    earliest = stored(begin - _LONGEST_IN_OUTBOX)
    rows = execute(_MESSAGES, earliest, stored(end), stored(begin), stored(end)).fetchall()
    return [_row(row[:4], tuple(map(int, row[4:]))) for row in rows]


def _orders(begin: datetime, end: datetime, first_on: date, after: date) -> list[_Row]:
    """Orders that followed messages of the month, up to some days after its end."""
    sql = _ORDERS.format(earliest=days_after("b.ordered_at", -FOLLOWS_WITHIN_DAYS))
    last_on = after + timedelta(days=FOLLOWS_WITHIN_DAYS)
    earliest = stored(begin - _LONGEST_IN_OUTBOX)
    values = (earliest, first_on.isoformat(), last_on.isoformat(), stored(begin), stored(end))
    rows = execute(sql, *values).fetchall()
    return [_row(row[:4], (0, 0, 0, *map(int, row[4:]))) for row in rows]


def _row(names: tuple[Any, ...], counted: tuple[int, ...]) -> _Row:
    kind, name, key, title = names
    return name, Sent(kind, "", *counted), None if key is None else Sent(key, title or "", *counted)


def _together(parts: Iterable[Sent]) -> tuple[Sent, ...]:
    found: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    for part in parts:
        found[part.name, part.title].append(part)
    sums = [sum(some, Sent(*names)) for names, some in found.items()]
    return tuple(sorted(sums, key=lambda each: (-each.sent_count, each.name)))


_WHOSE = (
    "FROM {source} JOIN outbox_message o ON o.id = p.outbox_id "
    "LEFT JOIN enrolment e ON e.id = p.enrolment_id LEFT JOIN flow f ON f.id = e.flow_id "
    "LEFT JOIN campaign_recipient r ON p.kind = 'campaign' AND r.customer_id = p.customer_id AND r.planned_id = p.id "
    "LEFT JOIN campaign c ON c.id = r.campaign_id "
)
_OF = "p.kind, p.message_class, COALESCE(f.key, 'campaign:' || c.id), COALESCE(f.name, c.name)"
_MESSAGES = (
    f"SELECT {_OF}, COUNT(*), "
    "SUM(CASE WHEN o.sent_as = 'reply' THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN o.sent_as = 'push' AND p.carries_cost THEN 1 ELSE 0 END) "
    + _WHOSE.format(source="planned_message p")
    + "WHERE p.state = 'sent' AND p.settled_at >= ? AND p.settled_at < ? AND o.sent_at >= ? AND o.sent_at < ? "
    "GROUP BY 1, 2, 3, 4"
)
_ORDERS = (
    f"SELECT {_OF}, COUNT(*), SUM(bought.yen) "  # noqa: S608 -- fixed SQL
    + _WHOSE.format(
        source="(SELECT b.total_yen - b.refunded_yen AS yen, (SELECT m.id FROM planned_message m "
        "JOIN outbox_message c ON c.id = m.outbox_id "
        "WHERE m.customer_id = b.customer_id AND m.state = 'sent' AND m.settled_at >= ? "
        "AND m.settled_at <= b.ordered_at AND c.sent_at <= b.ordered_at AND c.sent_at > {earliest} "
        "ORDER BY c.sent_at DESC, m.priority DESC, m.id DESC LIMIT 1) AS planned_id "
        "FROM purchase b WHERE b.state = 'paid' AND b.customer_id IS NOT NULL "
        "AND b.ordered_on BETWEEN ? AND ?) bought JOIN planned_message p ON p.id = bought.planned_id"
    )
    + "WHERE o.sent_at >= ? AND o.sent_at < ? GROUP BY 1, 2, 3, 4"
)
_ALL_PUSHES = (
    "SELECT COUNT(*), COALESCE(SUM(CASE WHEN staff_id IS NOT NULL THEN 1 ELSE 0 END), 0), "
    "COALESCE(SUM(CASE WHEN channel = 'support' THEN 1 ELSE 0 END), 0) FROM outbox_message "
    "WHERE sent_as = 'push' AND sent_at >= ? AND sent_at < ?"
)
