"""Transactions that PostgreSQL undoes for the sake of others: known by their codes, and done again.

In which order locks are taken, so that this hardly happens, is docs/architecture.md's.
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
"""A lock was not to be had in the time that was set for it."""
MOST_TRIES = 5
T = TypeVar("T")


def is_conflict(error: BaseException) -> bool:
    """Whether PostgreSQL undid this for the sake of another transaction, or let it wait no longer: done again, it may
    go through."""
    return bool(_codes(error) & {*_UNDONE, _LOCKED})


def _codes(error: BaseException) -> set[str | None]:
    return {getattr(each, "pgcode", None) for each in (error, error.__context__, *error.args)}


def again(work: Callable[[], T]) -> T:
    """Do it, once more each time PostgreSQL undid it for the sake of another transaction (not when a lock was to be
    waited for: whoever waited has waited long enough). What it does in transactions is undone by then; it must be
    fit to be done twice besides. Raises the last error after `MOST_TRIES`."""
    for number in range(1, MOST_TRIES):
        try:
            return work()
        except peewee.PeeweeException as error:
            if not _codes(error) & _UNDONE:
                raise
            time.sleep(random.uniform(0.01, 0.05) * number)  # noqa: S311 -- so that the same two do not meet again
    return work()


def wait_for_locks_at_most(seconds: float) -> None:
    """From here to the end of the transaction, a lock that others keep longer is a conflict. On PostgreSQL."""
    require_transaction()
    if is_postgres():
        execute("SELECT set_config('lock_timeout', ?, true)", f"{seconds * 1000:.0f}ms")
