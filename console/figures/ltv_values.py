"""Makes figures of the counts of `customers/figures/`: averages, shares and ratios with their intervals, and whether
they rest on too few. Pure; what each means is in `definitions/ltv.py`.
"""

from collections.abc import Mapping, Sequence

from console.figures.definition import Value
from customers.figures import gaps, intervals, payback, sales
from customers.figures.acquisition_costs import Costs
from customers.figures.gaps import Gaps
from customers.figures.intervals import Sums
from customers.figures.payback import Month
from customers.figures.repurchase import Step
from customers.figures.sales import Group, ShopSales

FEWEST = 30
"""The fewest buyers, orders or gaps that a figure is said of."""
NOTHING = Value(None, count=0, is_too_few=True)


def average(sums: Sums) -> Value:
    """The average with its interval."""
    low, high = intervals.mean(sums) or (None, None)
    return Value(sums.average, low, high, count=sums.count, is_too_few=sums.count < FEWEST)


def share(part: int, count: int) -> Value:
    """The share with its interval."""
    if not count:
        return Value(None, part=part, count=0, is_too_few=True)
    low, high = intervals.wilson(part, count)
    return Value(part / count, low, high, part=part, count=count, is_too_few=count < FEWEST)


def year_sales(found: ShopSales) -> Value:
    """All sales of the last 12 months, in yen."""
    return Value(found.year.yen)


def order_price(found: ShopSales) -> Value:
    """Yen per order of the last 12 months."""
    year = found.year
    if not year.order_count:
        return NOTHING
    return Value(year.yen / year.order_count, count=year.order_count, is_too_few=year.order_count < FEWEST)


def orders_per_buyer(found: ShopSales) -> Value:
    """Orders per buyer of the last 12 months."""
    year = found.year
    if not year.buyer_count:
        return NOTHING
    return Value(
        year.order_count / year.buyer_count, count=year.buyer_count, is_too_few=year.buyer_count < FEWEST
    )


def year_retention(found: ShopSales) -> Value:
    """The share of the buyers of the year before who bought in this one too."""
    return share(found.stayed_count, found.before_count)


def next_year(found: ShopSales) -> Value:
    """Price times orders times retention, in yen."""
    factors = sales.factors(found)
    if factors is None or factors.next_year_yen is None:
        return Value(None, count=found.before_count, is_too_few=True)
    return Value(factors.next_year_yen, count=found.before_count, is_too_few=found.before_count < FEWEST)


def goal_share(found: ShopSales) -> Value:
    """The share of the year's buyers with at least ¥18,000 and 3 purchases."""
    return share(found.goal_count, found.year.buyer_count)


def continuation(steps: Sequence[Step], place: int) -> Value:
    """The share of first-time buyers who made the order of that number."""
    return share(steps[place - 2].next_count, steps[0].reached_count)


def survival(steps: Sequence[Step], place: int) -> Value:
    """The share of those who made the order before who made the one of that number."""
    return share(steps[place - 2].next_count, steps[place - 2].reached_count)


def matured(steps: Sequence[Step], place: int) -> Value:
    """The same of those who had 180 days for it, within them."""
    return share(steps[place - 2].matured_next_count, steps[place - 2].matured_count)


def of_group(groups: Mapping[str, Group], name: str) -> Value:
    """The LTV of a group."""
    return average(groups.get(name, Group()).sums)


def ratio(above: Group, below: Group) -> Value:
    """How many times one group's LTV is the other's; rests on the smaller group."""
    fewest = min(above.buyer_count, below.buyer_count)
    found = intervals.ratio_of_means(above.sums, below.sums)
    if found is None:
        return Value(None, count=fewest, is_too_few=True)
    return Value(*found, count=fewest, is_too_few=fewest < FEWEST)


def gap_median(counts: Gaps) -> Value:
    """The median of gaps, in days."""
    count = sum(counts.values())
    return Value(gaps.median(counts), count=count, is_too_few=count < FEWEST)


def cpo_ratio(found: ShopSales, costs: Costs | None) -> Value:
    """How many times the cost of winning a customer the first year's sales are; None while no cost is entered."""
    ltv = average(found.matured.sums)
    if costs is None or ltv.value is None:
        return Value(None, count=ltv.count, is_too_few=ltv.is_too_few)
    low, high = (None if end is None else end / costs.cpo_yen for end in (ltv.low, ltv.high))
    return Value(ltv.value / costs.cpo_yen, low, high, count=ltv.count, is_too_few=ltv.is_too_few)


def payback_month(months: Sequence[Month], costs: Costs | None) -> Value:
    """The month in which the average customer has paid back; None while no cost is entered, or for not yet."""
    curve = payback.curve(months, FEWEST)
    count = months[0].customer_count
    if costs is None or not curve:
        return Value(None, count=count, is_too_few=not curve)
    return Value(payback.paid_back_after(curve, costs.margin, costs.cpo_yen), count=count)
