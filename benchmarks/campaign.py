"""Measures campaigns: `python -m benchmarks.campaign --recipients 100000`.

How many recipients a second are taken into the frozen audience, how many a second are decided on and put into calls,
and the memory both take; on a new SQLite and a new PostgreSQL database.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.flows import AT_ONCE, megabytes, require, spread
from benchmarks.large_shop import dialect
from benchmarks.measure import databases, environment, table
from bot import localtime
from bot.config import settings, shop
from bot.db import database
from bot.db.database import execute, write_transaction
from bot.queue.multicasts import Multicast
from customers.people.customer import Customer
from handlers import campaign_release, register
from journeys.campaigns import campaigns, freezing, recipient_lists, results
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import Campaign
from journeys.proof.results import Result

PAGE = 50
PAGES = [["", "progress", "states and reasons", "results", "comparison", "a page of recipients"]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--recipients", type=int, default=100_000)
    given = options.parse_args()
    rows = [["", "taken in/s", "put into calls/s", "calls/s", "MB more"]]
    register()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            settings.use(settings.load(environment(url, "http://127.0.0.1:9", Path(folder))))
            shop.use({})
            database.connect(url)
            with localtime.fixed(localtime.start_of(localtime.today()) + timedelta(hours=12)):
                rows.append([name, *measured(name, given.recipients)])
            database.close()
    table(f"A campaign with {given.recipients:,} recipients", rows)
    table("Its pages, ms", PAGES)


def measured(name: str, count: int) -> list[str]:
    """The figures of the connected database: by the clock on the wall, in brackets by this process's processor time,
    which other work on the machine does not change."""
    fill(count)
    before = megabytes()
    campaign = scheduled()
    taken_in = timed(lambda: freezing.freeze_chunk(campaign))
    require(campaigns.progress(campaign).audience, count)
    waiting = campaigns.progress(campaign).waiting
    sent = timed(lambda: campaign_release.release_chunk(Campaign.get_by_id(campaign.id)))
    require(campaigns.progress(campaign).in_a_call, waiting)
    more = megabytes() - before
    deliver()
    figures = {
        "progress": lambda: campaigns.progress(campaign),
        "states and reasons": lambda: recipient_lists.groups(campaign.id),
        "results": lambda: results.of(campaign),
        "comparison": lambda: _effect(campaign),
        "a page of recipients": lambda: recipient_lists.page(
            campaign.id, PAGE, after_id=count // 2, state="sent"
        ),
    }
    PAGES.append([name, *(milliseconds(read) for read in figures.values())])
    return [
        rates(count, taken_in),
        rates(waiting, sent),
        rates(Multicast.select().count(), sent),
        f"{more:,.0f}",
    ]


def _effect(campaign: Campaign) -> Result | None:
    """The comparison on a day on which everybody is counted."""
    with localtime.fixed(localtime.now() + timedelta(days=60)):
        return results.effect(campaign)


def deliver() -> None:
    """Have all calls sent a day ago; every twentieth customer ordered since."""
    say = dialect(localtime.today())
    with write_transaction():
        execute(f"UPDATE outbox_message SET state = 'sent', sent_as = 'push', sent_at = {say.at('1')}")  # noqa: S608 -- numbers of our own
        execute(
            f"UPDATE campaign_recipient SET state = 'sent', settled_at = {say.at('1')} WHERE state = 'in-a-call'"  # noqa: S608 -- numbers of our own
        )
        execute(
            "INSERT INTO purchase (source, order_number, customer_id, ordered_at, ordered_on, total_yen, "  # noqa: S608 -- numbers of our own
            f"refunded_yen, state, recorded_at, credited_at) SELECT 'benchmark', id, id, {say.at('0')}, {say.on('0')}, "
            f"3000, 0, 'paid', {say.at('0')}, {say.at('0')} FROM customer WHERE id % 20 = 0"
        )
    execute("ANALYZE")


def milliseconds(read: Callable[[], object]) -> str:
    """The median of a few times, by the wall."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        read()
        taken.append((time.perf_counter() - began) * 1000)
    return spread(taken)


def timed(chunk: Callable[[], int]) -> tuple[float, float]:
    """Seconds until no chunk is left, on the wall and of the processor."""
    began, began_working = time.perf_counter(), time.process_time()
    more = 1
    while more:
        with write_transaction():
            more = chunk()
    return time.perf_counter() - began, time.process_time() - began_working


def rates(count: int, seconds: tuple[float, float]) -> str:
    """How many a second, with those of a second of processor time."""
    wall, processor = seconds
    return f"{count / wall:,.0f} ({count / processor:,.0f})"


def scheduled() -> Campaign:
    """A campaign of care to all customers, with the usual hold-outs."""
    definition = CampaignDefinition.model_validate(
        {"name": "news", "class": "care", "message": {"text": "春のお茶が入りました。"}}
    )
    with write_transaction():
        campaign = campaigns.create(definition, None)
        if not campaigns.schedule(campaign, localtime.now()):
            raise RuntimeError("not scheduled")
    return campaign


def fill(count: int) -> None:
    """That many customers with their ranks."""
    say = dialect(localtime.today())
    numbers = f"WITH {'' if database.is_postgres() else 'RECURSIVE '}{say.numbers}"
    key = "'U' || LPAD(CAST(n AS TEXT), 32, '0')" if database.is_postgres() else "'U' || printf('%032d', n)"
    statements = (
        f"INSERT INTO conversation (id, key, line_user_id) {numbers} SELECT n, {key}, {key} FROM numbers",  # noqa: S608 -- numbers of our own
        "INSERT INTO customer (id, conversation_id, line_user_id, display_name, picture_url, language, "  # noqa: S608 -- numbers of our own
        f"followed_at, first_seen_at, last_seen_at, purchase_count, sales_yen) {numbers} SELECT n, n, {key}, '', "
        f"'', 'ja', {say.at('30')}, {say.at('30')}, {say.at('1')}, 0, 0 FROM numbers",
    )
    for begin in range(1, count + 1, AT_ONCE):
        with write_transaction():
            for sql in statements:
                execute(sql, begin, min(begin + AT_ONCE - 1, count))
    execute("ANALYZE")
    require(
        Customer.select().where(Customer.followed_at < localtime.now() - timedelta(days=1)).count(), count
    )


if __name__ == "__main__":
    main()
