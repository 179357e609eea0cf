"""The figures of purchases, recomputed from the raw tables by the words of docs/figures.md."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

from tests.storage.console import intervals_by_hand as interval
from tests.storage.console.raw_tables import (
    Days,
    Figure,
    Recompute,
    Row,
    Tables,
    ever,
    median,
    month_to,
    months_before,
    year_before,
    year_to,
    yen,
)

Bought = dict[int, list[Row]]
BY_SCORE = {"promoters": range(9, 11), "passives": range(7, 9), "detractors": range(7)}


def share(part: set[int], whole: set[int]) -> Figure:
    low, high = interval.of_share(len(part), len(whole))
    return Figure(len(part) / len(whole) if whole else None, part, len(part), len(whole), low, high)


def average(of_each: dict[int, float]) -> Figure:
    """An average of customers."""
    amounts = list(of_each.values())
    low, high = interval.of_mean(amounts)
    return Figure(fmean(amounts) if amounts else None, set(of_each), None, len(amounts), low, high)


def sales_of_each(bought: Bought) -> dict[int, float]:
    return {who: yen(rows) for who, rows in bought.items()}


def this_year(tables: Tables, on: date) -> Bought:
    return tables.bought_in(year_to(on), on)


# LTV


def sales_year(tables: Tables, on: date) -> Figure:
    year = this_year(tables, on)
    return Figure(sum(map(yen, year.values())), set(year), count=len(year))


def order_price(tables: Tables, on: date) -> Figure:
    year = this_year(tables, on)
    orders = [row["yen"] for rows in year.values() for row in rows]
    return Figure(fmean(orders) if orders else None, set(year), count=len(orders))


def orders_per_buyer(tables: Tables, on: date) -> Figure:
    year = this_year(tables, on)
    return Figure(fmean(map(len, year.values())) if year else None, set(year), count=len(year))


def ltv(tables: Tables, on: date) -> Figure:
    return average(sales_of_each(this_year(tables, on)))


def first_year(tables: Tables, on: date) -> dict[int, float]:
    """What each bought in the 365 days from the first purchase, where these are over."""
    found = {}
    for who, rows in tables.bought(on).items():
        first = rows[0]["ordered_on"]
        if (on - first).days >= 365:
            found[who] = float(yen(row for row in rows if (row["ordered_on"] - first).days < 365))
    return found


def ltv_matured(tables: Tables, on: date) -> Figure:
    return average(first_year(tables, on))


def year_retention(tables: Tables, on: date) -> Figure:
    before = set(tables.bought_in(year_before(on), on))
    return share(before & set(this_year(tables, on)), before)


def next_year_sales(tables: Tables, on: date) -> Figure:
    """It rests on the buyers of the year before."""
    year, stayed = this_year(tables, on), year_retention(tables, on)
    value = (
        sum(map(yen, year.values())) / len(year) * stayed.value if year and stayed.value is not None else None
    )
    return Figure(value, set(year), count=stayed.count)


def second_purchase_rate(tables: Tables, on: date) -> Figure:
    days = year_to(on - timedelta(days=180))
    new = {who: rows for who, rows in tables.bought(on).items() if rows[0]["ordered_on"] in days}
    again = {
        who
        for who, rows in new.items()
        if len(rows) > 1 and (rows[1]["ordered_on"] - rows[0]["ordered_on"]).days <= 180
    }
    return share(again, set(new))


def of_order(number: int) -> Recompute:
    """The share of those who made the order before this one who made this one, too."""

    def count(tables: Tables, on: date) -> Figure:
        bought = tables.bought(on)
        made = {
            place: {w for w, rows in bought.items() if len(rows) >= place} for place in (number - 1, number)
        }
        return share(made[number], made[number - 1])

    return count


def share_18000_and_3(tables: Tables, on: date) -> Figure:
    year = this_year(tables, on)
    return share({who for who, rows in year.items() if len(rows) >= 3 and yen(rows) >= 18_000}, set(year))


def year_of_group(tables: Tables, on: date, group: str) -> dict[int, float]:
    latest = tables.latest_answers(ever(on))
    return sales_of_each(
        {
            who: rows
            for who, rows in this_year(tables, on).items()
            if (
                who not in latest
                if group == "silent"
                else who in latest and latest[who]["score"] in BY_SCORE[group]
            )
        }
    )


def ltv_of(group: str) -> Recompute:
    return lambda tables, on: average(year_of_group(tables, on, group))


def ratio(above: dict[int, float], below: dict[int, float], people: set[int] | None) -> Figure:
    first, second = list(above.values()), list(below.values())
    low, high = interval.of_ratio(first, second)
    value = fmean(first) / fmean(second) if first and second else None
    return Figure(value, people, None, min(len(first), len(second)), low, high)


def ltv_ratio(tables: Tables, on: date) -> Figure:
    return ratio(year_of_group(tables, on, "promoters"), year_of_group(tables, on, "detractors"), None)


def order_gap_median(tables: Tables, on: date) -> Figure:
    year = year_to(on)
    gaps = [
        (later["ordered_on"] - row["ordered_on"]).days
        for rows in tables.bought(on).values()
        for row, later in pairwise(rows)
        if later["ordered_on"] in year
    ]
    return Figure(median(gaps), count=len(gaps))


def costs(tables: Tables, on: date) -> tuple[int, float] | None:
    """The CPO and the margin in force in that month: of the version that begins last, entered last."""
    versions = [row for row in tables["acquisition_cost"] if row["from_month"] <= on.replace(day=1)]
    if not versions:
        return None
    row = max(versions, key=lambda row: (row["from_month"], row["id"]))
    return None if row["cpo_yen"] is None else (row["cpo_yen"], row["margin_permille"] / 1000)


def ltv_cpo_ratio(tables: Tables, on: date) -> Figure:
    matured, entered = first_year(tables, on), costs(tables, on)
    found = average(matured if entered is None else {who: each / entered[0] for who, each in matured.items()})
    return found if entered else Figure(None, found.people, count=found.count)


def payback_month(tables: Tables, on: date) -> Figure:
    entered, total = costs(tables, on), 0.0
    bought = tables.bought(on)
    count = sum((on - rows[0]["ordered_on"]).days >= 30 for rows in bought.values())
    for month in range(1, 25):
        over = [rows for rows in bought.values() if (on - rows[0]["ordered_on"]).days >= 30 * month]
        if len(over) < 30 or not entered:
            break
        total += fmean(
            yen(
                r
                for r in rows
                if 30 * (month - 1) <= (r["ordered_on"] - rows[0]["ordered_on"]).days < 30 * month
            )
            for rows in over
        )
        if total * entered[1] >= entered[0]:
            return Figure(month, count=count)
    return Figure(None, count=count)


# All orders of the shop


def sales_of(days_of: Callable[[date], Days]) -> Recompute:
    def count(tables: Tables, on: date) -> Figure:
        rows = [row for row in tables.purchases if row["ordered_on"] in days_of(on)]
        people = {row["customer_id"] for row in rows} - {None}
        return Figure(yen(rows), people, count=len(rows))

    return count


def same_days(months: int) -> Callable[[date], Days]:
    """From the 1st to the same day of an earlier month; on the last day of a month, the whole of that month."""

    def days(on: date) -> Days:
        first = months_before(on.replace(day=1), months)
        if (on + timedelta(days=1)).day == 1:
            return Days(first, months_before(first, -1) - timedelta(days=1))
        return Days(first, months_before(on, months))

    return days


def linked_share(tables: Tables, on: date) -> Figure:
    rows = [row for row in tables.purchases if row["ordered_on"] in month_to(on)]
    linked = [row for row in rows if row["customer_id"] is not None]
    value = yen(linked) / yen(rows) if rows else None
    return Figure(value, {row["customer_id"] for row in linked}, yen(linked), yen(rows))


RECOMPUTED: dict[str, Recompute] = {
    "sales-month": sales_of(month_to),
    "sales-same-days-last-month": sales_of(same_days(1)),
    "sales-same-days-last-year": sales_of(same_days(12)),
    "sales-month-linked-share": linked_share,
    "sales-year": sales_year,
    "order-price": order_price,
    "orders-per-buyer": orders_per_buyer,
    "ltv": ltv,
    "ltv-matured": ltv_matured,
    "year-retention": year_retention,
    "next-year-sales": next_year_sales,
    "second-purchase-rate": second_purchase_rate,
    "continuation-rate": of_order(2),
    "survival-rate": of_order(3),
    "share-18000-and-3": share_18000_and_3,
    **{f"ltv-{group}": ltv_of(group) for group in (*BY_SCORE, "silent")},
    "ltv-ratio-promoters-detractors": ltv_ratio,
    "order-gap-median": order_gap_median,
    "ltv-cpo-ratio": ltv_cpo_ratio,
    "payback-month": payback_month,
}
