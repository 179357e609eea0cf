"""How long each thread may wait for the database, and when it is refused at once."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from bot.db.database_wait import Busy, Limits, Patience

LIMITS = Limits(60, few=2, crowded_seconds=20)


def left(until: float) -> int:
    """Seconds left, to the next ten: a test may take its time."""
    return round((until - time.monotonic()) / 10) * 10


class Waiting:
    """Threads that wait inside `deadline` until the test releases them."""

    def __init__(self, patience: Patience, count: int) -> None:
        self._patience = patience
        self._gone = threading.Event()
        self._threads = ThreadPoolExecutor(count)
        begun = threading.Barrier(count + 1)
        self._all = [self._threads.submit(self._wait, begun) for _ in range(count)]
        begun.wait(30)

    def _wait(self, begun: threading.Barrier) -> None:
        with self._patience.deadline():
            begun.wait(30)
            self._gone.wait(30)

    def end(self) -> None:
        self._gone.set()
        self._threads.shutdown()


@contextmanager
def waiting(patience: Patience, count: int) -> Iterator[None]:
    made = Waiting(patience, count)
    try:
        yield
    finally:
        made.end()


@pytest.mark.parametrize(("already", "seconds"), [(0, 60), (1, 60), (2, 20), (5, 20)])
def test_a_few_wait_long_and_whoever_comes_later_waits_less(already: int, seconds: int) -> None:
    patience = Patience(LIMITS)
    with ExitStack() as stack:
        if already:
            stack.enter_context(waiting(patience, already))
        assert left(stack.enter_context(patience.deadline())) == seconds


def test_after_a_vain_wait_only_a_few_wait_and_the_others_are_refused_at_once() -> None:
    patience = Patience(LIMITS)
    with pytest.raises(Busy), patience.deadline():
        raise Busy("locked")
    with waiting(patience, 1), patience.deadline():
        pass  # one was served: the database is available again
    with pytest.raises(Busy), patience.deadline():
        raise Busy("locked")
    with waiting(patience, 2), pytest.raises(Busy, match="enough requests"), patience.deadline():
        pass


def test_when_the_longest_waits_too_long_the_others_are_refused_at_once() -> None:
    patience = Patience(Limits(60, few=2, crowded_seconds=0.01))
    with waiting(patience, 2):
        time.sleep(0.02)
        with pytest.raises(Busy, match="enough requests"), patience.deadline():
            pass


def test_once_served_all_wait_again() -> None:
    patience = Patience(LIMITS)
    with pytest.raises(Busy), patience.deadline():
        raise Busy("locked")
    with patience.deadline():
        pass
    with waiting(patience, 2), patience.deadline() as until:
        assert left(until) == 20


def test_a_wait_within_a_wait_ends_with_the_outer_one() -> None:
    patience = Patience(Limits(60, few=1, crowded_seconds=20))
    with patience.deadline() as outer, patience.deadline() as inner:
        assert inner == outer


def test_an_error_that_is_not_the_databases_says_nothing_about_it() -> None:
    patience = Patience(LIMITS)
    with pytest.raises(ValueError, match="bad"), patience.deadline():
        raise ValueError("bad")
    with waiting(patience, 2), patience.deadline() as until:
        assert left(until) == 20
