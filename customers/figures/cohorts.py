"""Customers by the calendar month of their first purchase, and how many of them bought in each month since. Pure.

A month that has not come yet is None, never 0; the running one has what was bought so far. `cohort_counts.py` counts
the same in the database.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from customers.figures.histories import History
from customers.values.windows import first_of_month

MONTH_COUNT = 13
"""So many months of first purchases, and so many columns: the month itself and a year of months since."""

Place = tuple[int, int]
"""How many months before the running one the first purchase was, and how many months after it something happened."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The customers whose first purchase was in that month."""

    month: date
    size: int
    bought: tuple[int | None, ...]
    """How many bought in the month itself, one month later, and so on."""
    second: tuple[int | None, ...]
    """How many had made their second purchase by the end of each of these months, or so far."""


def of_histories(histories: Iterable[History], on: date) -> list[Cohort]:
    """The cohorts of the running month and the twelve before, oldest first."""
    bought: Counter[Place] = Counter()
    second: Counter[Place] = Counter()
    for each in histories:
        back = months_between(each.first_on, on)
        for since in {months_between(each.first_on, purchase.on) for purchase in each.purchases}:
            bought[back, since] += 1
        if each.second_on is not None:
            second[back, months_between(each.first_on, each.second_on)] += 1
    return assemble(bought, second, on)


def assemble(bought: Mapping[Place, int], second: Mapping[Place, int], on: date) -> list[Cohort]:
    """Cohorts of the counts of customers who bought in a month, and whose second purchase was in it."""
    found = []
    for back in range(MONTH_COUNT - 1, -1, -1):
        so_far, seconds = 0, []
        for since in range(back + 1):
            so_far += second.get((back, since), 0)
            seconds.append(so_far)
        counts = [bought.get((back, since), 0) for since in range(back + 1)]
        to_come = (None,) * (MONTH_COUNT - 1 - back)
        found.append(Cohort(first_of_month(on, back), counts[0], (*counts, *to_come), (*seconds, *to_come)))
    return found


def months_between(earlier: date, later: date) -> int:
    """How many calendar months the later day's is after the earlier day's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month
