"""Who shares a commit: whoever waits when the turn to write has come, and nobody waits longer than they may."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from bot.group_commit import GroupCommit, NotWritten
from bot.patience import Busy

LONG, SHORT = 60.0, 0.05


class Disk:
    """Commits what is written, and holds back the first commit until it may end."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.is_locked = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.is_locked:
            raise Busy("locked")
        yield

    def write(self, items: Sequence[str]) -> None:
        if not self.begun.is_set():
            self.begun.set()
            self.may_end.wait()
        if "a power cut" in items:
            raise SystemExit
        if "bad" in items:
            raise ValueError("bad")
        self.commits.append(list(items))


class Group(GroupCommit[str]):
    """Says how many wait, so that a test need not guess."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.transaction, disk.write)

    def wait_for(self, count: int) -> None:
        while len(self._waiting) < count:
            threading.Event().wait(0.001)


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


def behind_a_slow_one(*later: str) -> tuple[Disk, list[Future[None]]]:
    """「first」 is being written while the others come."""
    disk = Disk()
    group = Group(disk)
    with ThreadPoolExecutor(len(later) + 1) as threads:
        answers = [threads.submit(group.submit, ["first"], soon(LONG))]
        disk.begun.wait()
        for number, item in enumerate(later, 1):
            answers.append(threads.submit(group.submit, [item], soon(LONG)))
            group.wait_for(number)
        disk.may_end.set()
    return disk, answers


def test_those_who_come_while_one_is_written_share_the_next_commit() -> None:
    disk, answers = behind_a_slow_one("a", "b", "c")

    assert disk.commits == [["first"], ["a", "b", "c"]]
    assert [each.exception() for each in answers] == [None] * 4


def test_one_bad_share_costs_the_others_nothing() -> None:
    disk, answers = behind_a_slow_one("a", "bad", "c")

    assert disk.commits == [["first"], ["a"], ["c"]]
    assert [type(each.exception()) for each in answers] == [type(None), type(None), ValueError, type(None)]


def test_a_writer_torn_away_looks_like_success_to_nobody() -> None:
    disk, answers = behind_a_slow_one("a power cut", "b", "c")

    assert disk.commits == [["first"]]
    assert [type(each.exception()) for each in answers[1:]] == [SystemExit, NotWritten, NotWritten]


def test_after_an_error_the_next_one_is_written() -> None:
    disk = Disk()
    disk.may_end.set()
    group = Group(disk)

    with pytest.raises(ValueError, match="bad"):
        group.submit(["bad"], soon(LONG))
    group.submit(["good"], soon(LONG))

    assert disk.commits == [["good"]]


def test_those_who_come_while_the_turn_is_waited_for_share_the_commit_it_brings() -> None:
    turn = threading.Event()

    class Queue(Disk):
        @contextmanager
        def transaction(self) -> Iterator[None]:
            turn.wait()
            yield

    disk = Queue()
    disk.begun.set()
    group = Group(disk)
    with ThreadPoolExecutor(3) as threads:
        answers = []
        for number, item in enumerate("abc", 1):
            answers.append(threads.submit(group.submit, [item], soon(LONG)))
            group.wait_for(number)
        turn.set()

    assert disk.commits == [["a", "b", "c"]]
    assert [each.exception() for each in answers] == [None] * 3


def test_nobody_waits_longer_than_they_may_and_what_they_gave_up_is_not_written() -> None:
    disk = Disk()
    group = Group(disk)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(group.submit, ["first"], soon(LONG))
        disk.begun.wait()
        hasty = threads.submit(group.submit, ["hasty"], soon(SHORT))
        patient = threads.submit(group.submit, ["patient"], soon(LONG))
        assert isinstance(hasty.exception(), Busy)
        disk.may_end.set()

    assert [first.exception(), patient.exception()] == [None, None]
    assert disk.commits == [["first"], ["patient"]]


def test_when_the_turn_never_comes_each_has_its_answer_and_the_next_is_written() -> None:
    disk = Disk()
    disk.may_end.set()
    disk.is_locked = True
    group = Group(disk)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(group.submit, [str(number)], soon(LONG)) for number in range(40)]
    assert {type(each.exception()) for each in answers} == {Busy}

    disk.is_locked = False
    group.submit(["good"], soon(LONG))
    assert disk.commits == [["good"]]
