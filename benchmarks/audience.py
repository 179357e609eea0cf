"""Measures audiences in a large shop: `python -m benchmarks.audience URL --customers 1000000`. The database at URL must
be empty, or filled by an earlier run.

How long it takes to count an audience, to read a page of its list, and to walk over all of it in chunks, as
freezing a campaign does.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from peewee import fn

from benchmarks import large_shop
from benchmarks.measure import environment, table
from bot import localtime
from bot.config import settings
from bot.db import database
from customers.people.customer import Customer
from journeys.audience import selection
from journeys.audience.definition import Audience
from journeys.campaigns.tables import Campaign
from journeys.flows.tables import Flow

REPEATS = 7
PAGE = 50
CHUNK = 20_000

AUDIENCES: dict[str, dict[str, object]] = {
    "all who can be written to": {},
    "Premium and above": {"ranks": ["premium", "ambassador"]},
    "Basic": {"ranks": ["basic"]},
    "promoters": {"segments": ["promoter"]},
    "never answered": {"silent": True},
    "stage fan": {"stages": ["fan"]},
    "30 to 60 days since the last order": {"min_days_since_order": 30, "max_days_since_order": 60},
    "three orders or more": {"min_orders": 3},
    "20,000 yen or more": {"min_sales_yen": 20_000},
    "joined within 30 days": {"joined_within_days": 30},
    "bought one product": {"bought_products": ["P-7"]},
    "did not buy one product": {"not_bought_products": ["P-7"]},
    "one tag": {"tags": ["tag-3"]},
    "not one tag": {"not_tags": ["tag-3"]},
    "clicked within 30 days": {"clicked_within_days": 30},
    "no campaign within 7 days": {"not_in_campaigns_within_days": 7},
    "inside a flow": {"inside_flow": "benchmark"},
    "a list of 100,000": {"customer_ids": list(range(1, 200_001, 2))},
    "Premium, 30 to 60 days, bought one product": {
        "ranks": ["premium", "ambassador"],
        "min_days_since_order": 30,
        "max_days_since_order": 60,
        "bought_products": ["P-7"],
    },
    "repeat, one tag, no campaign within 7 days": {
        "stages": ["repeat", "higher-value"],
        "tags": ["tag-3"],
        "not_in_campaigns_within_days": 7,
    },
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--customers", type=int, default=1_000_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings.use(settings.load(environment(given.url, "http://127.0.0.1:9", Path(folder))))
        database.connect(given.url)
        database.migrate()
        if not Customer.select().exists():
            fill(given.customers)
        rows = [row(name, values) for name, values in AUDIENCES.items()]
    table("Audiences", [["audience", "customers", "count, ms", "page, ms", "walk, s"], *rows])


def fill(customers: int) -> None:
    """Make the shop: orders, profiles, tags, links, two campaigns, one flow."""
    large_shop.fill_orders(1, customers)
    now = localtime.now()
    for _ in range(2):
        Campaign.create(name="benchmark", definition="{}", state="done", created_at=now, changed_at=now)
    Flow.create(key="benchmark", name="benchmark", trigger_on="hand", changed_at=now, created_at=now)
    large_shop.insert(1, customers, _statements())
    if not database.is_postgres():
        database.execute(
            "DELETE FROM sqlite_stat1"
        )  # nothing of the product makes these figures of the tables
        database.close()


def row(name: str, values: dict[str, object]) -> list[str]:
    """What one audience takes: a count, a page from the middle of the shop, a walk over all."""
    audience = Audience.model_validate(values)
    count_ms, size = _timed(lambda: selection.count(audience))
    middle = int(Customer.select(fn.MAX(Customer.id)).scalar()) // 2
    page_ms, _ = _timed(lambda: len(selection.first(audience, PAGE, middle)))
    began = time.perf_counter()
    walked = _walk(audience)
    seconds = time.perf_counter() - began
    if walked != size:
        raise RuntimeError(f"{name}: counted {size}, walked over {walked}")
    cells = [name, f"{size:,}", f"{count_ms:.0f}", f"{page_ms:.1f}", f"{seconds:.2f}"]
    print(*cells, sep=" | ", flush=True)
    return cells


def _walk(audience: Audience) -> int:
    walked, last = 0, 0
    while chunk := selection.ids_after(audience, last, CHUNK):
        walked, last = walked + len(chunk), chunk[-1].customer_id
    return walked


def _timed(run: Callable[[], int]) -> tuple[float, int]:
    run()
    taken, result = [], 0
    for _ in range(REPEATS):
        began = time.perf_counter()
        result = run()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken), result


def _statements() -> list[str]:
    say = large_shop.dialect(localtime.today())
    numbers = ("WITH " if database.is_postgres() else "WITH RECURSIVE ") + say.numbers
    several = f"{numbers}, few (k) AS (VALUES (1), (2), (3))"
    score = "CASE WHEN n % 2 = 0 THEN n % 11 END"
    rank = "CASE WHEN n % 50 = 0 THEN 4 WHEN n % 10 = 1 THEN 3 WHEN n % 4 = 1 THEN 2 ELSE 1 END"
    return [  # names of our own, and numbers
        f"{numbers} UPDATE customer SET picture_url = 'https://profile.example/' || line_user_id || line_user_id "
        "|| line_user_id WHERE id IN (SELECT n FROM numbers)",
        f"INSERT INTO product (sku, name, premium) {numbers} SELECT 'P-' || (n - 1), '', n = 40 FROM numbers "
        "WHERE n <= 40",
        "INSERT INTO customer_profile (customer_id, rank, score, segment, stage, stage_since, changed_at) "
        f"{numbers} SELECT n, {rank}, {score}, CASE WHEN n % 2 = 0 THEN CASE WHEN n % 11 > 8 THEN 'promoter' "
        "WHEN n % 11 > 6 THEN 'passive' ELSE 'detractor' END END, CASE WHEN n % 100 = 0 THEN 'word-of-mouth' "
        "WHEN n % 10 = 1 THEN 'fan' WHEN n % 7 = 1 THEN 'higher-value' WHEN n % 10 > 4 THEN 'repeat' "
        "ELSE 'first' END, "
        f"{say.at('n % 300')}, {say.at('1')} FROM numbers",
        "INSERT INTO customer_tag (customer_id, tag, cause, set_at) "
        f"{several} SELECT n, 'tag-' || ((n + k) % 12), '', {say.at('n % 300')} FROM numbers JOIN few ON k <= n % 3",
        "INSERT INTO short_link (code, customer_id, url, cause, created_at) "
        f"{several} SELECT n || '-' || k, n, 'https://shop.example/', 'benchmark:' || n || ':' || k, "
        f"{say.at('n % 300')} FROM numbers JOIN few ON k <= n % 3",
        "INSERT INTO link_click (link_id, clicked_at) "
        f"{several} SELECT l.id, {say.at('(n * 7919 + k * 13) % 300')} FROM numbers JOIN few ON k <= n % 3 "
        "JOIN short_link l ON l.code = n || '-' || k WHERE (n + k) % 3 = 0",
        "INSERT INTO campaign_recipient (campaign_id, customer_id, conversation_id, state, reason, send_at, "
        "settled_at) "
        f"{several} SELECT k, n, n, CASE WHEN n % 9 = 0 THEN 'skipped' ELSE 'sent' END, '', {say.at('5')}, "
        f"{say.at('k * 5')} FROM numbers JOIN few ON k <= 2 AND (n + k) % 2 = 0",
        "INSERT INTO enrolment (customer_id, flow_id, entry_key, version_id, state, step_key, base_at, take_count, "
        f"cause, data, entered_at, end_reason) {numbers} SELECT n, 1, 'once', 1, CASE WHEN n % 40 = 0 THEN 'waiting' "
        f"ELSE 'done' END, 'one', {say.at('3')}, 0, 'benchmark', '{{}}', {say.at('9')}, '' FROM numbers "
        "WHERE n % 4 = 0",
    ]


if __name__ == "__main__":
    main()
