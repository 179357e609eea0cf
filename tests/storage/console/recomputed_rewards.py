"""The figures of referrals, ranks and points, recomputed from the raw tables by the words of docs/figures.md."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from bot.config import shop
from rewards.coupons.settings import CouponRules
from rewards.ledger.settings import PointRules
from tests.storage.console.raw_tables import (
    Days,
    Figure,
    Recompute,
    Row,
    Tables,
    end_of,
    ever,
    local_day,
    month_to,
    year_to,
)
from tests.storage.console.recomputed_people import number_of
from tests.storage.console.recomputed_purchases import ratio, sales_of_each

Span = Callable[[date], Days]
RANKS = {"basic": 1, "active": 2, "premium": 3, "ambassador": 4}

# Referrals


def invited(span: Span) -> Recompute:
    return lambda tables, on: number_of(
        {
            row["customer_id"]
            for row in tables["referral_code"]
            if row["invited_count"] and local_day(row["made_at"]) in span(on)
        }
    )


def friends(tables: Tables, days: Days, column: str, *states: str) -> list[Row]:
    """The friends in one of these states whose moment of that column lies in these days."""
    return [
        row
        for row in tables["referral"]
        if (not states or row["state"] in states)
        and row[column] is not None
        and local_day(row[column]) in days
    ]


def friends_who(span: Span, column: str, *states: str) -> Recompute:
    return lambda tables, on: number_of(
        {row["referee_id"] for row in friends(tables, span(on), column, *states)}
    )


def who_brought_buyers(tables: Tables, on: date) -> set[int]:
    return {row["referrer_id"] for row in friends(tables, ever(on), "bought_at", "bought", "rewarded")}


def referrers(tables: Tables, on: date) -> Figure:
    return number_of(who_brought_buyers(tables, on))


def points_paid(span: Span) -> Recompute:
    def count(tables: Tables, on: date) -> Figure:
        given = {
            row["id"]: row
            for row in tables["ledger_entry"]
            if row["action"] in ("referral", "referred")
            and row["kind"] != "reverse"
            and row["occurred_on"] in span(on)
        }
        of_each: Counter[int] = Counter()
        for row in tables["ledger_entry"]:
            if row["id"] in given or row["reverses_id"] in given:
                of_each[row["customer_id"]] += row["points"]
        return Figure(of_each.total(), {who for who, points in of_each.items() if points > 0})

    return count


def referrer_ltv_ratio(tables: Tables, on: date) -> Figure:
    brought = who_brought_buyers(tables, on)
    year = sales_of_each(tables.bought_in(year_to(on), on))
    return ratio(
        {who: sales for who, sales in year.items() if who in brought},
        {who: sales for who, sales in year.items() if who not in brought},
        set(year) & brought,
    )


# Ranks


def ranks_on(tables: Tables, on: date) -> dict[int, int]:
    if on == tables.today:
        return {row["customer_id"]: row["rank"] for row in tables["standing"]}
    changes = sorted(tables["rank_change"], key=lambda row: (row["changed_at"], row["id"]))
    return {row["customer_id"]: row["after"] for row in changes if row["changed_at"] < end_of(on)}


def of_rank(rank: int) -> Recompute:
    return lambda tables, on: number_of({who for who, each in ranks_on(tables, on).items() if each == rank})


def moved(sign: int) -> Recompute:
    return lambda tables, on: number_of(
        {
            row["customer_id"]
            for row in tables["rank_change"]
            if row["before"] is not None
            and sign * (row["after"] - row["before"]) > 0
            and local_day(row["changed_at"]) in month_to(on)
        }
    )


# Points


def sums(tables: Tables, on: date, column: str) -> dict[int, int]:
    """The sum of a column of the ledger by customer, where it is above 0."""
    found: Counter[int] = Counter()
    for row in tables["ledger_entry"]:
        if row["occurred_on"] <= on:
            found[row["customer_id"]] += row[column]
    return {who: points for who, points in found.items() if points > 0}


def outstanding(tables: Tables, on: date) -> Figure:
    balances = sums(tables, on, "points")
    return Figure(sum(balances.values()), set(balances), count=len(balances))


def liability_yen(tables: Tables, on: date) -> Figure:
    balances = sums(tables, on, "points")
    return Figure(
        sum(balances.values()) * shop.get(CouponRules).yen_per_point, set(balances), count=len(balances)
    )


def pending(tables: Tables, on: date) -> Figure:
    held = sums(tables, on, "held")
    return Figure(sum(held.values()), set(held))


def expiring(tables: Tables, on: date) -> Figure:
    """Of each entry that gave points, what is left, by its last day: its own, or else the account's."""
    if on != tables.today:
        return Figure(None, set())
    used: Counter[int] = Counter()
    for row in tables["lot_use"]:
        used[row["lot_id"]] += row["points"]
    accounts = {row["customer_id"]: row for row in tables["points_account"]}
    rules, found = shop.get(PointRules), Counter[int]()
    for row in tables["ledger_entry"]:
        last_on: date | None = row["expires_on"]
        if last_on is None and rules.expiry != "never" and row["customer_id"] in accounts:
            account = accounts[row["customer_id"]]
            last_on = account["last_active_on"] + timedelta(days=rules.expire_after_days)
            last_on = max(last_on, account["idle_until"] or last_on)
        left = row["points"] - used[row["id"]]
        if left > 0 and last_on is not None and on <= last_on <= on + timedelta(days=30):
            found[row["customer_id"]] += left
    return Figure(found.total(), set(found))


def by_span(name: str, make: Callable[[Span], Recompute]) -> dict[str, Recompute]:
    """The figure of all time and that of this month."""
    return {name: make(ever), f"{name}-this-month": make(month_to)}


RECOMPUTED: dict[str, Recompute] = {
    **by_span("referral-invited", invited),
    **by_span("referral-joined", lambda span: friends_who(span, "joined_at")),
    **by_span("referral-bought", lambda span: friends_who(span, "bought_at", "bought", "rewarded")),
    **by_span("referral-rewarded", lambda span: friends_who(span, "rewarded_at", "rewarded")),
    **by_span("referral-held", lambda span: friends_who(span, "held_at", "held")),
    **by_span("referral-rejected", lambda span: friends_who(span, "decided_at", "rejected")),
    **by_span("referral-points-paid", points_paid),
    "referrers": referrers,
    "referrer-ltv-ratio": referrer_ltv_ratio,
    **{f"rank-{name}": of_rank(rank) for name, rank in RANKS.items()},
    "rank-rose": moved(1),
    "rank-fell": moved(-1),
    "points-outstanding": outstanding,
    "points-liability-yen": liability_yen,
    "points-pending": pending,
    "points-expiring-30-days": expiring,
}
