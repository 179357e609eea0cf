"""The order in which a process sends the rows it has claimed (bot/worker/chat_queues.py), with a clock set by
the test."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line.delivery import PUSH
from bot.queue.outbox_rows import LINK_TOKEN, MENU, PROFILE, OutboxRow
from bot.worker.chat_queues import HOLDS_BACK, ChatQueues

HANAKO, TARO = 1, 2
SECOND = timedelta(seconds=1)


class Scene:
    """Queues, a clock, and a LINE whose response to each attempt the test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.queues = ChatQueues(lambda: self.now)
        self.tried: list[int] = []
        self.fails: set[int] = set()
        """Rows that LINE does not accept now."""

    def work(self) -> list[int]:
        """Try all that may be tried; what was tried."""
        self.queues.wake()
        before = len(self.tried)
        while not self.queues._ready.empty():
            taken = self.queues.next()
            assert taken is not None
            key, row = taken
            row.attempt_count += 1
            self.tried.append(row.id)
            wait = 2 * SECOND * 2 ** min(row.attempt_count - 1, 8)
            self.queues.tried(key, wait if row.id in self.fails else None)
        return self.tried[before:]

    def after(self, seconds: float) -> list[int]:
        self.now += seconds
        return self.work()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def row(number: int, chat: int = HANAKO, kind: str = PUSH) -> OutboxRow:
    return OutboxRow(number, chat, kind, "[]", "", None, None, str(number), "me")


def test_a_chats_messages_leave_one_after_the_other(scene: Scene) -> None:
    scene.queues.add([row(1), row(2, TARO), row(3), row(4)])
    assert [each for each in scene.work() if each != 2] == [1, 3, 4]
    assert scene.queues.count() == 0


def test_one_that_must_be_tried_again_holds_back_its_own_chat_alone(scene: Scene) -> None:
    scene.fails = {1}
    scene.queues.add([row(1), row(2), row(3, TARO)])
    assert sorted(scene.work()) == [1, 3]
    assert scene.after(1.9) == []
    scene.fails = set()
    assert scene.after(0.1) == [1, 2]


def test_the_first_is_tried_sooner_when_another_comes(scene: Scene) -> None:
    scene.fails = {1}
    scene.queues.add([row(1)])
    for wait in (0, 2, 4, 8, 16, 32):
        assert scene.after(wait) == [1]
    scene.fails = set()
    assert scene.after(3) == [], "it waits for a minute"
    scene.queues.add([row(2)])
    assert scene.work() == [1, 2]


def test_many_new_messages_do_not_cause_many_attempts(scene: Scene) -> None:
    scene.fails = {1}
    scene.queues.add([row(1)])
    scene.work()
    for number in range(2, 100):
        scene.queues.add([row(number)])
        scene.after(0.01)
    assert scene.tried == [1]


def test_one_that_line_never_takes_lets_the_others_by_in_the_end(scene: Scene) -> None:
    scene.fails = {1}
    scene.queues.add([row(1), row(2)])
    while scene.now < HOLDS_BACK.total_seconds():
        scene.after(1)
    assert set(scene.tried) == {1}
    scene.after(HOLDS_BACK.total_seconds())
    assert scene.tried[-2:] == [1, 2]
    scene.queues.add([row(3)])
    assert scene.after(2) == [1, 3], "it is still tried first"
    scene.fails = set()
    scene.queues.add([row(4)])
    assert scene.after(2) == [1, 4]


def test_after_a_long_outage_everything_leaves_in_its_order(scene: Scene) -> None:
    scene.fails = set(range(1, 9))
    for number in range(1, 5):
        scene.queues.add([row(number)])
        scene.after(HOLDS_BACK.total_seconds())
    scene.fails = set()
    before = len(scene.tried)
    scene.queues.add([row(5)])
    scene.after(HOLDS_BACK.total_seconds())
    assert scene.tried[before:] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("kind", [PROFILE, LINK_TOKEN, MENU])
def test_what_is_no_message_holds_back_none(scene: Scene, kind: str) -> None:
    scene.fails = {1}
    scene.queues.add([row(1, kind=kind), row(2)])
    assert sorted(scene.work()) == [1, 2]


def test_a_row_that_is_not_committed_yet_keeps_its_place(scene: Scene) -> None:
    first, second = row(1), row(2)
    scene.queues.expect([first])
    scene.queues.add([second])
    assert scene.work() == []
    scene.queues.add([first])
    assert scene.work() == [1, 2]


def test_a_row_that_was_rolled_back_gives_way(scene: Scene) -> None:
    first, second = row(1), row(2)
    scene.queues.expect([first])
    scene.queues.add([second])
    scene.queues.drop([first])
    assert scene.work() == [2]
    assert scene.queues.count() == 0


def test_nothing_is_queued_twice(scene: Scene) -> None:
    scene.fails = {1}
    scene.queues.add([row(1)])
    scene.work()
    scene.queues.add([row(1)])
    assert scene.queues.count() == 1


def test_what_others_have_taken_over_is_forgotten_but_for_what_is_being_tried(scene: Scene) -> None:
    scene.queues.add([row(1), row(2), row(3, TARO, MENU)])
    key, _ = scene.queues.next() or ((0, ""), None)
    scene.queues.next()
    scene.queues.clear()
    assert [each.id for each in scene.queues.rows()] == [1, 3]
    scene.queues.tried(key, None)
    assert [each.id for each in scene.queues.rows()] == [3]


Act = Callable[[Scene], object]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(1, 3)),
            st.tuples(st.just("pass"), st.sampled_from([1, 2, 5, 60, 700])),
            st.tuples(st.just("fail"), st.sets(st.integers(0, 3))),
        ),
        max_size=40,
    )
)
def test_messages_keep_their_order_while_line_accepts_all_or_nothing(acts: list[tuple[str, object]]) -> None:
    """Whatever the waits: when LINE accepts everything again, each chat's messages leave in the order they were
    written."""
    scene, written = Scene(), 0
    left: list[int] = []
    chat_of: dict[int, int] = {}
    for act, what in acts:
        if act == "add":
            written += 1
            chat_of[written] = int(str(what))
            scene.queues.add([row(written, chat_of[written])])
        elif act == "pass":
            scene.now += float(str(what))
        else:
            assert isinstance(what, set)
            scene.fails = {number for number in chat_of if chat_of[number] in what}
        left += [number for number in scene.work() if number not in scene.fails]
    scene.fails = set()
    left += scene.after(700)
    for chat in (1, 2, 3):
        mine = [number for number in left if chat_of[number] == chat]
        assert mine == sorted(mine) == [number for number in chat_of if chat_of[number] == chat]
    assert (scene.queues.count(), scene.queues.ready_count()) == (0, 0)
