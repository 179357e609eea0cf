"""Recognises transactions that PostgreSQL rolled back in favour of others, and repeats them.

The order in which locks are taken, which makes that rare, is in docs/architecture.md.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import peewee

from bot.db.database import execute, is_postgres, require_transaction

_UNDONE = {"40P01", "40001"}
"""PostgreSQL's codes: deadlock detected, could not serialize."""
_LOCKED = "55P03"
"""A lock was not available within lock_timeout."""
MOST_TRIES = 5
T = TypeVar("T")


def is_conflict(error: BaseException) -> bool:
    """Whether PostgreSQL rolled this back in favour of another transaction, or a lock timed out: repeated, it
    may succeed."""
    return bool(_codes(error) & {*_UNDONE, _LOCKED})


def _codes(error: BaseException) -> set[str | None]:
    return {getattr(each, "pgcode", None) for each in (error, error.__context__, *error.args)}


def again(work: Callable[[], T]) -> T:
    """Call `work`, once more each time PostgreSQL rolled it back in favour of another transaction (not when a
    lock timed out, which has waited long enough). Its transactions are rolled back by then; whatever else it
    does must be safe to repeat. Raises the last error after `MOST_TRIES`."""
    for number in range(1, MOST_TRIES):
        try:
            return work()
        except peewee.PeeweeException as error:
            if not _codes(error) & _UNDONE:
                raise
            time.sleep(random.uniform(0.01, 0.05) * number)  # noqa: S311 -- so that the same two do not meet again
    return work()


def wait_for_locks_at_most(seconds: float) -> None:
    """Set lock_timeout for the rest of the transaction: a lock that others hold longer is a conflict.
    PostgreSQL only."""
    require_transaction()
    if is_postgres():
        execute("SELECT set_config('lock_timeout', ?, true)", f"{seconds * 1000:.0f}ms")
