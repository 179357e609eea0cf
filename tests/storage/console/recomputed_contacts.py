"""What individual contact earns, recomputed from the raw tables: who was due or held out, who bought, and the range by
the papers' formulas alone (docs/figures.md names them).
"""

from collections.abc import Callable
from datetime import date, timedelta
from math import comb, erfc, hypot, inf, log, sqrt

from bot.config import shop
from journeys.contacts.settings import ContactRules
from tests.storage.console.raw_tables import Figure, Recompute, Row, Tables

ALPHA, NARROWEST_AT = 0.05, 500
BROKEN_BELOW, EXACT_BELOW = 0.001, 30
Side = tuple[int, int]
"""Buyers and people."""


def first_contacts(tables: Tables, period: Row) -> list[Row]:
    """The first contact of each customer since the period began; staff, and whom the whole shop holds out, have
    none."""
    staff = {row["customer_id"] for row in tables["staff_line"]}
    found: dict[int, Row] = {}
    for row in sorted(tables["contact"], key=lambda row: (row["assigned_at"], row["state"] == "held-out")):
        by_shop = row["state"] == "held-out" and row["reason"] == "shop"
        if row["assigned_at"] >= period["started_at"] and not by_shop and row["customer_id"] not in staff:
            found.setdefault(row["customer_id"], row)
    return list(found.values())


def sides(tables: Tables, period: Row) -> tuple[Side, Side]:
    """Those who could be written to, and those held out, whose days have passed."""
    days = timedelta(days=shop.get(ContactRules).outcome_days)
    counted = [row for row in first_contacts(tables, period) if row["assigned_at"] + days <= tables.now]

    def side(*, is_held_out: bool) -> Side:
        rows = [row for row in counted if (row["state"] == "held-out") == is_held_out]
        return sum(bought_after(tables, row, days) for row in rows), len(rows)

    return side(is_held_out=False), side(is_held_out=True)


def bought_after(tables: Tables, contact: Row, days: timedelta) -> bool:
    since = contact["assigned_at"]
    return any(
        row["customer_id"] == contact["customer_id"] and since < row["ordered_at"] <= since + days
        for row in tables.purchases
    )


def is_lopsided(people: int, held_out: int, share: float) -> bool:
    """Whether chance holds out so many, or so few, less than once in a thousand times."""
    expected = people * share
    if min(expected, people - expected) >= EXACT_BELOW:
        squares = (held_out - expected) ** 2 * (1 / expected + 1 / (people - expected))
        return erfc(sqrt(squares / 2)) < BROKEN_BELOW
    outward = range(held_out, people + 1) if held_out > expected else range(held_out + 1)
    tail = sum(comb(people, each) * share**each * (1 - share) ** (people - each) for each in outward)
    return 2 * tail < BROKEN_BELOW


def reach(people: int) -> float:
    """Standard errors each way that hold at every size: Waudby-Smith and others (2021), equation 9."""
    grown = people * (-2 * log(ALPHA) + log(1 - 2 * log(ALPHA))) / NARROWEST_AT
    return sqrt((1 + 1 / grown) * log((grown + 1) / ALPHA**2))


def ends(side: Side, z: float) -> tuple[float, float]:
    """The wider of Wilson's and the likelihood's interval of a share, at each end."""
    part, count = side
    rate = part / count

    def wilson(share: float) -> bool:
        return (rate - share) ** 2 <= z * z * share * (1 - share) / count

    def likelihood(share: float) -> bool:
        return 2 * count * (apart(rate, share) + apart(1 - rate, 1 - share)) <= z * z

    low = min(furthest(rate, 0, wilson), furthest(rate, 0, likelihood))
    return low, max(furthest(rate, 1, wilson), furthest(rate, 1, likelihood))


def apart(found: float, assumed: float) -> float:
    """One half of Kullback and Leibler's measure."""
    if not found:
        return 0.0
    return found * log(found / assumed) if assumed else inf


def furthest(inside: float, outside: float, holds: Callable[[float], bool]) -> float:
    """The share furthest from the one inside for which it still holds, by halving."""
    if holds(outside):
        return outside
    for _ in range(200):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if holds(middle) else (inside, middle)
    return inside


def effect(tables: Tables, on: date) -> Figure:
    periods = sorted(
        (r for r in tables["hold_out_period"] if r["subject"] == "contacts"), key=lambda r: r["id"]
    )
    period = periods[-1] if periods else None
    if on < tables.today or period is None or period["ended_at"] is not None or not period["percent"]:
        return Figure(None)
    treated, held_out = sides(tables, period)
    count = treated[1] + held_out[1]
    if not treated[1] or not held_out[1] or is_lopsided(count, held_out[1], period["percent"] / 100):
        return Figure(None, count=count)
    z = reach(count)
    (low, high), (other_low, other_high) = ends(treated, z), ends(held_out, z)
    rate, other = treated[0] / treated[1], held_out[0] / held_out[1]
    return Figure(
        rate - other,
        count=count,
        low=rate - other - hypot(rate - low, other_high - other),
        high=rate - other + hypot(high - rate, other - other_low),
    )


RECOMPUTED: dict[str, Recompute] = {"contact-effect": effect}
