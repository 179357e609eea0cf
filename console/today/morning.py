"""What one morning has: what was counted beforehand, as the to-dos and the tiles take it. Pure values; they are made in
`counted.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from console.figures.definition import Value


@dataclass(frozen=True, slots=True)
class Answered:
    """A flow or campaign whose effect is certain."""

    key: str
    name: str
    endpoint: str
    values: Mapping[str, Any]
    verdict: str
    yen_a_head: float | None
    """The difference of sales a head; None where there are too few for it."""
    people_a_year: int
    """How many come to it in a year, or how many got it."""
    share: float
    """Of them, those for whom the answer changes something, 0 to 1."""

    @property
    def year_yen(self) -> int | None:
        """What the answer is worth in a year, in yen."""
        if self.yen_a_head is None:
            return None
        return round(abs(self.yen_a_head) * self.people_a_year * self.share)


@dataclass(frozen=True, slots=True)
class SecondPurchase:
    """First buyers who come to the end of the usual time, and what their second purchases would be worth."""

    count: int
    gap_days: int
    rate: float
    order_yen: int
    until_on: date


@dataclass(frozen=True, slots=True)
class Expiring:
    """Customers whose points or coupons expire soon, with their sales of a year."""

    customer_count: int
    year_yen: int
    first_on: date | None


@dataclass(frozen=True, slots=True)
class Products:
    """Products that sell and cannot be recommended, with a year's sales at the pace of the last month."""

    count: int
    year_yen: int
    only_id: int | None


@dataclass(frozen=True, slots=True)
class Morning:
    """What was counted beforehand, for the to-dos and the tiles of one day."""

    today: date
    counted_at: datetime | None = None
    """None while a large shop's figures are counted for the first time."""
    is_cached: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)
    earlier: Mapping[str, tuple[date, Value]] = field(default_factory=dict)
    """Of the figures that are compared: the day, and the value as of that day."""
    second_purchase: SecondPurchase | None = None
    expiring: Expiring | None = None
    products: Products | None = None
    answered: tuple[Answered, ...] = ()
    yen_per_message: float = 0.0
    """Orders that followed the shop's messages of the last months, in yen for each message."""
