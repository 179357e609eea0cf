"""Which process sends a row, and in which order: several processes, in turn or in parallel, dead or alive."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot import conversations, localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from bot.line.delivery import DUE, HELD, PARKED, SENT, Answer, DeliveryVerdict
from bot.line.messages import text
from bot.queue import leases, outbox
from bot.queue.outbox import OutboxMessage, OutboxRow
from bot.worker import worker, worker_processes
from bot.worker.sender import Sender
from bot.worker.worker_processes import DEAD_AFTER, STALLED_AFTER, SURE_FOR, Presence, WorkerProcess
from tests.project_files import ROOT
from tests.storage.inbox_scene import HANAKO, NOON, TARO, NoteTakingLine, happen

BROKEN = Answer(500, "Internal server error")
ENTER = """
import sys, time
from bot.db import database; from bot.config import settings
from bot.worker.worker_processes import Presence
from pathlib import Path
from unittest.mock import Mock
settings.use(Mock(data_dir=Path(sys.argv[2])))
database.connect(sys.argv[1])
presence = Presence()
presence.enter()
print(presence.key, flush=True)
time.sleep(60)
"""


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(worker_processes, "time", made)
    return made


@pytest.fixture
def me() -> Presence:
    made = Presence()
    made.enter()
    return made


@pytest.fixture
def other() -> Presence:
    """Another worker that is alive."""
    made = Presence()
    made.enter()
    return made


def push(holder: Presence | None, *sentences: str, key: str = HANAKO) -> list[OutboxRow]:
    chat = conversations.ensure(key)
    if holder is None:
        with write_transaction():
            for each in sentences:
                outbox.push(chat, [text(each)], cause=each)
        return []
    with outbox.collect(holder.key) as outgoing, write_transaction():
        for each in sentences:
            outbox.push(chat, [text(each)], cause=each)
    return outgoing


def take(holder: Presence) -> list[str]:
    with write_transaction():
        return [row.cause for row in leases.take_over(holder.key)]


def settled(*rows: OutboxRow, state: str = SENT) -> None:
    OutboxMessage.update(state=state, leased_by=None).where(
        OutboxMessage.id.in_([row.id for row in rows])
    ).execute()


def dies(presence: Presence) -> None:
    """It dies, and that can be seen."""
    WorkerProcess.delete().where(WorkerProcess.key == presence.key).execute()


def test_what_comes_after_another_process_message_is_nobodys_until_that_is_gone(
    me: Presence, other: Presence
) -> None:
    first = push(other, "一")
    assert push(me, "二") == []
    assert [row.cause for row in push(me, "よその方に", key=TARO)] == ["よその方に"]
    assert take(me) == []
    assert not leases.anything_to_take_over(me.key)
    settled(*first)
    assert leases.anything_to_take_over(me.key)
    assert take(me) == ["二"]


def test_what_comes_after_my_own_message_is_mine(me: Presence) -> None:
    assert [row.cause for row in push(me, "一", "二") + push(me, "三")] == ["一", "二", "三"]


def test_what_the_web_process_wrote_comes_before_what_came_later(me: Presence) -> None:
    push(None, "一")
    assert push(me, "二") == []
    assert take(me) == ["一", "二"]


@pytest.mark.parametrize("state", [HELD, PARKED])
def test_what_may_wait_for_weeks_keeps_nothing_back(me: Presence, other: Presence, state: str) -> None:
    settled(*push(other, "一"), state=state)
    assert [row.cause for row in push(me, "二")] == ["二"]


def test_a_profile_request_keeps_nothing_back(me: Presence, other: Presence) -> None:
    with outbox.collect(other.key), write_transaction():
        outbox.show_menu(conversations.ensure(HANAKO), "menu")
        outbox.fetch_content(conversations.ensure(HANAKO), "picture")
    assert [row.cause for row in push(me, "二")] == ["二"]


def test_what_a_dead_process_left_is_taken_over_in_doubt_and_before_what_came_later(
    me: Presence, other: Presence
) -> None:
    push(other, "一", "二")
    assert push(me, "三") == []
    assert take(me) == []
    dies(other)
    with write_transaction():
        rows = leases.take_over(me.key)
    assert [(row.cause, row.doubt.is_any) for row in rows] == [("一", True), ("二", True), ("三", False)]


def test_a_process_that_stops_leaves_what_it_did_not_try_to_the_next() -> None:
    idle = Sender(NoteTakingLine(), thread_count=0)
    idle.send(push(idle.presence, "一"))
    idle.stop()
    with write_transaction():
        (taken,) = leases.take_over("the next")
    assert not taken.doubt.is_any


def test_what_a_process_taken_for_dead_records_counts_only_where_line_accepted_the_message(
    me: Presence, other: Presence
) -> None:
    """A process taken for dead was only slow."""
    first, second = push(other, "一", "二")
    dies(other)
    assert take(me) == ["一", "二"]
    with write_transaction():
        leases.record(first, DeliveryVerdict(DUE, wait=timedelta(seconds=2)), BROKEN)
        leases.record(second, DeliveryVerdict(SENT, sent_as="push"), Answer(200))
    assert [(row.state, row.leased_by) for row in OutboxMessage.select().order_by(OutboxMessage.id)] == [
        (DUE, me.key),
        (SENT, None),
    ]


def test_two_processes_never_take_the_same_row() -> None:
    push(None, *(str(number) for number in range(250)))
    push(None, *(str(number) for number in range(250, 300)), key=TARO)
    taken: dict[str, list[int]] = {name: [] for name in "abcd"}
    for name in taken:
        WorkerProcess.create(key=name, machine="", beat_count=0)

    def take_all(name: str) -> None:
        while True:
            with write_transaction():
                rows = leases.take_over(name, limit=20)
            if not rows:
                break
            taken[name].extend(each.id for each in rows)
        database.close()

    threads = [threading.Thread(target=take_all, args=(name,)) for name in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [each for rows in taken.values() for each in rows]
    assert len(everything) == len(set(everything))
    chat_of = {row.id: row.conversation_id for row in OutboxMessage.select()}
    takers = {(chat_of[row_id], name) for name, rows in taken.items() for row_id in rows}
    assert len(takers) == 2, "one conversation's messages were shared between processes"


def test_a_commit_without_an_answer_is_searched_for(me: Presence) -> None:
    line = NoteTakingLine()
    sender = Sender(line, thread_count=1)
    lost, saved = push(sender.presence, "一", "二")
    for row in (lost, saved):
        sender._queues.expect([row])
    OutboxMessage.delete().where(OutboxMessage.id == lost.id).execute()  # the first was rolled back
    sender.check_commit([lost, saved])
    sender.maintain()
    until = time.monotonic() + 10
    while sender.backlog() and time.monotonic() < until:
        time.sleep(0.005)
    assert [call[2] for call in line.calls] == ["二"]
    sender.stop()


def test_nothing_is_sent_while_others_may_think_this_process_dead(clock: Clock) -> None:
    line = NoteTakingLine()
    sender = Sender(line, thread_count=1)
    sender.presence.enter()
    clock.now += SURE_FOR
    sender.send(push(sender.presence, "一"))
    time.sleep(0.3)
    assert line.calls == []
    assert sender.presence.beat()
    until = time.monotonic() + 10
    while not line.calls and time.monotonic() < until:
        time.sleep(0.005)
    assert [call[2] for call in line.calls] == ["一"]
    sender.stop()


def test_one_that_was_taken_for_dead_begins_anew_and_sends_nothing_of_before(
    me: Presence, clock: Clock
) -> None:
    line = NoteTakingLine()
    sender = Sender(line, thread_count=1)
    sender.presence.enter()
    clock.now += SURE_FOR
    before = push(sender.presence, "一")
    sender.send(before)
    dies(sender.presence)
    assert not sender.presence.beat()
    sender.rejoin()
    late = push(me, "二")
    sender.send(before)
    until = time.monotonic() + 10
    while sender.held_count() and time.monotonic() < until:
        time.sleep(0.005)
    assert (sender.held_count(), late, line.calls) == (0, [], [])
    assert take(me) == ["一", "二"]
    sender.stop()


@contextmanager
def another_process() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    config = settings.current()
    process = subprocess.Popen(
        [sys.executable, "-c", ENTER, config.database_url, str(config.data_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_process_is_known_dead_at_once(me: Presence) -> None:
    with another_process() as (process, key):
        me.remove_dead()
        assert {each.key for each in WorkerProcess.select()} == {me.key, key}
        process.send_signal(signal.SIGKILL)
        process.wait()
        me.remove_dead()
    assert {each.key for each in WorkerProcess.select()} == {me.key}
    assert [path.stem for path in (settings.current().data_dir / "workers").iterdir()] == [me.key]


def test_one_whose_lock_cannot_be_seen_is_dead_when_its_count_stands_still(
    me: Presence, clock: Clock
) -> None:
    WorkerProcess.create(key="elsewhere", machine="another", beat_count=7)
    me.remove_dead()
    for _ in range(3):
        clock.now += DEAD_AFTER - 1
        WorkerProcess.update(beat_count=WorkerProcess.beat_count + 1).where(
            WorkerProcess.key == "elsewhere"
        ).execute()
        me.remove_dead()
    assert WorkerProcess.select().count() == 2
    clock.now += DEAD_AFTER + 1
    me.remove_dead()
    assert [each.key for each in WorkerProcess.select()] == [me.key]


def test_one_that_lives_and_does_nothing_is_given_up_after_a_while(
    me: Presence, other: Presence, clock: Clock
) -> None:
    me.remove_dead()
    clock.now += STALLED_AFTER
    me.remove_dead()
    assert WorkerProcess.select().count() == 2
    clock.now += 1
    me.remove_dead()
    assert not other.beat()


def test_a_clock_that_jumps_kills_nobody(me: Presence, other: Presence) -> None:
    for days in (-400, 400):
        with localtime.fixed(NOON + timedelta(days=days)):
            me.remove_dead()
            assert me.is_sure()
            assert other.beat()
    assert WorkerProcess.select().count() == 2


def test_where_files_cannot_be_locked_counting_has_to_do(clock: Clock, tmp_path: object) -> None:
    config = settings.current()
    nowhere = config.data_dir.parent / "a file"
    nowhere.write_text("no folder")
    settings.use(config.model_copy(update={"data_dir": nowhere}))
    one, two = Presence(), Presence()
    one.enter()
    two.enter()
    two.remove_dead()
    assert WorkerProcess.select().count() == 2
    clock.now += DEAD_AFTER + 1
    two.remove_dead()
    assert [each.key for each in WorkerProcess.select()] == [two.key]
    two.leave()
    assert WorkerProcess.select().count() == 0


def test_events_side_by_side_are_answered_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads of one process: the one that commits later does not send earlier."""
    from bot.routing import routes

    monkeypatch.setattr(routes, "dispatch", lambda event: [text(event.text)])
    monkeypatch.setattr(worker, "POSTGRES_EVENTS_A_TRANSACTION", 1)
    line = NoteTakingLine()
    sender = Sender(line, thread_count=4)
    with localtime.fixed(NOON):
        for number in range(60):
            happen(f"e{number}", (HANAKO, TARO)[number % 2], after=number * 0.001, text=f"{number:02}")

        def work() -> None:
            for _ in range(100):
                worker.handle_next(sender)
            database.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until = time.monotonic() + 20
        while len(line.calls) < 60 and time.monotonic() < until:
            worker.sweep(sender)
            time.sleep(0.01)
    sender.stop()
    said = [call[2] for call in line.calls]
    for odd in (0, 1):
        assert [each for each in said if int(each) % 2 == odd] == [f"{n:02}" for n in range(odd, 60, 2)]
