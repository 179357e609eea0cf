"""What customers bought in a year: LTV and its distribution, orders and prices, and who stayed. Pure.

LTV is one customer's sales over one year, in yen: of the last 12 months for those who bought in them, and apart from
it of the first 365 days for those whose first purchase is at least 365 days ago. The first changes with the shop's
year; the second has nobody in it whose year is not over. `sales_counts.py` counts the same in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from customers.figures.histories import YEAR_DAYS, History, Purchased, yen_of
from customers.figures.intervals import Sums
from customers.values import windows

CLASS_BOUNDS = (3_000, 6_000, 9_000, 12_000, 18_000, 30_000, 50_000, 100_000)
"""Where a class of a customer's yen ends and the next begins; the method's ¥18,000 is one."""
CLASS_COUNT = len(CLASS_BOUNDS) + 1
GOAL_YEN, GOAL_ORDERS = 18_000, 3
"""The method's LTV and purchases of a customer in the year."""


@dataclass(frozen=True, slots=True)
class Group:
    """Customers with their orders and yen of a year, and the sum of the squares of each customer's yen."""

    buyer_count: int = 0
    order_count: int = 0
    yen: int = 0
    squares: float = 0.0

    def __add__(self, other: "Group") -> "Group":
        return Group(
            self.buyer_count + other.buyer_count,
            self.order_count + other.order_count,
            self.yen + other.yen,
            self.squares + other.squares,
        )

    @property
    def sums(self) -> Sums:
        """The customers' yen, for an average and its interval."""
        return Sums(self.buyer_count, self.yen, self.squares)


@dataclass(frozen=True, slots=True)
class ShopSales:
    """The figures of a shop's customers on one day."""

    year_classes: tuple[Group, ...]
    """By their class of yen: the last 12 months of those who bought in them."""
    matured_classes: tuple[Group, ...]
    """The same of the first 365 days of those whose first purchase is at least 365 days ago."""
    goal_count: int
    """Buyers of the last 12 months with at least ¥18,000 and 3 purchases in them."""
    before_count: int
    """Buyers of the 12 months before."""
    stayed_count: int
    """Those of them who bought in the last 12 months too."""

    @property
    def year(self) -> Group:
        """All buyers of the last 12 months."""
        return sum(self.year_classes, Group())

    @property
    def matured(self) -> Group:
        """All whose first purchase is at least 365 days ago."""
        return sum(self.matured_classes, Group())


@dataclass(frozen=True, slots=True)
class Factors:
    """What the sales of one buyer in a year are made of."""

    order_yen: float
    """Price per order."""
    orders_per_buyer: float
    retention: float | None
    """The share of the buyers of the year before who bought in this one too; None without such buyers."""

    @property
    def ltv_yen(self) -> float:
        """Price per order times orders per buyer: the sales of one buyer in the year."""
        return self.order_yen * self.orders_per_buyer

    @property
    def next_year_yen(self) -> float | None:
        """All three: what one buyer of this year brings in the next one, if prices, orders and retention stay."""
        return None if self.retention is None else self.ltv_yen * self.retention


def class_of(yen: int) -> int:
    """The place of the class of that amount."""
    return sum(bound <= yen for bound in CLASS_BOUNDS)


def of_shop(histories: Iterable[History], on: date) -> ShopSales:
    """The figures of customers with these histories on that day."""
    year_classes, matured_classes = [Group()] * CLASS_COUNT, [Group()] * CLASS_COUNT
    goal_count = before_count = stayed_count = 0
    for each in histories:
        year, before = each.within(windows.year(on)), each.within(windows.year_before(on))
        if year:
            year_classes[class_of(yen_of(year))] += _of_one(year)
            goal_count += yen_of(year) >= GOAL_YEN and len(year) >= GOAL_ORDERS
        if each.is_first_at_least(YEAR_DAYS, on):
            first = each.first_days(YEAR_DAYS)
            matured_classes[class_of(yen_of(first))] += _of_one(first)
        before_count += bool(before)
        stayed_count += bool(before and year)
    return ShopSales(tuple(year_classes), tuple(matured_classes), goal_count, before_count, stayed_count)


def factors(sales: ShopSales) -> Factors | None:
    """What the year's sales of one buyer are made of; None without buyers."""
    year = sales.year
    if not year.buyer_count:
        return None
    return Factors(
        year.yen / year.order_count,
        year.order_count / year.buyer_count,
        sales.stayed_count / sales.before_count if sales.before_count else None,
    )


def by_group(histories: Iterable[History], on: date, groups: dict[int, str], other: str) -> dict[str, Group]:
    """The last 12 months of those who bought in them, by the group of each customer; `other` is that of the rest."""
    found: dict[str, Group] = {}
    for each in histories:
        if year := each.within(windows.year(on)):
            name = groups.get(year[0].customer_id, other)
            found[name] = found.get(name, Group()) + _of_one(year)
    return found


def _of_one(purchases: tuple[Purchased, ...]) -> Group:
    yen = yen_of(purchases)
    return Group(1, len(purchases), yen, float(yen) * yen)
