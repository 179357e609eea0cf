"""Calls what may only be done when the transaction is committed, such as changing what this process remembers.

Not for anything that must not be lost: a process that dies between the two never calls it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_calls: ContextVar[list[Callable[[], None]] | None] = ContextVar("_calls", default=None)


def call(what: Callable[[], None]) -> None:
    """Call it when the transaction in progress is committed, and never when it is rolled back. Raises RuntimeError
    outside a transaction."""
    calls = _calls.get()
    if calls is None:
        raise RuntimeError("no write_transaction() is open: call it directly")
    calls.append(what)


@contextmanager
def collected() -> Iterator[None]:
    """Around a transaction, by `database.write_transaction`."""
    calls: list[Callable[[], None]] = []
    token = _calls.set(calls)
    try:
        yield
    finally:
        _calls.reset(token)
    for each in calls:
        each()
