"""Counts one comparison as of now, and that of the shop as a whole; ends a hold-out that has answered.

What is compared is left to the subjects: flows and variants (`journeys/effects/`), campaigns, individual contact. The
words are the console's (`console/journeys/effect_words.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import localtime
from bot.db.database import write_transaction
from journeys.proof import arms, periods
from journeys.proof.statistics import sample_size
from journeys.proof.statistics.values import Arm, Sums
from journeys.proof.statistics.verdict import Comparison, compare
from journeys.proof.tables import ShopAssignment

SHOP_OUTCOME_DAYS = 90
"""Orders so many days after somebody's first trigger of the year count for the shop as a whole."""
DIFFERENCES = (0.10, 0.05, 0.02)
"""The differences of the repurchase rate for which it is said when they would be found, the greatest first."""
FEWEST_TO_FORESEE = 10
_MONTH_DAYS = 30.0
_SHORTEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Result:
    """One comparison as counted."""

    percent: int
    """Of all assigned, how many in hundred are meant to be on the side that is held out."""
    since: datetime
    outcome_days: int
    treated: Arm
    held_out: Arm
    assigned: int
    """Customers assigned so far, on both sides, whether or not their outcome window has passed."""
    per_month: float
    is_closed: bool = False
    """Whether nobody else will be assigned, as once a campaign has begun."""

    @property
    def is_over(self) -> bool:
        """Whether everybody who will ever be assigned is counted."""
        return self.is_closed and self.counted >= self.assigned

    @property
    def comparison(self) -> Comparison:
        """What the two sides say."""
        return compare(self.treated, self.held_out, self.percent)

    @property
    def counted(self) -> int:
        """Customers whose outcome window has passed."""
        return self.treated.count + self.held_out.count

    @property
    def first_at(self) -> datetime:
        """When the first of them can be counted, at the earliest."""
        return self.since + timedelta(days=self.outcome_days)

    def foreseen(self) -> tuple[float, float] | None:
        """In how many months which difference of the rate would be found, if it is there: the greatest one that is
        not due yet. None while nothing can be said: too few were counted, or nobody comes."""
        if self.counted < FEWEST_TO_FORESEE or not 0 < self.percent < 100:
            return None
        base = (self.treated.buyer_count + self.held_out.buyer_count) / self.counted
        for difference in DIFFERENCES:
            if base + difference > 1:
                difference = -difference
            needed = sample_size.enrolments_needed(base, difference, self.percent)
            months = self._months_until(needed)
            if months is None or months > 0:
                return (months, abs(difference)) if months is not None else None
        return None

    def _months_until(self, needed: int) -> float | None:
        if self.counted >= needed:
            return 0.0
        window = self.outcome_days / _MONTH_DAYS
        if self.assigned >= needed:
            return window * (needed - self.counted) / (self.assigned - self.counted)
        more = sample_size.months_until_answer(needed, self.assigned, self.per_month)
        return None if more is None else more + window

    def as_values(self) -> dict[str, Any]:
        """The result as values that JSON can hold."""
        return {**asdict(self), "since": self.since.isoformat()}


def from_values(values: Mapping[str, Any]) -> Result:
    """The result of `as_values`."""
    arm = {
        side: Arm(values[side]["count"], values[side]["buyer_count"], Sums(**values[side]["sums"]))
        for side in ("treated", "held_out")
    }
    return Result(**{**values, **arm, "since": datetime.fromisoformat(values["since"])})


def count(
    assigned: Any, percent: int, since: datetime, outcome_days: int, *, of_product: bool = False
) -> Result:
    """The comparison of these assignments (`arms.of_assignments` says what they are) as of now."""
    now = localtime.now()
    treated, held_out = arms.of_assignments(assigned, outcome_days, now, of_product=of_product)
    so_far = arms.counts(assigned, now)
    days = min(max((now - since) / timedelta(days=1), _SHORTEST_DAYS), arms.LATELY_DAYS)
    return Result(
        percent,
        since,
        outcome_days,
        treated,
        held_out,
        so_far.treated + so_far.held_out,
        so_far.lately * _MONTH_DAYS / days,
    )


def decide(subject: str, configured: int | None, effect: Callable[[], Result | None]) -> bool:
    """End the period of the subject's automatic hold-out when its effect is certain: from then on fewer are held out.
    Whether it ended. The effect is counted outside of a transaction."""
    result = effect() if periods.is_undecided(subject, configured) else None
    if result is None or not result.comparison.is_certain:
        return False
    with write_transaction():
        return periods.close(subject, periods.DECIDED)


def of_shop() -> Result | None:
    """Everybody who was assigned this year: those to whom no flow and no campaign writes, against all others."""
    year = localtime.today().year
    period = periods.comparing(periods.of_shop(year))
    if period is None:
        return None
    assigned = ShopAssignment.select(
        ShopAssignment.customer.alias("customer_id"),
        ShopAssignment.assigned_at.alias("assigned_at"),
        ShopAssignment.is_held_out.alias("is_held_out"),
    ).where(ShopAssignment.year == year, ShopAssignment.assigned_at >= period.started_at)
    return count(assigned, period.percent, period.started_at, SHOP_OUTCOME_DAYS)
