"""One comparison whole: what may be shown of it, and what it says. Pure.

The same for a flow, a campaign or a recommendation against its hold-out (30 or 10 % held out) and for two variants of
a step (50 %; B as the treated, A as the held out)."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from journeys.proof.statistics import always_valid, proportions, sample_ratio
from journeys.proof.statistics.values import Arm, Interval

PEOPLE_FOR_SALES = 100
BUYERS_FOR_SALES = 30


class Verdict(StrEnum):
    """What a comparison says."""

    EARNS = "earns"
    COSTS = "costs"
    UNDECIDED = "undecided"
    NO_RESULT = "no-result"


class NoSales(StrEnum):
    """Why sales per head are not shown: in the smaller arm are fewer than 100 people or fewer than 30 buyers, all
    amounts are alike, or there is no result at all."""

    FEW_PEOPLE = "few-people"
    FEW_BUYERS = "few-buyers"
    ALL_ALIKE = "all-alike"
    NO_RESULT = "no-result"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms compared. `rate` and `sales` (yen per head, capped and adjusted) are always-valid, `fixed_rate` is for
    one look at a date set beforehand. `verdict` no-result: the sample ratio is broken, or an arm is empty."""

    treated: Arm
    held_out: Arm
    sample_ratio_is_broken: bool
    rate: Interval | None
    fixed_rate: Interval | None
    sales: Interval | None
    sales_reason: NoSales | None
    verdict: Verdict

    @property
    def is_certain(self) -> bool:
        """Whether it is known to earn or to cost."""
        return self.verdict in (Verdict.EARNS, Verdict.COSTS)


def compare(treated: Arm, held_out: Arm, percent: float) -> Comparison:
    """What the two arms say when `percent` (0 to 100) should be held out."""
    is_broken = sample_ratio.is_broken(treated.count, held_out.count, percent)
    if is_broken or not treated.count or not held_out.count:
        return Comparison(
            treated, held_out, is_broken, None, None, None, NoSales.NO_RESULT, Verdict.NO_RESULT
        )
    rate = always_valid.rate_difference(treated, held_out)
    sales = _sales(treated, held_out)
    return Comparison(
        treated,
        held_out,
        is_broken,
        rate,
        proportions.newcombe(treated, held_out),
        sales if isinstance(sales, Interval) else None,
        sales if isinstance(sales, NoSales) else None,
        _verdict(rate, sales),
    )


def _sales(treated: Arm, held_out: Arm) -> Interval | NoSales:
    if min(treated.count, held_out.count) < PEOPLE_FOR_SALES:
        return NoSales.FEW_PEOPLE
    if min(treated.buyer_count, held_out.buyer_count) < BUYERS_FOR_SALES:
        return NoSales.FEW_BUYERS
    sales = always_valid.sales_difference(treated, held_out)
    return sales if isfinite(sales.low) else NoSales.ALL_ALIKE


def _verdict(rate: Interval, sales: Interval | NoSales) -> Verdict:
    """From the rate, the one measure said beforehand: whichever of two measures shows something would be wrong twice as
    often. Sales can only contradict."""
    if rate.is_positive:
        is_contradicted = isinstance(sales, Interval) and sales.is_negative
        return Verdict.UNDECIDED if is_contradicted else Verdict.EARNS
    if rate.is_negative:
        is_contradicted = isinstance(sales, Interval) and sales.is_positive
        return Verdict.UNDECIDED if is_contradicted else Verdict.COSTS
    return Verdict.UNDECIDED
