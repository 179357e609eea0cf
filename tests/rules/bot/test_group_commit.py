"""Which requests share a commit: all that wait when the writer is free, and none whose client has gone."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from bot.db.group_commit import GroupCommit

PATIENCE_SECONDS = 30


class Outage(Exception):
    """The outage that every request of the commit gets."""


class Disk:
    """Commits what is written; its first transaction begins, and its first commit ends, when the test says so."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.may_begin = threading.Event()
        self.is_writing = threading.Event()
        self.may_end = threading.Event()
        self.is_locked = False

    def write(self, waiting: Callable[[], list[str]]) -> None:
        self.may_begin.wait(PATIENCE_SECONDS)
        if self.is_locked:
            raise Outage
        items = waiting()
        self.is_writing.set()
        self.may_end.wait(PATIENCE_SECONDS)
        if "a full disk" in items:
            raise Outage
        if "bad" in items:
            raise ValueError("bad")
        if "the end of the thread" in items:
            raise SystemExit
        self.commits.append(items)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def group(disk: Disk) -> GroupCommit[str]:
    return GroupCommit(disk.write, most=10, outages=(Outage,))


def behind_a_slow_one(disk: Disk, group: GroupCommit[str], *later: str) -> list["Future[None]"]:
    """「first」 is being written while the others come."""
    disk.may_begin.set()
    answers = [group.submit(["first"])]
    assert disk.is_writing.wait(PATIENCE_SECONDS)
    answers += [group.submit([item]) for item in later]
    disk.may_end.set()
    return answers


def errors(answers: list["Future[None]"]) -> list[type]:
    return [type(each.exception(PATIENCE_SECONDS)) for each in answers]


GOOD = type(None)


def test_those_who_come_while_one_is_written_share_the_next_commit(
    disk: Disk, group: GroupCommit[str]
) -> None:
    answers = behind_a_slow_one(disk, group, "a", "b", "c")
    assert errors(answers) == [GOOD] * 4
    assert disk.commits == [["first"], ["a", "b", "c"]]


def test_those_who_come_while_the_turn_is_waited_for_share_the_commit_it_brings(
    disk: Disk, group: GroupCommit[str]
) -> None:
    answers = [group.submit([item]) for item in "abc"]
    disk.may_begin.set()
    disk.may_end.set()
    assert errors(answers) == [GOOD] * 3
    assert disk.commits == [["a", "b", "c"]]


def test_no_more_is_written_at_once_than_may_be_and_all_of_it_in_its_order(
    disk: Disk, group: GroupCommit[str]
) -> None:
    answers = [group.submit([f"{number}a", f"{number}b"]) for number in range(12)]
    answers.append(group.submit([f"{number}" for number in range(25)]))  # one request is never divided
    disk.may_begin.set()
    disk.may_end.set()
    assert errors(answers) == [GOOD] * 13
    assert [len(each) for each in disk.commits] == [10, 10, 4, 25]
    assert [item for each in disk.commits[:3] for item in each] == [
        f"{n}{x}" for n in range(12) for x in "ab"
    ]


def test_one_failing_part_does_not_affect_the_others(disk: Disk, group: GroupCommit[str]) -> None:
    answers = behind_a_slow_one(disk, group, "a", "bad", "c")
    assert errors(answers) == [GOOD, GOOD, ValueError, GOOD]
    assert disk.commits == [["first"], ["a"], ["c"]]


def test_an_outage_is_shared_and_is_tried_once(disk: Disk, group: GroupCommit[str]) -> None:
    answers = behind_a_slow_one(disk, group, "a", "a full disk", "c")
    assert errors(answers) == [GOOD, Outage, Outage, Outage]
    assert disk.commits == [["first"]]


def test_whatever_happens_to_one_the_next_is_written(disk: Disk, group: GroupCommit[str]) -> None:
    disk.may_begin.set()
    disk.may_end.set()
    for item, error in (("bad", ValueError), ("a full disk", Outage), ("the end of the thread", SystemExit)):
        assert errors([group.submit([item])]) == [error]
    assert errors([group.submit(["good"])]) == [GOOD]
    assert disk.commits == [["good"]]


def test_when_the_turn_does_not_come_each_has_its_answer_and_the_next_is_written(
    disk: Disk, group: GroupCommit[str]
) -> None:
    disk.is_locked = True
    answers = [group.submit([str(number)]) for number in range(40)]
    disk.may_begin.set()
    assert set(errors(answers)) == {Outage}

    disk.is_locked = False
    disk.may_end.set()
    assert errors([group.submit(["good"])]) == [GOOD]
    assert disk.commits == [["good"]]


def test_what_somebody_gave_up_before_the_turn_came_is_not_written(
    disk: Disk, group: GroupCommit[str]
) -> None:
    hasty, patient = group.submit(["hasty"]), group.submit(["patient"])
    assert hasty.cancel()
    disk.may_begin.set()
    disk.may_end.set()
    assert errors([patient]) == [GOOD]
    assert disk.commits == [["patient"]]


def test_what_is_being_written_when_somebody_gives_up_is_written_all_the_same(
    disk: Disk, group: GroupCommit[str]
) -> None:
    disk.may_begin.set()
    hasty = group.submit(["hasty"])
    assert disk.is_writing.wait(PATIENCE_SECONDS)
    assert not hasty.cancel()
    disk.may_end.set()
    assert errors([hasty]) == [GOOD]
    assert disk.commits == [["hasty"]]
