"""Simulates flows that earn nothing and flows that do: `python -m benchmarks.effects [--flows 2000]`.

Each flow is compared daily for a year by the product's own functions: how many of those without an effect are said to
have one, and whether a true effect is found within the time that was foretold. Sales have a heavy tail (lognormal, and
one buyer in 200 buys for a whole office), what a customer spends hangs together from year to year, and the caps are
found anew at each look. Then the coverage of the intervals that are meant for one look. All from one seed.
"""

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from math import ceil, sqrt

import numpy as np
from scipy import stats

from benchmarks.measure import table
from benchmarks.simulated_flows import (
    DAYS,
    Amounts,
    Flows,
    People,
    arms_of_first,
    flows_of_a_kind,
    people_of_a_flow,
)
from journeys.proof.statistics import always_valid, means, proportions, sample_ratio
from journeys.proof.statistics.sample_size import enrolments_needed
from journeys.proof.statistics.values import Arm, Interval, Sums
from journeys.proof.statistics.verdict import Verdict, compare

SEED = 20261130
SIZES = (150, 600, 3_000, 12_000, 36_500)
"""Enrolments a year, from a very small shop to a large one."""
RATES = (0.03, 0.10, 0.25, 0.40)
PERCENTS = (5, 10, 30, 50)
SALES_KINDS = (
    # enrolments a year, base rate, percent held out
    (600, 0.40, 30),
    (3_000, 0.25, 10),
    (3_000, 0.25, 30),
    (12_000, 0.03, 30),
    (12_000, 0.10, 10),
    (12_000, 0.25, 50),
    (36_500, 0.25, 10),
)
TRUE_KINDS = (
    # base rate, effect, percent held out, enrolments a month
    (0.25, 0.05, 30, 1_000),
    (0.25, 0.10, 30, 150),
    (0.25, 0.10, 10, 300),
    (0.25, 0.05, 50, 500),
    (0.10, 0.05, 30, 300),
    (0.03, 0.03, 30, 500),
    (0.40, -0.10, 30, 200),
)

Difference = Callable[[Arm, Arm], Interval]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--flows", type=int, default=2_000, help="simulated flows of each kind")
    options.add_argument("--only", choices=["null", "sales", "true", "coverage"])
    given = options.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "null": partial(without_effect, given.flows),
        "sales": partial(sales_without_effect, max(given.flows // 4, 20)),
        "true": partial(with_effect, given.flows),
        "coverage": partial(coverage, given.flows),
    }
    for name, part in parts.items():
        if given.only in (None, name):
            part()


def without_effect(flows: int) -> None:
    """Rates, daily looks for a year: the share of flows in which an effect was ever shown."""
    generator = np.random.default_rng(SEED)
    rows = [["enrolments a year", "held out", "base 3 %", "10 %", "25 %", "40 %", "ordinary, 25 %", "ratio"]]
    for size in SIZES:
        for percent in PERCENTS:
            shown, ordinary, broken = [], 0.0, 0.0
            for rate in RATES:
                simulated = flows_of_a_kind(generator, flows, size / DAYS, percent, (rate, rate), DAYS)
                shown.append(_ever(simulated, always_valid.rate_difference))
                if rate == 0.25:
                    ordinary = _ever(simulated, proportions.newcombe)
                    broken = _ever_broken(simulated, percent)
            cells = [_percent(share) for share in (*shown, ordinary, broken)]
            rows.append([f"{size:,}", f"{percent} %", *cells])
    table(f"False effects in rates under daily looks, {flows:,} flows of each kind", rows)


def sales_without_effect(flows: int) -> None:
    """The same for sales per head, and for what the page says of both together."""
    generator = np.random.default_rng(SEED)
    rows = [["enrolments a year", "held out", "base", "sales", "ordinary Welch", "rate", "either", "verdict"]]
    for size, rate, percent in SALES_KINDS:
        found = np.zeros(5)
        for _ in range(flows):
            found += _first_effects(people_of_a_flow(generator, size, percent, rate), percent)
        cells = [_percent(share) for share in found / flows]
        rows.append([f"{size:,}", f"{percent} %", f"{rate:.0%}", *cells])
    table(f"False effects in sales per head under daily looks, {flows:,} flows of each kind", rows)


def with_effect(flows: int) -> None:
    """When a true effect is found, beside what was foretold."""
    generator = np.random.default_rng(SEED)
    head = "base and effect|held out|a month|foretold, months|found by then|median|8 of 10 by|wrong way round"
    rows = [[*head.split("|"), "one look: foretold", "found"]]
    for base, effect, percent, per_month in TRUE_KINDS:
        daily, rates = per_month * 12 / DAYS, (base + effect, base)
        needed, needed_once = (
            enrolments_needed(base, effect, percent, always_valid=always) for always in (True, False)
        )
        days, day_once = ceil(needed / daily), ceil(needed_once / daily)
        simulated = flows_of_a_kind(generator, flows, daily, percent, rates, 2 * days)
        found, wrong = _days_until(simulated, effect > 0)
        once = [proportions.newcombe(*simulated.arms(flow, day_once - 1)) for flow in range(flows)]
        found_once = sum(each.is_positive if effect > 0 else each.is_negative for each in once) / flows
        months = [f"{np.quantile(found, share) * 12 / DAYS:.1f}" for share in (0.5, 0.8)]
        rows.append(
            [
                f"{base:.0%} {effect:+.0%}",
                f"{percent} %",
                str(per_month),
                f"{needed / per_month:.1f}",
                _percent(float(np.mean(found <= days))),
                *months,
                _percent(wrong),
                f"{needed_once / per_month:.1f}",
                _percent(found_once),
            ]
        )
    table(f"True effects under daily looks, {flows:,} flows of each kind", rows)


def coverage(flows: int) -> None:
    """How often the intervals for one look hold the truth: of rates by summing over all outcomes, of sales by
    simulation."""
    rows = [["held out of all", "rate of both", "Newcombe", "Wald"]]
    for held_out, treated in ((30, 270), (30, 70), (100, 900)):
        for rate in RATES:
            exact = [_exact_coverage(treated, held_out, rate, each) for each in (proportions.newcombe, _wald)]
            rows.append(
                [f"{held_out} of {held_out + treated}", f"{rate:.0%}", *(f"{each:.3f}" for each in exact)]
            )
    table("Coverage of 95 % intervals for the difference of rates, exact", rows)
    generator = np.random.default_rng(SEED)
    rows = [["people", "held out", "base", "Welch", "spread", "with CUPED: width"]]
    for size, percent, rate in ((300, 10, 0.25), (400, 30, 0.25), (1_000, 10, 0.30), (3_000, 30, 0.10)):
        covered, widths = [], []
        for _ in range(flows):
            arms = arms_of_first(people_of_a_flow(generator, size, percent, rate), size)
            interval = means.welch(*arms)
            first, second = (Arm(arm.count, 0, Sums(y=arm.sums.y, yy=arm.sums.yy)) for arm in arms)
            plain = means.welch(first, second)
            covered.append(interval.low <= 0 <= interval.high)
            widths.append((interval.high - interval.low) / (plain.high - plain.low))
        share = float(np.mean(covered))
        spread = 1.96 * sqrt(share * (1 - share) / flows)
        rows.append([f"{size:,}", f"{percent} %", f"{rate:.0%}", f"{share:.3f}", f"± {spread:.3f}"])
        rows[-1].append(f"{np.mean(widths):.2f} of that without")
    table(f"Coverage of Welch's 95 % interval for sales per head, {flows:,} flows of each kind", rows)


def _days_to_ask(flows: Flows) -> Iterator[tuple[int, list[int]]]:
    """Each flow with the days on which it is worth asking: where the rates are more than 0.8 of the ordinary standard
    errors apart. On the others no interval excludes zero, and to ask costs time."""
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = flows.treated_buyers / flows.treated, flows.held_out_buyers / flows.held_out
        error = np.sqrt(first * (1 - first) / flows.treated + second * (1 - second) / flows.held_out)
        worth = np.nan_to_num(np.abs(first - second), nan=0.0) > np.nan_to_num(error, nan=0.0) * 0.8
    for flow in range(len(worth)):
        yield flow, np.flatnonzero(worth[flow]).tolist()


def _ever(flows: Flows, difference: Difference) -> float:
    """The share of flows in which an effect was shown on any day."""
    shown = 0
    for flow, days in _days_to_ask(flows):
        intervals = (difference(*flows.arms(flow, day)) for day in days)
        shown += any(interval.is_positive or interval.is_negative for interval in intervals)
    return shown / len(flows.treated)


def _ever_broken(flows: Flows, percent: int) -> float:
    """The share of flows whose sample ratio was called broken on any day."""
    days = range(0, flows.treated.shape[1])
    return float(
        np.mean(
            [
                any(
                    sample_ratio.is_broken(int(treated[day]), int(held_out[day]), percent)
                    for day in days
                    if abs(held_out[day] - (treated[day] + held_out[day]) * percent / 100)
                    > 2 * sqrt(held_out[day] + 1) * (1 - percent / 100)
                )
                for treated, held_out in zip(flows.treated[:500], flows.held_out[:500], strict=True)
            ]
        )
    )


def _days_until(flows: Flows, is_gain: bool) -> tuple[Amounts, float]:
    """For each flow the day on which its effect was first shown (infinite: never), and the share of flows that were
    first shown the opposite."""
    found, wrong = np.full(len(flows.treated), np.inf), 0
    for flow, days in _days_to_ask(flows):
        for day in days:
            interval = always_valid.rate_difference(*flows.arms(flow, day))
            if interval.is_positive or interval.is_negative:
                wrong += interval.is_positive is not is_gain
                found[flow] = day + 1 if interval.is_positive is is_gain else np.inf
                break
    return found, wrong / len(found)


def _first_effects(people: People, percent: int) -> Amounts:
    """Whether in a year of daily looks an effect was shown: in sales, in sales by ordinary intervals, in rates, in
    either of sales and rates, in the verdict."""
    shown = np.zeros(5, dtype=bool)
    for count in np.unique(np.searchsorted(people.day, np.arange(DAYS), side="right")).tolist():
        arms = arms_of_first(people, count)
        comparison = compare(*arms, percent)
        sales, rate = comparison.sales, comparison.rate
        ordinary = means.welch(*arms) if sales else None
        by_each = [bool(each and (each.is_positive or each.is_negative)) for each in (sales, ordinary, rate)]
        shown |= [*by_each, by_each[0] or by_each[2], comparison.verdict in (Verdict.EARNS, Verdict.COSTS)]
    return shown.astype(float)


def _exact_coverage(treated: int, held_out: int, rate: float, difference: Difference) -> float:
    """The probability that the interval holds the true difference, which is 0."""
    by_treated = stats.binom.pmf(np.arange(treated + 1), treated, rate)
    by_held_out = stats.binom.pmf(np.arange(held_out + 1), held_out, rate)
    covered = 0.0
    for first, chance in enumerate(by_treated):
        for second, other in enumerate(by_held_out):
            if chance * other > 1e-9:
                interval = difference(Arm(treated, first), Arm(held_out, second))
                covered += chance * other * (interval.low <= 0 <= interval.high)
    return float(covered)


def _wald(treated: Arm, held_out: Arm) -> Interval:
    rates = [arm.buyer_count / arm.count for arm in (treated, held_out)]
    squares = [rate * (1 - rate) / arm.count for rate, arm in zip(rates, (treated, held_out), strict=True)]
    reach = 1.959964 * sqrt(sum(squares))
    return Interval.around(rates[0] - rates[1], reach, reach)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


if __name__ == "__main__":
    main()
