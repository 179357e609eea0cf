"""Which writer is next on SQLite: the one that waits, not the one that has just written; and nobody waits forever."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import peewee
import pytest

from bot.config.settings import Settings
from bot.db import database as bot_database
from bot.db.database import Locked, write_transaction
from bot.db.database_wait import Limits
from bot.db.sqlite_write_queue import FILE_SUFFIX, ProcessesInTurn
from bot.line.client import LineClient
from bot.queue.inbox import DONE, InboxEvent
from bot.worker import worker
from bot.worker.sender import Sender
from tests.project_files import ROOT
from tests.storage.busy_writer import TRANSACTION_SECONDS, Turn
from tests.storage.inbox_scene import HANAKO, TARO, happen

TURNS = 15
MOST_BEFORE_US = 2
"""The present transaction, and one that was begun while ours was queueing."""


@pytest.fixture(autouse=True)
def _on_both_databases(database: peewee.Database) -> None:
    """On SQLite alone: PostgreSQL has no single writer."""
    database.create_tables([Turn])


@contextmanager
def busy_process(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.storage.busy_writer", *arguments]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def turns_before_ours() -> list[int]:
    """How many transactions of others were committed between our request and our turn, each time."""
    counts = []
    wait_for(lambda: Turn.select().count() > 3)
    for _ in range(TURNS):
        time.sleep(TRANSACTION_SECONDS / 3)  # in the middle of one of theirs
        before = Turn.select().count()
        with write_transaction():
            counts.append(Turn.select().count() - before)
            Turn.create(who="us")
    return counts


def test_a_process_that_writes_on_and_on_lets_another_in_after_each_transaction(settings: Settings) -> None:
    with busy_process("write", settings.database_url):
        counts = turns_before_ours()
    assert median(counts) <= MOST_BEFORE_US, counts


def test_a_thread_that_writes_on_and_on_lets_another_in_after_each_transaction() -> None:
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            with write_transaction():
                Turn.create(who="the busy thread")
                time.sleep(TRANSACTION_SECONDS)
        bot_database.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        counts = turns_before_ours()
    finally:
        enough.set()
        thread.join()
    assert median(counts) <= MOST_BEFORE_US, counts


def test_a_process_killed_while_it_was_next_leaves_its_place_to_others(tmp_path: Path) -> None:
    path = str(tmp_path / "place")
    ours = ProcessesInTurn(path)
    with busy_process("hold", path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert not ours._take(time.monotonic())
        other.kill()
        other.wait()
        assert ours._take(time.monotonic() + 10)
    ours.close()


def test_where_the_place_cannot_be_locked_everything_is_written_all_the_same(settings: Settings) -> None:
    path = Path(settings.database_url.removeprefix("sqlite:///") + FILE_SUFFIX)
    path.unlink(missing_ok=True)
    path.mkdir()
    with write_transaction():
        Turn.create(who="us")
    assert Turn.select().count() == 1


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Another process holds the write lock, as an open shell does."""
    other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def test_a_lock_that_is_not_given_back_is_waited_for_so_long_and_no_longer(settings: Settings) -> None:
    bot_database.connect(settings.database_url, Limits(0.2))
    with locked(settings):
        began = time.monotonic()
        with pytest.raises(Locked), write_transaction():
            Turn.create(who="us")
        assert 0.2 <= time.monotonic() - began < 5
        assert Turn.select().count() == 0, "reading goes on"
    with write_transaction():
        Turn.create(who="us")
    assert Turn.select().count() == 1


def test_threads_that_wait_behind_one_that_waits_have_their_answer_in_time_as_well(
    settings: Settings,
) -> None:
    bot_database.connect(settings.database_url, Limits(0.3))
    took: list[float] = []

    def write() -> None:
        began = time.monotonic()
        with pytest.raises(Locked), write_transaction():
            Turn.create(who="nobody")
        took.append(time.monotonic() - began)
        bot_database.close()

    with locked(settings):
        threads = [threading.Thread(target=write) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(took) == 6
    assert max(took) < 5


def test_the_worker_begins_no_event_when_its_turn_has_lasted_long_enough(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, who in enumerate((HANAKO, TARO, HANAKO)):
        happen(f"e{number}", who, after=number)
    sender = Sender(LineClient(settings), thread_count=1)

    def done() -> list[str]:
        return [
            row.event_id
            for row in InboxEvent.select().where(InboxEvent.state == DONE).order_by(InboxEvent.id)
        ]

    try:
        monkeypatch.setattr(worker, "SQLITE_SECONDS_A_TRANSACTION", 0)
        worker.handle_next(sender)
        assert done() == ["e0"]
        monkeypatch.setattr(worker, "SQLITE_SECONDS_A_TRANSACTION", 60)
        worker.handle_next(sender)
        assert done() == ["e0", "e1", "e2"]
    finally:
        sender.stop()
