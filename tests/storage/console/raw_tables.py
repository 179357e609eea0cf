"""Whole tables as Python rows by plain SQL, days and medians: what figures are recomputed with, by none of the
product's own code but its connection, its settings and its clock.
"""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.config import shop
from bot.db import database
from support.hours.settings import BusinessHours

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?")
STAGES = ("acquired", "first", "repeat", "higher-value", "fan", "word-of-mouth", "premium-product")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as recomputed. `people` is None where no people are listed."""

    value: float | int | None
    people: set[int] | None = None
    part: int | None = None
    count: int | None = None
    low: float | None = None
    high: float | None = None


class Tables:
    """The tables of a shop, each read once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = local_day(now)
        self._read: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        if name not in self._read:
            cursor = database.execute(f"SELECT * FROM {name}")
            columns = [each[0] for each in cursor.description]
            self._read[name] = [
                {column: plain(value) for column, value in zip(columns, row, strict=True)}
                for row in cursor.fetchall()
            ]
        return self._read[name]

    @cached_property
    def purchases(self) -> list[Row]:
        """Orders that were not cancelled and of which at least ¥1 remains, with what remains as `yen`; by time."""
        found = [
            row | {"yen": row["total_yen"] - row["refunded_yen"]}
            for row in self["purchase"]
            if row["state"] == "paid" and row["total_yen"] - row["refunded_yen"] >= 1
        ]
        return sorted(found, key=lambda row: (row["ordered_on"], row["ordered_at"], row["id"]))

    def bought(self, until: date) -> dict[int, list[Row]]:
        """Each customer's purchases up to that day, the first one first."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.purchases:
            if row["customer_id"] is not None and row["ordered_on"] <= until:
                found[row["customer_id"]].append(row)
        return dict(found)

    def bought_in(self, days: "Days", until: date) -> dict[int, list[Row]]:
        """The same of some days, without customers who bought nothing in them."""
        of_all = {
            who: [row for row in rows if row["ordered_on"] in days]
            for who, rows in self.bought(until).items()
        }
        return {who: rows for who, rows in of_all.items() if rows}

    def latest_answers(self, days: "Days") -> dict[int, Row]:
        """Each customer's latest answer of those days."""
        rows = sorted(self["survey_answer"], key=lambda row: (row["answered_at"], row["id"]))
        return {row["customer_id"]: row for row in rows if row["answered_on"] in days}


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


Recompute = Callable[[Tables, date], Figure]


def plain(value: Any) -> Any:
    """SQLite's text as the day or moment that it is; moments are in UTC."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def local_day(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def end_of(day: date) -> datetime:
    """The first moment after that day."""
    return datetime.combine(day + timedelta(days=1), time(), TOKYO)


def months_before(day: date, count: int) -> date:
    """The same day so many months before, or that month's last day."""
    index = day.year * 12 + day.month - 1 - count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def year_to(day: date) -> Days:
    return Days(months_before(day, 12) + timedelta(days=1), day)


def year_before(day: date) -> Days:
    return year_to(year_to(day).first - timedelta(days=1))


def month_to(day: date) -> Days:
    return Days(day.replace(day=1), day)


def ever(day: date) -> Days:
    return Days(date.min, day)


def median(values: Iterable[float]) -> float | None:
    found = sorted(values)
    if not found:
        return None
    return (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2


def yen(rows: Iterable[Row]) -> int:
    return sum(row["yen"] for row in rows)


def working_hours(since: datetime, until: datetime) -> float:
    """The business hours, as set now, between two moments."""
    rules = shop.get(BusinessHours)
    first, last = since.astimezone(TOKYO), until.astimezone(TOKYO)
    total, day = timedelta(), first.date()
    while day <= last.date():
        if "月火水木金土日"[day.weekday()] in rules.weekdays and day not in rules.holidays:
            opens, closes = (
                datetime.combine(day, time.fromisoformat(at), TOKYO) for at in (rules.opens, rules.closes)
            )
            total += max(timedelta(), min(closes, last) - max(opens, first))
        day += timedelta(days=1)
    return total.total_seconds() / 3600
