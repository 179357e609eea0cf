"""The nights' work on ranks, told by day: everybody is looked at while the shop sleeps."""

import time

from bot import inbox, localtime, shop
from bot.database import is_postgres, write_transaction
from rewards import nights, rank_news
from surveys import asking
from surveys.rules import SurveyRules

BEGINS_AT_HOUR = 3
"""When nobody waits for the database. A machine that slept then makes the night up when it wakes."""
FIRST_CHUNK = 1_000
MOST_IN_A_CHUNK = 10_000
FEWEST_IN_A_CHUNK = 100
LOCK_SECONDS = 0.02
"""What a chunk is sized for: a customer who taps meanwhile waits no longer than that."""
NEWS_AT_ONCE = 100


def look_at_everybody() -> int:
    """Tonight's look at every rank, unless it is done; how many customers it changed the rank of or will warn."""
    if localtime.local(localtime.now()).hour < BEGINS_AT_HOUR:
        return 0
    with write_transaction():
        night = nights.tonight(localtime.today())
    if night is None:
        return 0
    look, size, count = nights.statement(night), FIRST_CHUNK, 0
    while True:
        with write_transaction():
            began = time.perf_counter()
            chunk = nights.look_at_next(night, look, size)
            took = time.perf_counter() - began  # without the commit, which costs the same for any size
        if chunk is None:
            return count
        count += chunk.rose_count + chunk.fell_count + chunk.below_count
        size = next_size(size, took)
        if not is_postgres():  # there, only the rows are locked
            time.sleep(min(took, LOCK_SECONDS) / 2)  # others who wait for the one lock come in between


def next_size(size: int, took_seconds: float) -> int:
    """How many customers fit into the time a chunk may take, by what the last one took; at most twice as many."""
    fitting = int(size * min(2.0, LOCK_SECONDS / max(took_seconds, 1e-6)))
    return max(FEWEST_IN_A_CHUNK, min(fitting, MOST_IN_A_CHUNK))


def tell_of_ranks() -> int:
    """Put what the nights found into the inbox, by day and a bounded number a day; how many customers are told."""
    if not _is_daytime():
        return 0
    count = 0
    while True:
        with write_transaction():
            taken = rank_news.take(NEWS_AT_ONCE)
            for news in taken:
                if news.conversation_key is None:
                    continue
                kind = "rank.rose" if news.kind == nights.ROSE else "rank.fall_warned"
                count += inbox.put(
                    kind,
                    news.event_id,
                    news.conversation_key,
                    {"rank": int(news.rank)},
                    line_user_id=news.line_user_id,
                )
        if not taken:
            return count


def _is_daytime() -> bool:
    rules = shop.get(SurveyRules)
    now = localtime.local(localtime.now()).time()
    return asking.is_daytime(now, rules.ask_from_hour, rules.ask_until_hour)
