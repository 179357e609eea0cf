"""Who shares a commit: whoever comes while one is being written goes into the next, and nobody waits for a third."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bot.group_commit import GroupCommit, NotWritten


class Disk:
    """Keeps what is written, and holds the first write until it is told to go on."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.begun = threading.Event()
        self.may_end = threading.Event()

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
    """Tells how many wait, so that a test need not guess."""

    def wait_for(self, count: int) -> None:
        while len(self._waiting) < count:
            threading.Event().wait(0.001)


def behind_a_slow_one(*later: str) -> tuple[Disk, list[Future[None]]]:
    """「first」 is being written while the others come."""
    disk = Disk()
    group = Group(disk.write)
    with ThreadPoolExecutor(len(later) + 1) as threads:
        told = [threads.submit(group.submit, ["first"])]
        disk.begun.wait()
        for number, item in enumerate(later, 1):
            told.append(threads.submit(group.submit, [item]))
            group.wait_for(number)
        disk.may_end.set()
    return disk, told


def test_those_who_come_while_one_is_written_share_the_next_commit() -> None:
    disk, told = behind_a_slow_one("a", "b", "c")

    assert disk.commits == [["first"], ["a", "b", "c"]]
    assert [each.exception() for each in told] == [None] * 4


def test_one_bad_share_costs_the_others_nothing() -> None:
    disk, told = behind_a_slow_one("a", "bad", "c")

    assert disk.commits == [["first"], ["a"], ["c"]]
    assert [type(each.exception()) for each in told] == [type(None), type(None), ValueError, type(None)]


def test_a_writer_torn_away_looks_like_success_to_nobody() -> None:
    disk, told = behind_a_slow_one("a power cut", "b", "c")

    assert disk.commits == [["first"]]
    assert [type(each.exception()) for each in told[1:]] == [SystemExit, NotWritten, NotWritten]


def test_after_an_error_the_next_one_is_written() -> None:
    disk = Disk()
    disk.may_end.set()
    group = GroupCommit(disk.write)

    with pytest.raises(ValueError, match="bad"):
        group.submit(["bad"])
    group.submit(["good"])

    assert disk.commits == [["good"]]
