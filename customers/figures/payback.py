"""When the average customer has paid back what it cost to win them. Pure.

Months are 30 days each, from the day of the first purchase. Each month's sales are averaged over those for whom it is
over by the day, so a young customer counts for the months they have had, and for no later one. `repeat_counts.py`
counts the same in the database; what winning a customer costs is entered by the owner (`customers/costs/`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from customers.figures.histories import History

MONTH_DAYS = 30
MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Month:
    """The customers for whom this month since the first purchase is over, and what they bought in it, in yen."""

    customer_count: int = 0
    yen: int = 0


def months_of(histories: Iterable[History], on: date) -> tuple[Month, ...]:
    """The first 24 months since the first purchase."""
    found = [Month()] * MOST_MONTHS
    for history in histories:
        for place in range(months_over(history.first_on, on)):
            in_month = [
                each.yen
                for each in history.purchases
                if (each.on - history.first_on).days // MONTH_DAYS == place
            ]
            found[place] = Month(found[place].customer_count + 1, found[place].yen + sum(in_month))
    return tuple(found)


def months_over(first_on: date, on: date) -> int:
    """How many months since the first purchase are over, 24 at most: one is when the first purchase is 30 days ago."""
    return min((on - first_on).days // MONTH_DAYS, MOST_MONTHS)


def curve(months: Sequence[Month], fewest: int) -> list[float]:
    """What the average customer has bought by the end of each month, in yen; it ends before the first month that
    rests on fewer customers than that."""
    so_far, found = 0.0, []
    for month in months:
        if month.customer_count < max(1, fewest):
            break
        so_far += month.yen / month.customer_count
        found.append(so_far)
    return found


def paid_back_after(sales_yen: Sequence[float], margin: float, cost_yen: int) -> int | None:
    """The month by whose end margin (0 to 1) times sales covers the cost, 1 for the first; None for not yet."""
    return next((place for place, yen in enumerate(sales_yen, 1) if margin * yen >= cost_yen), None)
