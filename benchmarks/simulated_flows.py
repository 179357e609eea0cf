"""Flows and their customers, made up for benchmarks/effects.py."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from journeys.proof.statistics.capping import CAPPED_ABOVE
from journeys.proof.statistics.values import Arm, Sums

DAYS = 365
"""A year of snapshots."""
Counts = NDArray[np.int64]
Amounts = NDArray[np.float64]


@dataclass(frozen=True)
class Flows:
    """Many flows of one kind, day by day: all that was counted until then, one row a flow."""

    treated: Counts
    treated_buyers: Counts
    held_out: Counts
    held_out_buyers: Counts

    def arms(self, flow: int, day: int) -> tuple[Arm, Arm]:
        """Both sides of one flow on one day."""
        return (
            Arm(int(self.treated[flow, day]), int(self.treated_buyers[flow, day])),
            Arm(int(self.held_out[flow, day]), int(self.held_out_buyers[flow, day])),
        )


@dataclass(frozen=True)
class People:
    """Everyone who enrolled in one flow, in the order of their days."""

    day: Counts
    is_held_out: NDArray[np.bool_]
    sales: Amounts
    sales_before: Amounts


def flows_of_a_kind(
    generator: np.random.Generator,
    count: int,
    per_day: float,
    percent: int,
    rates: tuple[float, float],
    days: int,
) -> Flows:
    """So many flows in which `percent` are held out and the treated and the held out buy at these rates."""
    enrolled = generator.poisson(per_day, (count, days))
    held_out = generator.binomial(enrolled, percent / 100)
    treated_buyers = generator.binomial(enrolled - held_out, rates[0])
    held_out_buyers = generator.binomial(held_out, rates[1])
    counted = (enrolled - held_out, treated_buyers, held_out, held_out_buyers)
    return Flows(*(each.cumsum(axis=1) for each in counted))


def people_of_a_flow(generator: np.random.Generator, size: int, percent: int, rate: float) -> People:
    """About `size` customers, alike on both sides, of whom the share `rate` buys."""
    count = int(generator.poisson(size))
    is_keen = generator.random(count) < 0.5
    spends = generator.normal(0, 0.9, count) + np.where(generator.random(count) < 0.005, 3.0, 0.0)
    bought = generator.random(count) < rate * np.where(is_keen, 1.5, 0.5)
    bought_before = generator.random(count) < np.where(is_keen, 0.95, 0.6)
    amounts = np.round(np.exp(8.3 + spends + generator.normal(0, 0.6, (2, count))))
    return People(
        np.sort(generator.integers(0, DAYS, count)),
        generator.random(count) < percent / 100,
        amounts[0] * bought,
        amounts[1] * bought_before * np.where(is_keen, 2, 1),
    )


def arms_of_first(people: People, count: int) -> tuple[Arm, Arm]:
    """Both sides of the first so many people."""
    y, x = _capped(people.sales[:count]), _capped(people.sales_before[:count])
    is_held_out = people.is_held_out[:count]
    return _arm(y[~is_held_out], x[~is_held_out]), _arm(y[is_held_out], x[is_held_out])


def _arm(y: Amounts, x: Amounts) -> Arm:
    # Not by the @ of matrices, whose threads wait for each other on a busy machine.
    sums = (y.sum(), (y * y).sum(), x.sum(), (x * x).sum(), (x * y).sum())
    return Arm(len(y), int(np.count_nonzero(y)), Sums(*map(float, sums)))


def _capped(amounts: Amounts) -> Amounts:
    if not len(amounts):
        return amounts
    place = max(ceil(CAPPED_ABOVE * len(amounts)) - 1, 0)
    cap = np.partition(amounts, place)[place]
    return np.minimum(amounts, cap) if cap else amounts
