"""The clock's jobs for ranks: review all ranks at night, and notify customers of changes.

The review itself is in `rewards/ranks/nightly_review.py`.
"""

import time

from bot import localtime
from bot.db.database import is_postgres, write_transaction
from bot.db.workloads import background_work, tidy_log
from bot.queue import inbox
from bot.routing import event_kinds
from rewards.ranks import nightly_review, notifications
from rewards.ranks.tables import RankReview

BEGINS_AT_HOUR = 3
"""The shop's hour from which the review may begin. A clock that was down then catches up when it is back."""
READ_AT_ONCE = 10_000
FIRST_CHUNK, FEWEST_IN_A_CHUNK, MOST_IN_A_CHUNK = 200, 50, 5_000
LOCK_SECONDS = 0.01
"""Target duration of a write on SQLite, where every other writer waits for it."""
ROW_LOCK_SECONDS = 0.025
"""The same on PostgreSQL, where only customers whose rank is changing wait."""
CHUNKS_A_TIDYING = 8
NEWS_AT_ONCE = 100


def review_all_ranks() -> int:
    """Run today's review of all ranks, unless it is done; how many customers changed rank or will be warned."""
    if localtime.local(localtime.now()).hour < BEGINS_AT_HOUR:
        return 0
    with write_transaction():
        review_run = nightly_review.begin_or_resume_review(localtime.today())
    if review_run is None:
        return 0
    with background_work():
        return _run(review_run)


def _run(review_run: RankReview) -> int:
    measured_sql, pace, count = nightly_review.measure_statement(review_run), Pace(), 0
    while (last_id := nightly_review.measure_next(review_run, measured_sql, READ_AT_ONCE)) is not None:
        while (chunk := nightly_review.next_chunk(review_run, pace.size)) is not None:
            with write_transaction():
                began = time.perf_counter()
                is_ours = nightly_review.write(review_run, chunk)
            pace.note(chunk.count, time.perf_counter() - began)
            if not is_ours:
                return count
            count += chunk.rose_count + chunk.fell_count + chunk.below_count
        if review_run.done_to_id < last_id:
            with write_transaction():
                nightly_review.pass_over(review_run, last_id)
        tidy_log()
    with write_transaction():
        nightly_review.finish(review_run)
    return count


class Pace:
    """How many changes one transaction writes: reduced at once after a slow chunk, raised slowly after quick ones."""

    def __init__(self) -> None:
        self.size = FIRST_CHUNK
        self._lock_seconds = ROW_LOCK_SECONDS if is_postgres() else LOCK_SECONDS
        self._chunks = 0

    def note(self, count: int, seconds: float) -> None:
        """Record how long a chunk took, size the next one, and pause so that other writers get their turn."""
        self.size = next_size(self.size, count, seconds, self._lock_seconds)
        self._chunks += 1
        if self._chunks % CHUNKS_A_TIDYING == 0:
            tidy_log()
        if not is_postgres():
            time.sleep(min(seconds, LOCK_SECONDS) / 2)


def next_size(size: int, count: int, seconds: float, may_take: float) -> int:
    """How many changes fit into `may_take` seconds, going by the last chunk; at most a quarter more than it."""
    if count < size and seconds <= may_take:
        return size
    fitting = min(count * may_take / max(seconds, 1e-6), size * 1.25)
    return max(FEWEST_IN_A_CHUNK, min(int(fitting), MOST_IN_A_CHUNK))


def notify_rank_changes() -> int:
    """Put the review's results into the inbox, a bounded number a day; how many customers are notified."""
    count = 0
    while True:
        with write_transaction():
            taken = notifications.take(NEWS_AT_ONCE)
            for news in taken:
                if news.conversation_key is None:
                    continue
                kind = (
                    event_kinds.RANK_ROSE
                    if news.kind == nightly_review.ROSE
                    else event_kinds.RANK_FALL_WARNING_DUE
                )
                count += inbox.put(
                    kind,
                    news.event_id,
                    news.conversation_key,
                    {"rank": int(news.rank)},
                    line_user_id=news.line_user_id,
                )
        if not taken:
            return count
