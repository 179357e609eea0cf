"""The days from one order to the next, and their median; also by product. Pure.

Only gaps that ended are known: who has not come back yet has none. A gap is counted in the window in which it ended.
Of a product it goes from an order with it to the same customer's next order with it on a later day. `gap_counts.py`
counts the same in the database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from customers.figures.histories import History
from customers.values.windows import Window

Gaps = Mapping[int, int]
"""How many gaps there are of so many days."""


def between_orders(histories: Iterable[History], window: Window) -> Gaps:
    """The gaps between the orders of each customer that ended on these days; 0 where two are of one day."""
    found: Counter[int] = Counter()
    for history in histories:
        days = [each.on for each in history.purchases]
        for before, after in pairwise(days):
            if after in window:
                found[(after - before).days] += 1
    return found


def by_product(lines: Iterable[tuple[int, str, date]], window: Window) -> dict[str, Gaps]:
    """The gaps of each product that ended on these days, from customers, product codes and days; what has no code is
    left out."""
    days: defaultdict[tuple[int, str], set[date]] = defaultdict(set)
    for customer_id, sku, day in lines:
        if sku and day <= window.last_on:
            days[customer_id, sku].add(day)
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for (_, sku), of_customer in days.items():
        in_order = sorted(of_customer)
        for before, after in pairwise(in_order):
            if after in window:
                found[sku][(after - before).days] += 1
    return dict(found)


def median(gaps: Gaps) -> float | None:
    """The median in days; of an even number the middle between the two in the middle. None without gaps."""
    count = sum(gaps.values())
    if not count:
        return None
    middle = [_at(gaps, place) for place in ((count + 1) // 2, count // 2 + 1)]
    return sum(middle) / 2


def _at(gaps: Gaps, place: int) -> int:
    """The gap at that place, from 1, when they stand in order of their length."""
    seen = 0
    for days in sorted(gaps):
        seen += gaps[days]
        if seen >= place:
            return days
    raise ValueError(f"there is no gap number {place}")
