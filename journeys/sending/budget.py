"""The rules of the month's budget of pushes: how many there may be, how many are needed until the month's end, and
what waits when they are too few. Pure.

`budget_state.py` counts and stores the figures these rules take; when a held message is looked at again is in
`release.py`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from journeys.sending.message_kinds import CLASS_RULES, MessageClass

_CARE_FROM = 100_000
"""Above every priority: a message of care is worth more than any offer."""
NOTHING_WAITS = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """Pushes expected until the month's end for messages of one class and priority."""

    message_class: MessageClass
    priority: int
    push_count: int


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What waits: every message worth less than `worth`. Those worth exactly that may be pushed while `room`
    lasts, and none after `total` pushes, which more than was foreseen may need."""

    worth: int = NOTHING_WAITS
    room: int = 0
    total: int | None = None
    """None: no limit."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A month's pushes until its end."""

    limit: int | None
    """The smaller of LINE's quota and the owner's limit; None when there is neither."""
    used_count: int
    reserved_count: int
    """For what is never held: staff's replies, messages about orders and tickets."""
    demand_count: int
    """For everything that can wait."""
    waiting_count: int
    """How many of those find no room this month."""
    cutoff: Cutoff

    @property
    def expected_count(self) -> int:
        """The month's pushes at its end, if nothing had to wait."""
        return self.used_count + self.reserved_count + self.demand_count


def limit(quota: int | None, month_limit: int) -> int | None:
    """The month's limit in pushes: the smaller of LINE's quota (None: unknown or without limit) and the owner's
    (0: none)."""
    known = [each for each in (quota, month_limit or None) if each is not None]
    return min(known, default=None)


def worth(message_class: MessageClass, priority: int) -> int:
    """How much a message is worth compared with others that can wait: care before selling, then by priority.
    At least 1."""
    return max(priority, 0) + 1 + (_CARE_FROM if message_class is MessageClass.CARE else 0)


def reserve(left: int, never_held_count: int, reserve_percent: int) -> int:
    """Pushes to leave for what is never held: as many as are expected, and at least that share of what is left."""
    return max(never_held_count, -(-left * reserve_percent // 100))


def forecast(
    limit: int | None,
    used_count: int,
    never_held_count: int,
    demand: Iterable[Demand],
    reserve_percent: int = 0,
) -> Forecast:
    """The month until its end. Where pushes are too few, messages wait from the least worth upwards; without a
    limit nothing waits."""
    wanted: Counter[int] = Counter()
    for each in demand:
        if CLASS_RULES[each.message_class].waits_for_budget:
            wanted[worth(each.message_class, each.priority)] += each.push_count
    total = wanted.total()
    if limit is None:
        return Forecast(None, used_count, never_held_count, total, 0, Cutoff())
    left = max(limit - used_count, 0)
    reserved = reserve(left, never_held_count, reserve_percent)
    room = max(left - reserved, 0)
    cutoff = Cutoff(*_first_without_room(wanted, room), room)
    return Forecast(limit, used_count, reserved, total, max(total - room, 0), cutoff)


def _first_without_room(wanted: Counter[int], room: int) -> tuple[int, int]:
    """The first group, from the most worth downwards, that does not fit whole, and the room left for it."""
    for each in sorted(wanted, reverse=True):
        if wanted[each] > room:
            return each, room
        room -= wanted[each]
    return NOTHING_WAITS, 0


def waits(cutoff: Cutoff, message_class: MessageClass, priority: int, pushed_since: int = 0) -> bool:
    """Whether such a message may not be pushed now. `pushed_since`: pushes since the cutoff was computed."""
    if not CLASS_RULES[message_class].waits_for_budget or cutoff.total is None:
        return False
    return room_for(cutoff, message_class, priority, pushed_since) == 0


def room_for(cutoff: Cutoff, message_class: MessageClass, priority: int, pushed_since: int = 0) -> int:
    """How many such messages may still be pushed, where there is a limit."""
    own = worth(message_class, priority)
    if own < cutoff.worth or cutoff.total is None:
        return 0
    return max((cutoff.total if own > cutoff.worth else cutoff.room) - pushed_since, 0)


def groups(demand: Iterable[Demand]) -> list[tuple[str, int, int]]:
    """Class, priority and pushes of each group that can wait, the most worth first; empty groups left out."""
    counted: Counter[tuple[MessageClass, int]] = Counter()
    for each in demand:
        if CLASS_RULES[each.message_class].waits_for_budget:
            counted[each.message_class, each.priority] += each.push_count
    ordered = sorted(counted.items(), key=lambda each: worth(*each[0]), reverse=True)
    return [(str(name), priority, count) for (name, priority), count in ordered if count]


def until_month_end(past_count: int, past_days: int, days_left: int) -> int:
    """How many to expect in the days left, at the pace of the past days; rounded up."""
    return -(-past_count * days_left // past_days) if past_days else 0


def share(count: int, pushes: int, of: int, fewest: int) -> int:
    """How many of `count` messages will be pushed, if it is as it was with `of` earlier ones, of which `pushes`
    were; all of them where `of` is below `fewest`. Rounded up."""
    return -(-count * pushes // of) if of >= fewest and of else count


def limit_day(today: date, month_end: date, outlook: Forecast) -> date | None:
    """The day on which the limit is reached if nothing waits, at an even pace; None when it lasts. Both days
    belong to the month."""
    if outlook.limit is None or outlook.expected_count <= outlook.limit:
        return None
    left = max(outlook.limit - outlook.used_count, 0)
    days = (month_end - today).days + 1
    ahead = outlook.reserved_count + outlook.demand_count
    return today + timedelta(days=min(left * days // ahead, days - 1)) if ahead else today


def days_left(today: date, month_end: date) -> int:
    """The days from today to the month's end, both included."""
    return (month_end - today).days + 1


def month_end(day: date) -> date:
    """The last day of that day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
