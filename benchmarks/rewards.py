"""Measures the cost of one customer's points and rank in a small and a large shop: `python benchmarks/rewards.py
URL`.

The database at URL must be empty; it is filled with invented customers, orders and entries, first few, then
many. The exponent says how the cost grows with the number of customers: 0 not at all, 1 in proportion.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from customers.orders.purchases import Purchase
from customers.people.customer import Customer
from rewards.figures import leaders, referral_counts
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ledger.reconciliation import reconcile
from rewards.ranks import average_ltv, customer_rank
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank
from rewards.referrals import referrals
from rewards.referrals.tables import ReferralCode

ENTRIES_EACH = 10
ORDERS_EACH = 3
ROWS_AT_ONCE = 1_000


def fill(first: int, last: int) -> None:
    """Insert customers `first` to `last`, each with orders, ledger entries, a rank and a referral code."""
    now = localtime.now()
    for begin in range(first, last + 1, ROWS_AT_ONCE):
        ids = range(begin, min(begin + ROWS_AT_ONCE, last + 1))
        with write_transaction():
            insert(Customer, [{"id": i, "line_user_id": f"U{i:032}", "first_seen_at": now} for i in ids])
            insert(Purchase, [order(i, n) for i in ids for n in range(ORDERS_EACH)])
            insert(LedgerEntry, [entry(i, n) for i in ids for n in range(ENTRIES_EACH)])
            insert(CustomerRank, [stand(i) for i in ids])
            codes = [{"customer": i, "code": f"{i:09}", "made_at": now, "joined_count": i % 3} for i in ids]
            insert(ReferralCode, codes)


def insert(model: Any, rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        model.insert_many(rows[begin : begin + ROWS_AT_ONCE]).execute()


def order(customer_id: int, number: int) -> dict[str, Any]:
    at = localtime.now() - timedelta(days=40 * number)
    return {
        "source": "benchmark",
        "order_number": f"{customer_id}-{number}",
        "customer": customer_id,
        "ordered_at": at,
        "ordered_on": localtime.local_date(at),
        "total_yen": 3_980,
        "recorded_at": at,
    }


def entry(customer_id: int, number: int) -> dict[str, Any]:
    at = localtime.now() - timedelta(days=30 * number)
    return {
        "customer": customer_id,
        "kind": EntryKind.EARN,
        "action": Action.SURVEY_ANSWER if number % 3 else Action.PURCHASE,
        "points": 20,
        "cause": f"benchmark:{customer_id}:{number}",
        "rule_version": "benchmark",
        "occurred_at": at,
        "occurred_on": localtime.local_date(at),
    }


def stand(customer_id: int) -> dict[str, Any]:
    now = localtime.now()
    axes = {"money": 0, "behaviour": 0, "relationship": 0}
    times = {"since": now, "reviewed_at": now, "rule_version": "benchmark"}
    return {"customer": customer_id, "rank": Rank.BASIC, **axes, **times}


def spread(ids: range, work: Callable[[int], object], times: int) -> float:
    """Median milliseconds of the work, on customers far apart."""
    taken = []
    for customer_id in ids[:: max(1, len(ids) // times)][:times]:
        with write_transaction():
            began = time.perf_counter()
            work(customer_id)
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def measure(ids: range, mark: str) -> dict[str, float]:
    """Milliseconds of each operation for one customer, and of the owner's pages over all."""
    one: dict[str, Callable[[int], object]] = {
        "balance": ledger.balance,
        "history": lambda i: ledger.history(i, 5),
        "earn": lambda i: ledger.earn(i, Action.COMMENT, 10, f"{mark}:{i}"),
        "review": customer_rank.review,
        "snapshot": customer_rank.snapshot,
    }
    for_all: dict[str, Callable[[int], object]] = {
        "ALL count by rank": lambda _: customer_rank.count_by_rank(),
        "ALL referral totals": lambda _: referrals.totals(),
        "ALL referrers, first page": lambda _: leaders.leaders(referral_counts.until(localtime.today()), 50),
        "ALL average LTV": lambda _: average_ltv.refresh(),
        "ALL reconcile": lambda _: reconcile(),
    }
    return {name: spread(ids, work, 200) for name, work in one.items()} | {
        name: spread(ids, work, 3) for name, work in for_all.items()
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--few", type=int, default=10_000)
    options.add_argument("--many", type=int, default=100_000)
    given = options.parse_args()
    names = ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "SECRET_KEY")
    invented = dict.fromkeys(names, "invented-for-the-benchmark-0123456789")
    shop = {"LINE_BASIC_ID": "@benchmark", "PUBLIC_URL": "https://goen.example", "SHOP_NAME": "benchmark"}
    settings.use(settings.load({**invented, **shop, "DATABASE_URL": given.url}))
    database.connect(given.url)
    database.migrate()
    fill(1, given.few)
    few = measure(range(1, given.few + 1), "few")
    fill(given.few + 1, given.many)
    database.database.execute_sql("ANALYZE")
    many = measure(range(given.few + 1, given.many + 1), "many")
    print(f"{'milliseconds, median':28}{given.few:>12,}{given.many:>12,}  exponent")
    for name, before in few.items():
        grows = math.log(many[name] / before) / math.log(given.many / given.few)
        print(f"{name:28}{before:12.2f}{many[name]:12.2f}  {grows:8.2f}")


if __name__ == "__main__":
    main()
