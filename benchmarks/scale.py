"""Measures a large shop: `python -m benchmarks.scale URL --customers 1000000`. The database at URL must be
empty.

The nightly rank review against a loop over customers (a sample of it, scaled up); the cost of one tapped
score in a small shop and in the large one; server time for each page.
"""

import argparse
import json
import math
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from app import create_app
from benchmarks import owner
from benchmarks.large_shop import fill
from benchmarks.measure import environment, table
from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.queue import inbox
from bot.queue.inbox import NewEvent
from bot.worker import worker
from bot.worker.worker_processes import Presence
from console.figures import answers, referral_totals
from customers.people.customer import Customer
from handlers import rank_review_jobs
from rewards.ranks import average_ltv, customer_rank
from rewards.ranks.tables import RankReview
from rewards.simulation import rule_simulations
from surveys.nps.invitations import SurveyInvitation

FEW = 10_000
SAMPLE = 300
LONGEST_LOCK = 0.1
EVENTS = 320


class NoSender:
    """Accepts outgoing messages and sends nothing: LINE is not measured here."""

    def __init__(self) -> None:
        self.presence = Presence()

    def send(self, rows: object) -> None:
        """Do nothing."""

    expect = check_commit = send


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--filled", action="store_true", help="measure a shop that an earlier run filled")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = settings.load(environment(given.url, "http://127.0.0.1:9", Path(folder)))
        app = create_app(config)
        database.migrate()
        if not given.filled:
            measure_events(given.customers)
        measure_rank_reviews(given.customers)
        measure_pages(app.test_client())


def measure_events(customer_count: int) -> None:
    """Fill the shop, and tap scores in it while it is small and when it is large."""
    began = time.perf_counter()
    fill(1, FEW)
    few = tapped_scores(range(1, FEW))
    fill(FEW + 1, customer_count)
    average_ltv.refresh()
    print(f"filled in {time.perf_counter() - began:,.0f} s", flush=True)
    many = tapped_scores(range(FEW + 1, customer_count))
    exponent = math.log(many / few) / math.log(customer_count / FEW)
    table(
        "One tapped score, stored, handled and finished",
        [
            ["customers", "ms"],
            [f"{FEW:,}", f"{few:.2f}"],
            [f"{customer_count:,}", f"{many:.2f}"],
            ["exponent", f"{exponent:.2f}"],
        ],
    )


def tapped_scores(ids: range) -> float:
    """Milliseconds of one event, median over batches; customers far apart."""
    chosen = list(ids[:: max(1, len(ids) // EVENTS)])[:EVENTS]
    stamp = time.monotonic_ns()
    now = localtime.now()
    open_ones: Any = SurveyInvitation.select(
        Customer.line_user_id, SurveyInvitation.id, SurveyInvitation.customer
    ).join(Customer)
    rows = open_ones.where(SurveyInvitation.cause.in_([f"open:{each}" for each in chosen])).tuples()
    events = []
    for user_id, invitation_id, customer_id in rows:
        body = {
            "type": "postback",
            "replyToken": f"{stamp}{customer_id}",
            "postback": {"data": f"nps.score?i={invitation_id}&s={customer_id % 11}"},
        }
        events.append(
            NewEvent(f"{stamp}:{customer_id}", user_id, user_id, "line", json.dumps(body), now, now)
        )
    taken = []
    batch = worker.SQLITE_EVENTS_A_TRANSACTION
    for begin in range(0, len(events), batch):
        some = events[begin : begin + batch]
        started = time.perf_counter()
        with write_transaction():
            inbox.store(some)
        while worker.handle_next(NoSender()):  # type: ignore[arg-type]
            pass
        taken.append((time.perf_counter() - started) * 1000 / len(some))
    return median(taken)


def measure_rank_reviews(customer_count: int) -> None:
    """A nightly review in which every rank changes and one in which none does, each before and after the loop,
    since the machine's other load varies."""
    reset_ranks()
    last = RankReview.select().order_by(RankReview.review_on.desc()).first()
    begin = (last.review_on - localtime.today()).days + 1 if last else 0
    loops = [row_loop(customer_count)]
    rows = [
        [
            "",
            "seconds",
            "of them pauses",
            "longest lock, ms",
            "longest of work in one",
            "locks past 100 ms",
            "rose",
            "fell",
            "to be warned",
            "loop ÷ this",
        ]
    ]
    for name, day in (("everything changes", begin), ("the night after", begin + 1)):
        moment = localtime.now().replace(hour=1) + timedelta(days=day)  # ten in the morning
        with localtime.fixed(moment):
            locks: list[float] = []
            worked: list[float] = []
            pauses: list[float] = []
            began = time.perf_counter()
            run_review(locks, worked, pauses)
            total = time.perf_counter() - began
            review_run = RankReview.get(RankReview.review_on == localtime.today())
        loops.append(row_loop(customer_count))
        counts = [
            f"{count:,}" for count in (review_run.rose_count, review_run.fell_count, review_run.below_count)
        ]
        long = sum(lock > LONGEST_LOCK for lock in locks)
        times = (loops[-2] + loops[-1]) / 2 / total
        rows.append(
            [
                name,
                f"{total:,.1f}",
                f"{sum(pauses):,.1f}",
                f"{max(locks) * 1000:,.0f} (median {median(locks) * 1000:,.0f})",
                f"{max(worked) * 1000:,.0f}",
                f"{long} of {len(locks)}",
                *counts,
                f"{times:,.0f}",
            ]
        )
    rows.append([f"a loop, by {SAMPLE} customers", f"{median(loops):,.0f}", *"––––––––"])
    table(f"All ranks, {customer_count:,} customers", rows)


def reset_ranks() -> None:
    """Set every rank as in a newly filled shop: at random, without axes."""
    with write_transaction():
        database.execute(
            "UPDATE standing SET rank = 1 + ((customer_id * 17) % 3), money = 0, behaviour = 0, relationship = 0, "
            "below_since = NULL, falls_on = NULL"
        )
    database.execute(
        "VACUUM ANALYZE standing" if database.is_postgres() else "PRAGMA wal_checkpoint(TRUNCATE)"
    )


def run_review(locks: list[float], worked: list[float], pauses: list[float]) -> None:
    """Run the review as the clock does. Times each transaction from its lock to its commit, as wall-clock and
    CPU time (the difference was waiting for locks or the disk), and each pause."""
    usual, sleep = write_transaction, time.sleep

    def pause(seconds: float) -> None:
        began = time.perf_counter()
        sleep(seconds)
        pauses.append(time.perf_counter() - began)

    with (
        patch.object(rank_review_jobs, "write_transaction", lambda: _Timed(usual(), locks, worked)),
        patch.object(time, "sleep", pause),
    ):
        rank_review_jobs.review_all_ranks()


class _Timed:
    def __init__(self, transaction: Any, locks: list[float], worked: list[float]) -> None:
        self._transaction, self._locks, self._worked = transaction, locks, worked

    def __enter__(self) -> None:
        self._transaction.__enter__()
        self._began, self._began_work = time.perf_counter(), time.thread_time()

    def __exit__(self, *error: Any) -> Any:
        ended = self._transaction.__exit__(*error)
        self._locks.append(time.perf_counter() - self._began)
        self._worked.append(time.thread_time() - self._began_work)
        return ended


def row_loop(customer_count: int) -> float:
    """Seconds that reviewing all customers one by one would take, by a sample in one transaction."""
    ids = range(1, customer_count, max(1, customer_count // SAMPLE))[:SAMPLE]
    began = time.perf_counter()
    with write_transaction():
        for customer_id in ids:
            customer_rank.review(customer_id)
    return (time.perf_counter() - began) / len(ids) * customer_count


def measure_pages(client: FlaskClient) -> None:
    """Milliseconds of the server for each page of the console."""
    began = time.perf_counter()
    answers.refresh()
    referral_totals.refresh()
    counted = time.perf_counter() - began
    owner.sign_in(client)
    rows = [["page", "ms"]]
    for path in (
        "/console/tickets",
        "/console/tickets/1",
        "/console/figures",
        "/console/referrals",
        "/console/referrals?page=20",
        "/console/stuck",
        "/console/answers",
        f"/console/answers?cursor={localtime.today() - timedelta(days=300)}.1",
        "/console/answers?words=送料",
        "/console/answers?words=リップクリーム",
        "/console/answers?words=nobody+wrote+this",
        "/console/answers?segment=passive&unread=1",
        f"/console/answers?month={localtime.today() - timedelta(days=200):%Y-%m}",
        "/console/answers?sku=P-7",
        "/console/answers?sku=P-7&words=nobody",
        "/console/answers/figures",
    ):
        rows.append([path, f"{median(page(client, path) for _ in range(5)):,.0f}"])
    rows.append(["counting the figures, beside the pages", f"{counted * 1000:,.0f}"])
    rules = "[ranks]\npremium = [40, 40, 20]\n"
    with write_transaction():
        simulation = rule_simulations.begin(rules, "benchmark")
    began = time.perf_counter()
    rule_simulations.store_result(simulation, rule_simulations.run(simulation))
    counted = time.perf_counter() - began
    path = f"/console/rank-trials/{simulation.id}"
    rows.append([path, f"{median(page(client, path) for _ in range(5)):,.0f}"])
    rows.append(["counting the trial of new rank rules, beside the pages", f"{counted * 1000:,.0f}"])
    table("Pages of the console", rows)


def page(client: FlaskClient, path: str) -> float:
    """Milliseconds of one request."""
    began = time.perf_counter()
    owner.get(client, path)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
