"""Measures every page of the owner in a large shop: `python -m benchmarks.owner_pages URL --customers 1000000`. The
database at URL must be empty, or filled by an earlier run (`--filled`).

The pages are found by following links from the menu: of each kind of address some, and all figures. "First" is
the first view after the clock counted; "again" the median of the next ones. Files are not requested: they stream.
A page is over its limit by its CPU, here and in PostgreSQL, which other work on the machine changes little.
"""

import argparse
import os
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from statistics import median
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

import clock
from app import create_app
from benchmarks import large_shop, owner
from benchmarks.measure import environment, table
from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from console.shell import navigation
from customers.people import customer_names

HOT_CUSTOMERS = 20
"""The first so many customers have hundreds to thousands of orders."""
NAMED = 100_000
"""Names of so many are in the search, since folding them costs most of the filling."""
OF_A_KIND = 3
ALL_OF = {"console.figure"}
"""Endpoints of which every path is measured."""
REPEATS = 3
SHOWN = 25
MOST_MS, MOST_MS_OF_A_LIST = 300, 100
LISTS = re.compile(r"people|_list$|customers$|figure$|lists?$|moved|reached|joiners|invited|holders|coupons$")
LINK = re.compile(r'href="(/console[^"#]*)"')
PARENT, OWN, OWN_AND_ENDED = 1, slice(11, 13), slice(11, 15)
"""Fields of /proc/PID/stat: the parent's id, the CPU of the process, and with that of its ended children."""
FILE = re.compile(r"csv|xlsx|export|file=|picture|sign_out|/static/|media")


@dataclass(frozen=True, slots=True)
class Page:
    """One address, and what its endpoint is called."""

    address: str
    endpoint: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--filled", action="store_true", help="measure a shop that an earlier run filled")
    options.add_argument("--counted", action="store_true", help="the figures are counted as well")
    options.add_argument("--only", default="", help="a part of the addresses to measure")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = settings.load(environment(given.url, "http://127.0.0.1:9", Path(folder)))
        app = create_app(config)
        database.migrate()
        if not given.filled:
            fill(given.customers)
        if not given.counted:
            count_figures()
        client = app.test_client()
        owner.sign_in(client)
        measure(app, client, given.only)


def fill(customer_count: int) -> None:
    """Fill the shop: see `large_shop.py`, and what only these pages read."""
    began = time.perf_counter()
    large_shop.fill(1, customer_count)
    say = large_shop.dialect(localtime.today())
    with write_transaction():
        for sql in _hot(say):
            database.execute(sql, 1, HOT_CUSTOMERS)
    large_shop.insert(1, customer_count, _profiles(say))
    for _ in customer_names.fold_stale():
        pass
    database.execute("ANALYZE")
    print(f"filled in {time.perf_counter() - began:,.0f} s", flush=True)


def _hot(say: large_shop.Dialect) -> list[str]:
    """Orders and entries of a few customers who have very many: the first 2,000 orders and 4,000 entries, the
    others a tenth less each."""
    numbers = ("WITH " if database.is_postgres() else "WITH RECURSIVE ") + say.numbers
    series = (
        "many (k) AS (SELECT generate_series(11, 4010))"
        if database.is_postgres()
        else "many (k) AS (SELECT 11 UNION ALL SELECT k + 1 FROM many WHERE k < 4010)"
    )
    both, day = f"{numbers}, {series}", f"(k * 7919 + n) % {large_shop.DAYS}"
    return [
        "INSERT INTO purchase (source, order_number, customer_id, ordered_at, ordered_on, total_yen, refunded_yen, "
        f"state, recorded_at, credited_at) {both} SELECT 'benchmark', n || '-' || k, n, {say.at(day)}, {say.on(day)}, "
        f"1000 + (k * 977) % 9000, 0, 'paid', {say.at(day)}, {say.at(day)} FROM numbers JOIN many "
        "ON k < 11 + 2000 / n",
        "INSERT INTO ledger_entry (customer_id, kind, action, points, cause, rule_version, occurred_at, occurred_on, "
        f"note) {both} SELECT n, 'earn', 'purchase', 20, 'hot:' || n || ':' || k, 'benchmark', {say.at(day)}, "
        f"{say.on(day)}, '' FROM numbers JOIN many ON k < 11 + 4000 / n",
    ]


def _profiles(say: large_shop.Dialect) -> list[str]:
    numbers = ("WITH " if database.is_postgres() else "WITH RECURSIVE ") + say.numbers
    stage = (
        "CASE WHEN n % 997 = 0 THEN 'premium-product' WHEN n % 50 = 0 THEN 'fan' WHEN n % 10 < 5 THEN 'first' "
        "WHEN n % 10 < 8 THEN 'repeat' ELSE 'higher-value' END"
    )
    return [
        "INSERT INTO customer_profile (customer_id, rank, score, segment, stage, stage_since, changed_at) "
        f"{numbers} SELECT n, 1 + (n * 17) % 3, NULL, NULL, {stage}, {say.at('n % 290')}, {say.at('0')} FROM numbers",
        "INSERT INTO stage_change (customer_id, before, after, changed_at) "
        f"{numbers} SELECT n, 'acquired', 'first', {say.at('n % 290')} FROM numbers WHERE n % 3 = 0",
        "INSERT INTO stage_change (customer_id, before, after, changed_at) "
        f"{numbers} SELECT n, 'first', 'repeat', {say.at('n % 200')} FROM numbers WHERE n % 4 = 0",
        "INSERT INTO rank_change (customer_id, before, after, money, behaviour, relationship, changed_at, "
        f"rule_version, cause) {numbers} SELECT n, 1, 2, 50, 50, 0, {say.at('n % 300')}, 'benchmark', 'acted' "
        "FROM numbers WHERE n % 3 = 0",
        "INSERT INTO points_account (customer_id, last_active_on, idle_until) "
        f"{numbers} SELECT n, {say.on('n % 300')}, {say.on('(n % 300) - 365')} FROM numbers",
        "INSERT INTO customer_name (customer_id, folded, words, folding) "
        f"{numbers} SELECT n, '', '', 0 FROM numbers WHERE n <= {NAMED}",
    ]


def count_figures() -> None:
    """Count what the clock counts beside the pages, and how long each takes."""
    rows = [["the clock counts", "seconds", "of them CPU"]]
    for job in clock.COUNTS:
        if job.name.startswith("count "):
            began, began_work = time.perf_counter(), work_ms()
            job.run()
            took, work = time.perf_counter() - began, (work_ms() - began_work) / 1000
            rows.append([job.name, f"{took:,.1f}", f"{work:,.1f}"])
            print(rows[-1], flush=True)
    table("Counted each hour, beside the pages", rows)


def measure(app: Flask, client: FlaskClient, only: str) -> None:
    """Request every page some times; print those that take longest, and all that take too long."""
    results = [
        Taken(page, timed(client, page.address), [timed(client, page.address) for _ in range(REPEATS)])
        for page in every_page(app, client)
        if only in page.address
    ]
    slow = [each for each in results if each.is_slow]
    longest = sorted(results, key=lambda each: -each.again[1])[:SHOWN]
    shown = sorted(
        {each.page.address: each for each in (*longest, *slow)}.values(), key=lambda each: -each.again[1]
    )
    rows = [["page", "first, ms", "first, CPU", "again, ms", "again, CPU", "at most"]]
    rows += [each.row() for each in shown]
    table(f"{len(results)} pages, {len(slow)} over their limit; the slowest", rows)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page took: milliseconds, and of CPU, of its first view and of the next ones."""

    page: Page
    first: tuple[float, float]
    next: list[tuple[float, float]]

    @property
    def again(self) -> tuple[float, float]:
        return median(whole for whole, _ in self.next), median(work for _, work in self.next)

    @property
    def most(self) -> int:
        return MOST_MS_OF_A_LIST if LISTS.search(self.page.endpoint) else MOST_MS

    @property
    def is_slow(self) -> bool:
        return max(self.first[1], self.again[1]) > self.most

    def row(self) -> list[str]:
        return [self.page.address, *(f"{each:,.0f}" for each in (*self.first, *self.again)), str(self.most)]


def every_page(app: Flask, client: FlaskClient) -> list[Page]:
    """Addresses found by following links from the menu, some of each kind."""
    with app.test_request_context():
        starts = [
            app.url_for(f"console.{entry.page}") for group in navigation.MENU for entry in group.entries
        ]
    waiting, found = list(dict.fromkeys([*starts, "/console/customers/1", "/console/points/1"])), []
    of_a_kind: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        page = _page_of(app, address)
        if address in seen or page is None:
            continue
        seen.add(address)
        asked = urlsplit(address)
        name = asked.path if page.endpoint in ALL_OF else page.endpoint
        kind = (name, tuple(sorted(name for name, _ in parse_qsl(asked.query))))
        if of_a_kind[kind] >= OF_A_KIND:
            continue
        of_a_kind[kind] += 1
        answer = client.get(address, base_url=owner.BASE)
        if answer.status_code == 200:
            found.append(page)
            waiting += _links(answer.get_data(as_text=True))
    return found


def _links(body: str) -> Iterator[str]:
    for address in LINK.findall(body):
        if not FILE.search(address):
            yield unescape(address)


def _page_of(app: Flask, address: str) -> Page | None:
    try:
        endpoint, _ = app.url_map.bind("goen.example").match(urlsplit(address).path, method="GET")
    except HTTPException:
        return None
    return Page(address, endpoint)


def timed(client: FlaskClient, address: str) -> tuple[float, float]:
    """Milliseconds of one request, and of CPU."""
    began, began_work = time.perf_counter(), work_ms()
    owner.get(client, address)
    return (time.perf_counter() - began) * 1000, work_ms() - began_work


def work_ms() -> float:
    """The CPU so far of this process, and of PostgreSQL where it runs on this machine: of the server, its connections
    and workers, those that have ended as well. SQLite works in this process."""
    return time.process_time() * 1000 + (_of_postgres_ms() if database.is_postgres() else 0)


def _of_postgres_ms() -> float:
    backend: int = database.execute("SELECT pg_backend_pid()").fetchone()[0]
    server = int(_stat(backend)[PARENT])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = sum(map(int, _stat(server)[OWN_AND_ENDED]))
    for child in children:
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            ticks += sum(map(int, _stat(int(child))[OWN]))
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def _stat(process_id: int) -> list[str]:
    """The fields of the kernel after the process's name, which may hold spaces."""
    return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()


if __name__ == "__main__":
    main()
