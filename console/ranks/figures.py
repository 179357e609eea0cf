"""Counts what the page of ranks shows; cached for a large shop. What is counted is defined in `rewards/figures/`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot import localtime
from console.figures import cache
from customers.values import windows
from customers.values.windows import Window
from rewards.figures import points_liability, rank_axes, rank_history, rank_perks
from rewards.figures.points_liability import Liability, Movement
from rewards.figures.rank_axes import AxisClass, Distance
from rewards.figures.rank_history import Distribution
from rewards.figures.rank_perks import PerkCost
from rewards.ranks.rules import Rank

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points whose last day is on these days; `window` is None of those that never expire."""

    window: Window | None
    points: int
    is_overdue: bool = False
    """Past their last day, and not let expire yet."""
    is_later: bool = False
    """After the months that are shown one by one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of the page."""

    counted_at: datetime
    is_cached: bool
    distributions: list[tuple[date, Distribution]]
    """At the end of each month, oldest first, and today."""
    axes: list[AxisClass]
    distances: list[Distance]
    liability: Liability
    expiring: list[Expiring]
    movements: list[Movement]
    perks: list[PerkCost]


def of_shop() -> Counted | None:
    """The figures to show now; None while a large shop's are counted for the first time."""
    shown = cache.shown(FIGURES)
    if shown is None:
        return None
    counted = shown.counted
    return Counted(
        counted_at=shown.counted_at,
        is_cached=shown.is_cached,
        distributions=[
            (date.fromisoformat(day), dict(zip(Rank, counts, strict=True)))
            for day, counts in counted["distributions"]
        ],
        axes=[AxisClass(**each) for each in counted["axes"]],
        distances=[Distance(**each | {"rank": Rank(each["rank"])}) for each in counted["distances"]],
        liability=Liability(**counted["liability"]),
        expiring=expiring(_left(counted["left"]), localtime.today()),
        movements=[
            Movement(date.fromisoformat(month), points, balance)
            for month, points, balance in counted["movements"]
        ],
        perks=[PerkCost(Rank(rank), count, yen) for rank, count, yen in counted["perks"]],
    )


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def expiring(left: Mapping[date | None, int], today: date) -> list[Expiring]:
    """Pure: points by their last day, summed by month: overdue, this month and those ahead, later, never."""
    months = [windows.calendar_month(windows.first_of_month(today, -ahead)) for ahead in range(MONTHS + 1)]
    months[0] = Window(today, months[0].last_on)
    sums: Counter[date] = Counter()
    overdue = later = 0
    for day, points in left.items():
        if day is None:
            continue
        if day < today:
            overdue += points
        elif day > months[-1].last_on:
            later += points
        else:
            sums[windows.first_of_month(day)] += points
    found = [Expiring(month, sums[windows.first_of_month(month.first_on)]) for month in months]
    if overdue:
        yesterday = windows.days(today, 2).first_on
        found.insert(0, Expiring(Window(FIRST, yesterday), overdue, is_overdue=True))
    if later:
        following = windows.first_of_month(months[-1].last_on, -1)
        found.append(Expiring(Window(following, LAST), later, is_later=True))
    if left.get(None):
        found.append(Expiring(None, left[None]))
    return found


FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def _left(counted: list[list[Any]]) -> dict[date | None, int]:
    return {date.fromisoformat(day) if day else None: points for day, points in counted}


def _count() -> Mapping[str, Any]:
    today = localtime.today()
    months = list(windows.calendar_months(today, MONTHS))
    held = rank_history.distributions([month.last_on for month in months])
    left = points_liability.left_by_last_day(today)
    return {
        "distributions": [
            [day.isoformat(), [counts[rank] for rank in Rank]] for day, counts in sorted(held.items())
        ],
        "axes": [asdict(each) for each in rank_axes.axis_classes()],
        "distances": [asdict(each) for each in rank_axes.distances()],
        "liability": asdict(points_liability.of_shop(today)),
        "left": [[day.isoformat() if day else None, points] for day, points in left.items()],
        "movements": [
            [each.month.isoformat(), dict(each.points), each.balance]
            for each in points_liability.movements_of_shop(months)
        ],
        "perks": [
            [int(each.rank), each.redeemed_count, each.value_yen]
            for each in rank_perks.of_window(windows.year(today))
        ],
    }


FIGURES = cache.Figures("ranks", _count)
