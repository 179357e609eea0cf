"""Measures flows with many people inside: `python -m benchmarks.flows --enrolments 1000000`.

Due steps found and moved to the inbox, the same carried out by the worker, 10,000 customers who enter at once, and
the memory all this takes; on a new SQLite and a new PostgreSQL database.
"""

import argparse
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.large_shop import dialect
from benchmarks.measure import databases, environment, table
from benchmarks.scale import NoSender
from bot import localtime
from bot.config import settings, shop
from bot.db import database
from bot.db.database import execute, stored, write_transaction
from bot.worker import worker
from customers.people.customer import Customer
from handlers import register
from journeys.enrolments import due, requests
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import On
from journeys.flows.tables import Flow

ROUNDS = 41
CARRIED_OUT = 1_000
ENTERING = 10_000
AT_ONCE = 50_000
LAST_DUE = 62
"""Days until the last of the waiting steps is due."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--enrolments", type=int, default=1_000_000)
    options.add_argument("--only-due", action="store_true", help="leave out carrying out and entering")
    given = options.parse_args()
    rows = [
        ["", "find and move 500, ms", "with events and commit, ms", "carried out/s", "entered/s", "MB more"]
    ]
    register()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            settings.use(settings.load(environment(url, "http://127.0.0.1:9", Path(folder))))
            shop.use({})
            database.connect(url)
            rows.append([name, *measured(given.enrolments, only_due=given.only_due)])
            database.close()
    table(f"Flows with {given.enrolments:,} enrolments", rows)


def measured(count: int, *, only_due: bool) -> list[str]:
    """The figures of the connected database."""
    began = time.perf_counter()
    flow = fill(count)
    print(f"filled in {time.perf_counter() - began:,.0f} s", flush=True)
    before = megabytes()
    moved = [found_and_moved() for _ in range(ROUNDS)]
    whole = [taken() for _ in range(ROUNDS)]
    if only_due:
        return [spread(moved), spread(whole), "–", "–", f"{megabytes() - before:,.0f}"]
    carried_out = of_events(CARRIED_OUT)
    forget_events()
    entered = entering(flow, count)
    return [
        spread(moved),
        spread(whole),
        f"{carried_out:,.0f}",
        f"{entered:,.0f}",
        f"{megabytes() - before:,.0f}",
    ]


def fill(count: int) -> Flow:
    """That many customers, each waiting in a flow; every twentieth is due."""
    definition = FlowDefinition.model_validate(
        {
            "key": "care",
            "name": "care",
            "trigger": {"on": On.HAND},
            "step": [
                {"key": "hello", "wait": {"days": 1}, "text": "こんにちは"},
                {"key": "more", "wait": {"days": 30}, "text": "つづきです"},
            ],
        }
    )
    long_ago = localtime.now() - timedelta(days=10)
    with write_transaction():
        flow = stock.switch_on(stock.import_flow(definition), long_ago)
    say, later = dialect(localtime.today()), dialect(localtime.today() + timedelta(days=LAST_DUE))
    numbers = f"WITH {'' if database.is_postgres() else 'RECURSIVE '}{say.numbers}"
    key = "'U' || LPAD(CAST(n AS TEXT), 32, '0')" if database.is_postgres() else "'U' || printf('%032d', n)"
    due_at = later.at(f"CASE WHEN n % 20 = 0 THEN {LAST_DUE + 1} ELSE n % {LAST_DUE - 2} END")
    statements = (
        f"INSERT INTO conversation (id, key, line_user_id) {numbers} SELECT n, {key}, {key} FROM numbers",  # noqa: S608 -- numbers of our own
        "INSERT INTO customer (id, conversation_id, line_user_id, display_name, picture_url, language, "  # noqa: S608 -- numbers of our own
        f"followed_at, first_seen_at, last_seen_at, purchase_count, sales_yen) {numbers} SELECT n, n, {key}, '', "
        f"'', 'ja', {say.at('30')}, {say.at('30')}, {say.at('1')}, 0, 0 FROM numbers",
        "INSERT INTO enrolment (customer_id, flow_id, entry_key, version_id, state, step_key, due_at, base_at, "  # noqa: S608 -- numbers of our own
        f"take_count, cause, data, entered_at, end_reason) {numbers} SELECT n, {flow.id}, 'once', "
        f"{flow.version_id}, 'waiting', 'hello', {due_at}, {say.at('10')}, 0, 'order:' || n, '{{}}', "
        f"{say.at('10')}, '' FROM numbers",
    )
    for begin in range(1, count + 1, AT_ONCE):
        with write_transaction():
            for sql in statements:
                execute(sql, begin, min(begin + AT_ONCE - 1, count))
    execute("ANALYZE")
    return flow


def found_and_moved() -> float:
    """Milliseconds of the statement that finds 500 and marks them as taken, undone again."""
    now = stored(localtime.now())
    with write_transaction(), database.database.atomic() as transaction:
        began = time.perf_counter()
        rows = execute(due.FIND_AND_MOVE, now, due.BATCH).fetchall()
        took = time.perf_counter() - began
        transaction.rollback()
    require(len(rows), due.BATCH)
    return took * 1000


def taken() -> float:
    """Milliseconds of the clock's whole transaction: found, moved, put into the inbox, committed."""
    began = time.perf_counter()
    with write_transaction():
        count = due.take()
    took = time.perf_counter() - began
    require(count, due.BATCH)
    return took * 1000


def of_events(count: int) -> float:
    """Events of due steps that the worker carries out in a second."""
    handled, began = 0, time.perf_counter()
    while handled < count:
        handled += worker.handle_next(NoSender())  # type: ignore[arg-type]
    return handled / (time.perf_counter() - began)


def forget_events() -> None:
    """Leave nothing pending, so that the next measurement has the inbox for itself."""
    with write_transaction():
        execute("UPDATE inbox_event SET state = 'done' WHERE state = 'pending'")


def entering(flow: Flow, count: int) -> float:
    """Customers who enter a flow in a second: 10,000 at once, from their requests to their enrolments."""
    with write_transaction():
        Enrolment.delete().where(Enrolment.customer <= ENTERING).execute()
    whom: Any = Customer.select(Customer.id).where(Customer.id <= min(ENTERING, count)).tuples()
    began = time.perf_counter()
    with write_transaction():
        for (customer_id,) in whom:
            requests.request_entry(customer_id, flow.id, "benchmark")
    while worker.handle_next(NoSender()):  # type: ignore[arg-type]
        pass
    took = time.perf_counter() - began
    require(Enrolment.select().where(Enrolment.cause == "benchmark").count(), min(ENTERING, count))
    return min(ENTERING, count) / took


def require(found: int, wanted: int) -> None:
    """Raise RuntimeError where something else was done than is to be measured."""
    if found != wanted:
        raise RuntimeError(f"{found} instead of {wanted}")


def spread(values: list[float]) -> str:
    """The median, with the least and the greatest."""
    return f"{median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def megabytes() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
