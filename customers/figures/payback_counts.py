"""Counts the months of `payback.py` for a whole shop, in one statement over all purchases."""

from datetime import date

from customers.figures import bought
from customers.figures.payback import MONTH_DAYS, MOST_MONTHS, Month


def months(on: date) -> tuple[Month, ...]:
    """The first 24 months since the first purchase of customers on LINE."""
    over = f"({bought.days_between('?', 'first_on')} + 1) / {MONTH_DAYS}"
    since = f"{bought.days_between('ordered_on', 'first_on')} / {MONTH_DAYS}"
    found = bought.rows(
        bought.bought(on),
        f"SELECT {over} AS months_over, {since} AS month, SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END), SUM(yen) "
        "FROM bought GROUP BY months_over, month",
        bought.day(on),
    )
    counts, yen = [0] * MOST_MONTHS, [0] * MOST_MONTHS
    for months_over, month, customer_count, month_yen in found:
        for place in range(min(int(months_over), MOST_MONTHS)):
            counts[place] += int(customer_count)
        if month < min(months_over, MOST_MONTHS):
            yen[int(month)] += int(month_yen)
    return tuple(Month(*each) for each in zip(counts, yen, strict=True))
