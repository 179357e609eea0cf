"""The figures of RFM and recency, recomputed from the raw tables by the words of docs/figures.md."""

from datetime import date, timedelta

from tests.storage.console.raw_tables import Figure, Recompute, Row, Tables, month_to, months_before
from tests.storage.console.recomputed_people import number_of


def days_since(rows: list[Row], on: date) -> int:
    return int((on - rows[-1]["ordered_on"]).days)


def rfm_buyers(tables: Tables, on: date) -> Figure:
    return number_of(set(tables.bought(on)))


def rfm_new(tables: Tables, on: date) -> Figure:
    return number_of(set(tables.bought(on)) - set(tables.bought(months_before(on, 3))))


def moved(is_lost: bool) -> Recompute:
    """Lost, or come back: on which side of 180 days the last purchase was three months before and is now."""

    def count(tables: Tables, on: date) -> Figure:
        day = months_before(on, 3)
        then, now = tables.bought(day), tables.bought(on)
        return number_of(
            {
                who
                for who, rows in then.items()
                if (days_since(rows, day) <= 180) is is_lost and (days_since(now[who], on) > 180) is is_lost
            }
        )

    return count


def recency_30_60(tables: Tables, on: date) -> Figure:
    bought = tables.bought(on)
    return number_of({w for w, rows in bought.items() if len(rows) >= 2 and 30 <= days_since(rows, on) <= 59})


def recency_passed_60(tables: Tables, on: date) -> Figure:
    month, found = month_to(on), set()
    for who, rows in tables.bought(on).items():
        days = [row["ordered_on"] for row in rows]
        for place, day in enumerate(days[1:], 1):
            sixtieth = day + timedelta(days=60)
            if sixtieth in month and not any(later <= sixtieth for later in days[place + 1 :]):
                found.add(who)
    return number_of(found)


RECOMPUTED: dict[str, Recompute] = {
    "rfm-buyers": rfm_buyers,
    "rfm-new": rfm_new,
    "rfm-lost": moved(is_lost=True),
    "rfm-returned": moved(is_lost=False),
    "recency-30-60": recency_30_60,
    "recency-passed-60-this-month": recency_passed_60,
}
