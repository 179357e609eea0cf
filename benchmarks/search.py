"""Measures the search in chats: `python -m benchmarks.search URL --lines 1000000`. The database at URL must be
empty.

The cost of a text for the worker, and server time of a page of results for words that all, few and no
customers wrote.
"""

import argparse
import json
import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import environment, table
from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.starting import start
from handlers import register
from support.transcript import search

CUSTOMERS = 20_000
CHUNK = 5_000
TRIES = 9
BEGINNINGS = ("届いた", "注文した", "先日の", "いつもの", "贈り物の", "はじめての", "定期便の", "母に贈った")
THINGS = ("石けん", "化粧水", "ハンドクリーム", "はちみつ", "詰め替え", "ギフトセット", "試供品", "瓶のふた")
TOPICS = (
    "が割れていました。返品できますか？",
    "はいつごろ届きますか？",
    "の香りがとても好きです",
    "の領収書をお願いします",
    "が肌に合わないみたいで少し赤くなりました",
    "の発送日を変えたいです。急ぎではありません",
    "を交換していただけますか。よろしくお願いいたします",
    "、ありがとうございました！",
)
RARE = "琥珀"
SOUGHT = {
    "every customer's": "ます",
    "many people's": "返品",
    "a phrase": "割れていました",
    "two words": "化粧水 領収書",
    "two that never meet": "返品 領収書",
    "of a few": RARE,
    "of few, long ago": "最初の合言葉",
    "nobody's": "宇宙船",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--filled", action="store_true", help="measure what an earlier run filled")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start(
            register,
            settings.load(environment(given.url, "http://127.0.0.1:9", Path(folder))),
            migrated=False,
        )
        database.migrate()
        if not given.filled:
            fill(given.lines)
        measure()


def fill(line_count: int) -> None:
    """Insert incoming lines, and their index."""
    chance = random.Random(7)  # noqa: S311 - a sample, and the same one each time
    began = localtime.now() - timedelta(days=365)
    with write_transaction():
        for first in range(1, CUSTOMERS + 1, CHUNK):
            keys = [f"U{number:032d}" for number in range(first, first + CHUNK)]
            pairs = [value for key in keys for value in (key, key)]
            database.execute(
                f"INSERT INTO conversation (key, line_user_id) VALUES {database.rows(len(keys), 2)}",  # noqa: S608
                *pairs,
            )
    for first in range(0, line_count, CHUNK // 10):
        values: list[Any] = []
        count = min(CHUNK // 10, line_count - first)
        for number in range(first, first + count):
            at = database.stored(began + timedelta(seconds=number * 30))
            body = {
                "type": "message",
                "message": {"type": "text", "id": str(number), "text": words(number, chance)},
            }
            values += [f"e{number}", number % CUSTOMERS + 1, "line", json.dumps(body), at, at, "done", 0]
        with write_transaction():
            database.execute(
                "INSERT INTO inbox_event (event_id, conversation_id, source, body, occurred_at, received_at, state, "  # noqa: S608
                f"attempt_count) VALUES {database.rows(count, 8)}",
                *values,
            )
    if database.is_postgres():
        database.execute("ANALYZE")
    began_filling = time.perf_counter()
    longest = 0.0
    chunks = search.fill()
    before = time.perf_counter()
    for _ in chunks:
        longest, before = max(longest, time.perf_counter() - before), time.perf_counter()
    took = time.perf_counter() - began_filling
    print(
        f"made {line_count:,} lines findable in {took:,.0f} s, the longest chunk {longest * 1000:,.0f} ms",
        flush=True,
    )
    if database.is_postgres():
        database.execute("ANALYZE transcript_text")


def words(number: int, chance: random.Random) -> str:
    """A text of a customer."""
    said = chance.choice(BEGINNINGS) + chance.choice(THINGS) + chance.choice(TOPICS)
    if number == 3:
        said = "最初の合言葉"
    return f"{said}{RARE}" if number % 50_000 == 49 else said


def measure() -> None:
    """Time a page of each kind, and indexing and removing a text."""
    rows = [["words", "found on the page", "median ms", "slowest ms"]]
    for about, query in SOUGHT.items():
        times = []
        for _ in range(TRIES):
            began = time.perf_counter()
            found = search.search(query)
            times.append((time.perf_counter() - began) * 1000)
        rows.append(
            [f"{about} ({query})", str(len(found.lines)), f"{median(times):.1f}", f"{max(times):.1f}"]
        )
    table("A page of twenty results", rows)
    size = (
        "SELECT pg_total_relation_size('transcript_text')"
        if database.is_postgres()
        else ("SELECT SUM(pgsize) FROM dbstat WHERE name LIKE 'transcript_%'")
    )
    print(f"the index and its texts: {database.execute(size).fetchone()[0] / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
